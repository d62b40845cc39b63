package main

import (
	"reflect"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// Overrides has the methods that this program carries out itself, whatever object they are called on: the request says
// which. The package asserts its own types everywhere, so its objects cannot be replaced by ours.
//
// The package looks into every object of its registry for one of its managed object types, hence the empty one.
type Overrides struct {
	mo.ServiceInstance
	*World
}

var overridesReference = types.ManagedObjectReference{Type: "Overrides", Value: "overrides"}

// Reference makes it an object of the registry.
func (o *Overrides) Reference() types.ManagedObjectReference { return overridesReference }

// Lock does nothing: World.change is what keeps changes apart.
func (o *Overrides) Lock() {}

// Unlock does nothing either.
func (o *Overrides) Unlock() {}

// overridden are the methods of Overrides by their SOAP names.
var overridden = func() map[string]bool {
	names := map[string]bool{}
	kind := reflect.TypeOf((*Overrides)(nil))
	fault := reflect.TypeOf((*soap.HasFault)(nil)).Elem()
	for at := 0; at < kind.NumMethod(); at++ {
		method := kind.Method(at)
		if method.Type.NumIn() == 3 && method.Type.NumOut() == 1 && method.Type.Out(0) == fault {
			name := method.Name
			if strings.HasSuffix(name, "Task") {
				name = strings.TrimSuffix(name, "Task") + "_Task"
			}
			names[name] = true
		}
	}
	return names
}()

// lax are the kinds of objects whose methods the package has without touching what this program keeps beside it. A
// method of any other object that is not overridden is refused, so that nothing is wrong silently.
var lax = map[string]bool{
	"ServiceInstance": true, "SessionManager": true, "PropertyCollector": true, "PropertyFilter": true,
	"ViewManager": true, "ContainerView": true, "ListView": true, "CustomFieldsManager": true, "SearchIndex": true,
	"EventManager": true, "EventHistoryCollector": true, "TaskManager": true, "TaskHistoryCollector": true,
	"AuthorizationManager": true, "OptionManager": true, "Task": true,
}

// handle comes before every call: it counts, delays, injects faults and leads overridden methods here.
func (w *World) handle(ctx *simulator.Context, method *simulator.Method) (mo.Reference, types.BaseMethodFault) {
	w.controls.count(method.Name)
	time.Sleep(w.controls.latency(method.Name))
	if fault := w.inject(ctx, method); fault != nil {
		return nil, fault
	}
	if ctx.Session == nil {
		return nil, withoutSession(method)
	}
	switch {
	case overridden[method.Name]:
		if w.registry.Get(method.This) == nil {
			return nil, gone(method.This)
		}
		method.This = overridesReference
	case !lax[method.This.Type]:
		return nil, &types.NotSupported{}
	}
	return nil, nil
}

// withoutSession refuses property reads, which the package answers with empty properties.
func withoutSession(method *simulator.Method) types.BaseMethodFault {
	this := method.This
	switch method.Name {
	case "RetrieveProperties", "RetrievePropertiesEx", "ContinueRetrievePropertiesEx":
	case "Fetch":
		if field := reflect.ValueOf(method.Body).Elem().FieldByName("This"); field.IsValid() {
			this, _ = field.Interface().(types.ManagedObjectReference)
		}
		if this.Type == "ServiceInstance" {
			return nil
		}
	default:
		return nil
	}
	return &types.NotAuthenticated{NoPermission: types.NoPermission{Object: &this, PrivilegeId: "System.View"}}
}

// inject looks for a fault that a test asked for, and sees to it.
func (w *World) inject(ctx *simulator.Context, method *simulator.Method) types.BaseMethodFault {
	rule := w.controls.take(method, func() []string { return w.touched(method) })
	if rule == nil {
		return nil
	}
	switch rule.When {
	case "drop-reply":
		exchangeOf(ctx).dropReply = true
	case "task":
		if strings.HasSuffix(method.Name, "_Task") {
			exchangeOf(ctx).taskFault = rule.make(method)
			return nil
		}
		return rule.make(method)
	default:
		return rule.make(method)
	}
	return nil
}

// touched are the inventory paths that a request is about: its object, what it names, and what it is going to make.
func (w *World) touched(method *simulator.Method) []string {
	full := func(ref types.ManagedObjectReference, more ...string) string {
		return "/" + strings.Join(append(w.names(ref), more...), "/")
	}
	paths := []string{full(method.This)}
	switch body := method.Body.(type) {
	case *types.CloneVM_Task:
		paths = []string{full(body.Folder, body.Name)}
	case *types.CreateVM_Task:
		paths = append(paths, full(body.This, body.Config.Name))
	case *types.CreateFolder:
		paths = append(paths, full(body.This, body.Name))
	case *types.CreateResourcePool:
		paths = append(paths, full(body.This, body.Name))
	case *types.AddDVPortgroup_Task:
		for _, spec := range body.Spec {
			paths = append(paths, "/network/"+spec.Name)
		}
	case *types.SetField:
		paths = append(paths, full(body.Entity))
	case *types.ZeroFillVirtualDisk_Task:
		paths = append(paths, "/"+body.Name)
		if owner := w.ownerOf(body.Name); owner != nil {
			paths = append(paths, full(owner.Self))
		}
	}
	return paths
}
