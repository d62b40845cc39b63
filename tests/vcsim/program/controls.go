package main

import (
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// Controls are what a test sets: delays and faults; and what it reads: how often each method was called.
type Controls struct {
	lock      sync.Mutex
	calls     map[string]int
	latencies map[string]time.Duration // by method; "" is every other one
	durations map[string]time.Duration
	rules     []*FaultRule
}

// FaultRule is a fault that a test asks for.
type FaultRule struct {
	Methods []string `json:"methods"`
	Object  string   `json:"object"` // the end of an inventory path, or ""
	Fault   string   `json:"fault"`
	Times   int      `json:"times"` // below 0: always
	Skip    int      `json:"skip"`
	When    string   `json:"when"`
	Only    string   `json:"only"`

	met int // how many calls it befell
}

func newControls() *Controls {
	return &Controls{
		calls: map[string]int{}, latencies: map[string]time.Duration{}, durations: map[string]time.Duration{},
	}
}

func (c *Controls) count(method string) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.calls[method]++
}

func (c *Controls) latency(method string) time.Duration {
	c.lock.Lock()
	defer c.lock.Unlock()
	return either(c.latencies, method)
}

func (c *Controls) taskDuration(method string) time.Duration {
	c.lock.Lock()
	defer c.lock.Unlock()
	return either(c.durations, method)
}

func either(delays map[string]time.Duration, method string) time.Duration {
	if delay, named := delays[method]; named {
		return delay
	}
	return delays[""]
}

// delay sets a delay for some methods, or (without any) for all and forgets the others.
func (c *Controls) delay(delays *map[string]time.Duration, milliseconds float64, methods []string) {
	c.lock.Lock()
	defer c.lock.Unlock()
	delay := time.Duration(milliseconds * float64(time.Millisecond))
	if len(methods) == 0 {
		*delays = map[string]time.Duration{"": delay}
	}
	for _, method := range methods {
		(*delays)[method] = delay
	}
}

// take is the first rule that a call meets; it is used up by as much. touched is asked only where it matters.
func (c *Controls) take(method *simulator.Method, touched func() []string) *FaultRule {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, rule := range c.rules {
		if rule.Times == 0 || !rule.names(method.Name) || !rule.limits(method) {
			continue
		}
		if rule.Object != "" && !ends(touched(), rule.Object) {
			continue
		}
		if rule.Skip > 0 {
			rule.Skip--
			continue
		}
		if rule.Times > 0 {
			rule.Times--
		}
		rule.met++
		return rule
	}
	return nil
}

func (r *FaultRule) names(method string) bool {
	for _, name := range r.Methods {
		if name == method {
			return true
		}
	}
	return len(r.Methods) == 0
}

func ends(paths []string, object string) bool {
	for _, path := range paths {
		if strings.HasSuffix(path, "/"+strings.TrimPrefix(object, "/")) {
			return true
		}
	}
	return false
}

// limits looks into a reconfiguration or a clone: "adds-device", "edits-device", "removes-device", "cpu-memory",
// "extra-config" or "extra-config:key".
func (r *FaultRule) limits(method *simulator.Method) bool {
	if r.Only == "" {
		return true
	}
	var spec *types.VirtualMachineConfigSpec
	switch body := method.Body.(type) {
	case *types.ReconfigVM_Task:
		spec = &body.Spec
	case *types.CloneVM_Task:
		spec = body.Spec.Config
	}
	if spec == nil {
		return false
	}
	what, key, keyed := strings.Cut(r.Only, ":")
	switch what {
	case "cpu-memory":
		return spec.NumCPUs != 0 || spec.MemoryMB != 0
	case "extra-config":
		for _, option := range spec.ExtraConfig {
			if !keyed || option.GetOptionValue().Key == key {
				return true
			}
		}
		return false
	}
	for _, change := range spec.DeviceChange {
		operation := string(change.GetVirtualDeviceConfigSpec().Operation)
		if what == operation+"s-device" {
			return true
		}
	}
	return false
}

// make is the fault itself, by the name of its type.
func (r *FaultRule) make(method *simulator.Method) types.BaseMethodFault {
	kind, known := types.TypeFunc()(r.Fault)
	if !known {
		return &types.SystemError{Reason: "no fault is called " + r.Fault}
	}
	made, ok := reflect.New(kind).Interface().(types.BaseMethodFault)
	if !ok {
		return &types.SystemError{Reason: r.Fault + " is no fault"}
	}
	fill(reflect.ValueOf(made).Elem(), method.This)
	switch fault := made.(type) {
	case *types.NoPermission:
		fault.PrivilegeId = "System.Modify"
	case *types.NotAuthenticated:
		fault.PrivilegeId = "System.View"
	}
	return made
}

// fill sets references and power states, which no client reads when they are empty.
func fill(fault reflect.Value, object types.ManagedObjectReference) {
	for at := 0; at < fault.NumField(); at++ {
		field := fault.Field(at)
		switch field.Interface().(type) {
		case types.ManagedObjectReference:
			if fault.Type().Field(at).Name == "Task" {
				object = types.ManagedObjectReference{Type: "Task", Value: "task-0"}
			}
			field.Set(reflect.ValueOf(object))
		case *types.ManagedObjectReference:
			field.Set(reflect.ValueOf(&object))
		case types.VirtualMachinePowerState:
			field.SetString(string(types.VirtualMachinePowerStatePoweredOn))
		default:
			if field.Kind() == reflect.Struct {
				fill(field, object)
			}
		}
	}
}
