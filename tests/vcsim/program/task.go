package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// work is what a task does when it runs; it holds World.change.
type work func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault)

// start begins a task on an entity and returns at once. method is its SOAP name ("ReconfigVM_Task").
//
// The package's own tasks hold their entity's lock while they last, which blocks property reads; a vCenter's do not.
func (w *World) start(
	ctx *simulator.Context, entity types.ManagedObjectReference, method string, do work,
) types.ManagedObjectReference {
	own := w.asUser(ctx)
	exchange := exchangeOf(ctx)
	task := simulator.CreateTask(entity, method, nil)
	task.Info.Name = method
	task.Info.DescriptionId = entity.Type + "." + method
	task.Info.Reason = &types.TaskReasonUser{UserName: userOf(ctx)}
	if known, ok := w.entity(entity); ok {
		task.Info.EntityName = nameOf(known)
	}
	now := time.Now()
	task.Info.StartTime = &now
	task.Info.State = types.TaskInfoStateRunning
	own.WithLock(entity, func() { w.registry.Put(task) })
	own.WithLock(task, func() {
		task.Info.Key = task.Self.Value
		task.Info.Task = task.Self
	})
	go func() {
		time.Sleep(w.controls.taskDuration(method))
		var result types.AnyType
		fault := exchange.taskFault
		if fault == nil {
			result, fault = w.carryOut(own, do)
		}
		w.finish(own, task, result, fault)
	}()
	return task.Self
}

// carryOut does the work as one step; a mistake in this program becomes the task's error.
func (w *World) carryOut(ctx *simulator.Context, do work) (result types.AnyType, fault types.BaseMethodFault) {
	w.change.Lock()
	defer w.change.Unlock()
	defer func() {
		if mistake := recover(); mistake != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", mistake, debug.Stack())
			result, fault = nil, &types.SystemError{Reason: fmt.Sprint(mistake)}
		}
	}()
	return do(ctx)
}

func (w *World) finish(
	ctx *simulator.Context, task *simulator.Task, result types.AnyType, fault types.BaseMethodFault,
) {
	changes := []types.PropertyChange{{Name: "info.completeTime", Val: time.Now()}}
	if fault != nil {
		changes = append(changes,
			types.PropertyChange{Name: "info.error", Val: localized(fault)},
			types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateError})
	} else {
		changes = append(changes,
			types.PropertyChange{Name: "info.result", Val: result},
			types.PropertyChange{Name: "info.state", Val: types.TaskInfoStateSuccess})
	}
	w.registry.AtomicUpdate(ctx, task, changes)
}

func localized(fault types.BaseMethodFault) types.LocalizedMethodFault {
	return types.LocalizedMethodFault{Fault: fault, LocalizedMessage: message(fault)}
}

// message is the sentence beside a fault, as far as this product shows any.
func message(fault types.BaseMethodFault) string {
	switch known := fault.(type) {
	case *types.DuplicateName:
		return fmt.Sprintf("The name '%s' already exists.", known.Name)
	case *types.InvalidArgument:
		return "A specified parameter was not correct: " + known.InvalidProperty
	case *types.InvalidPowerState:
		return fmt.Sprintf("The attempted operation cannot be performed in the current state (%s).", known.ExistingState)
	case *types.NoDiskSpace:
		return fmt.Sprintf("Insufficient disk space on datastore '%s'.", known.Datastore)
	case *types.InvalidDeviceSpec:
		return fmt.Sprintf("Invalid configuration for device '%d': %s.", known.DeviceIndex, known.Property)
	case *types.SystemError:
		return known.Reason
	}
	return reflect.TypeOf(fault).Elem().Name()
}
