package main

import (
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// workable is a VM that something can be done to: its host answers, and its files do.
func (w *World) workable(ref types.ManagedObjectReference) (*simulator.VirtualMachine, types.BaseMethodFault) {
	vm, fault := w.machine(ref)
	if fault == nil {
		fault = w.reached(vm)
	}
	return vm, fault
}

// reached refuses a VM whose host is disconnected, or whose configuration nobody can read.
func (w *World) reached(vm *simulator.VirtualMachine) types.BaseMethodFault {
	switch vm.Runtime.ConnectionState {
	case types.VirtualMachineConnectionStateConnected:
		return nil
	case types.VirtualMachineConnectionStateDisconnected:
		return &types.HostNotConnected{}
	}
	return &types.InvalidState{}
}

// known is a VM's configuration, also while it cannot be read.
func (w *World) known(vm *simulator.VirtualMachine) *types.VirtualMachineConfigInfo {
	if vm.Config == nil {
		return w.guests[vm.Self].lost
	}
	return vm.Config
}

// setConnection makes a VM orphaned, inaccessible or invalid, which takes its configuration out of sight, or connected
// again.
func (w *World) setConnection(o order) any {
	w.change.Lock()
	defer w.change.Unlock()
	vm := w.machineAt(o.Path)
	if vm == nil {
		return noSuchMachine(o.Path)
	}
	state, guest := types.VirtualMachineConnectionState(o.State), w.guests[vm.Self]
	w.maker.WithLock(vm, func() {
		if state == types.VirtualMachineConnectionStateConnected {
			vm.Config = w.known(vm)
			guest.lost = nil
		} else {
			guest.lost = w.known(vm)
			vm.Config = nil
		}
		w.maker.Update(vm, []types.PropertyChange{
			{Name: "runtime.connectionState", Val: state},
			{Name: "summary.runtime.connectionState", Val: state},
		})
	})
	return nil
}

// machineAt is the VM whose path ends so.
func (w *World) machineAt(end string) *simulator.VirtualMachine {
	for _, entity := range w.registry.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		if path := w.path(vm.Self); path == end || strings.HasSuffix(path, "/"+end) {
			return vm
		}
	}
	return nil
}

// FindAllByUuid is SearchIndex.FindAllByUuid of VMs; the package would fall over one without a configuration.
func (o *Overrides) FindAllByUuid(_ *simulator.Context, req *types.FindAllByUuid) soap.HasFault {
	body := &methods.FindAllByUuidBody{Res: &types.FindAllByUuidResponse{}}
	o.change.Lock()
	defer o.change.Unlock()
	if !req.VmSearch {
		body.Fault_ = soapFault(&types.NotSupported{})
		return body
	}
	for _, entity := range o.registry.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		if vm.Config == nil || req.Datacenter != nil && *req.Datacenter != o.datacenter.Self {
			continue
		}
		held := vm.Config.Uuid
		if isTrue(req.InstanceUuid) {
			held = vm.Config.InstanceUuid
		}
		if strings.EqualFold(held, req.Uuid) {
			body.Res.Returnval = append(body.Res.Returnval, vm.Self)
		}
	}
	return body
}

// SuspendVMTask is VirtualMachine.SuspendVM_Task.
func (o *Overrides) SuspendVMTask(ctx *simulator.Context, req *types.SuspendVM_Task) soap.HasFault {
	task := o.start(ctx, req.This, "SuspendVM_Task", o.onMachine(req.This,
		func(own *simulator.Context, vm *simulator.VirtualMachine) types.BaseMethodFault {
			if !runs(vm) {
				return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOn)
			}
			o.switchTo(own, vm, types.VirtualMachinePowerStateSuspended)
			o.journal.write(userOf(own), "suspended", o.path(vm.Self), "")
			return nil
		}))
	return &methods.SuspendVM_TaskBody{Res: &types.SuspendVM_TaskResponse{Returnval: task}}
}
