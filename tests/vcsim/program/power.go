package main

import (
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// Guest is what stands for the operating system in a VM.
type Guest struct {
	tools bool                            // its tools run whenever the VM does
	deaf  bool                            // it never carries out a shutdown
	lost  *types.VirtualMachineConfigInfo // the VM's configuration while nobody can read it
}

// guestTakes is how long a guest needs to shut down.
const guestTakes = 20 * time.Millisecond

func (w *World) powerOn(ctx *simulator.Context, vm *simulator.VirtualMachine) types.BaseMethodFault {
	if vm.Config.Template {
		return &types.NotSupported{}
	}
	if runs(vm) {
		return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOn)
	}
	host, fault := w.runsOn(vm)
	if fault != nil {
		return fault
	}
	w.moveToHost(ctx, vm, host)
	w.switchTo(ctx, vm, types.VirtualMachinePowerStatePoweredOn)
	w.journal.write(userOf(ctx), "powered-on", w.path(vm.Self), "")
	return nil
}

func (w *World) powerOff(ctx *simulator.Context, vm *simulator.VirtualMachine, happened string) types.BaseMethodFault {
	if !runs(vm) {
		return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOff)
	}
	w.switchTo(ctx, vm, types.VirtualMachinePowerStatePoweredOff)
	w.journal.write(userOf(ctx), happened, w.path(vm.Self), "")
	return nil
}

// shutDown asks the guest, which goes off some time later, or never.
func (w *World) shutDown(ctx *simulator.Context, vm *simulator.VirtualMachine) types.BaseMethodFault {
	if !runs(vm) {
		return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOn)
	}
	guest := w.guests[vm.Self]
	if !guest.tools {
		return &types.ToolsUnavailable{}
	}
	if guest.deaf {
		return nil
	}
	own := w.asUser(ctx)
	boot := vm.Runtime.BootTime
	time.AfterFunc(guestTakes, func() {
		w.change.Lock()
		defer w.change.Unlock()
		if _, there := get[*simulator.VirtualMachine](w, vm.Self); there && runs(vm) && vm.Runtime.BootTime == boot {
			_ = w.powerOff(own, vm, "guest-shut-down")
		}
	})
	return nil
}

// switchTo sets the power state and what follows from it: tools, plugs, change version.
func (w *World) switchTo(ctx *simulator.Context, vm *simulator.VirtualMachine, state types.VirtualMachinePowerState) {
	draft := w.draftOf(vm)
	draft.running = state == types.VirtualMachinePowerStatePoweredOn
	ctx.WithLock(vm, func() {
		vm.Runtime.PowerState = state
		vm.Runtime.BootTime = nil
		if draft.running {
			vm.Runtime.BootTime = types.NewTime(time.Now())
		}
		vm.Guest = w.guestInfo(vm)
		w.put(draft, vm)
		ctx.Update(vm, []types.PropertyChange{
			{Name: "runtime.powerState", Val: state},
			{Name: "summary.runtime.powerState", Val: state},
			{Name: "guest.toolsRunningStatus", Val: vm.Guest.ToolsRunningStatus},
			{Name: "config.changeVersion", Val: vm.Config.ChangeVersion},
			{Name: "config.hardware.device", Val: vm.Config.Hardware.Device},
		})
	})
}

// guestInfo is what the tools tell, as far as they run.
func (w *World) guestInfo(vm *simulator.VirtualMachine) *types.GuestInfo {
	info := &types.GuestInfo{
		ToolsStatus:         types.VirtualMachineToolsStatusToolsNotRunning,
		ToolsRunningStatus:  string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning),
		ToolsVersionStatus2: string(types.VirtualMachineToolsVersionStatusGuestToolsCurrent),
		ToolsVersion:        "12389",
		GuestId:             w.known(vm).GuestId,
		GuestState:          string(types.VirtualMachineGuestStateNotRunning),
	}
	if runs(vm) && w.guests[vm.Self].tools {
		info.ToolsStatus = types.VirtualMachineToolsStatusToolsOk
		info.ToolsRunningStatus = string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
		info.GuestState = string(types.VirtualMachineGuestStateRunning)
	}
	return info
}

// moveToHost seats a VM on another host of its cluster.
func (w *World) moveToHost(ctx *simulator.Context, vm *simulator.VirtualMachine, host types.ManagedObjectReference) {
	before := *vm.Runtime.Host
	if before == host {
		return
	}
	w.link(ctx, vm.Self, []types.ManagedObjectReference{before}, []types.ManagedObjectReference{host})
	ctx.WithLock(vm, func() {
		vm.Runtime.Host = &host
		vm.Summary.Runtime.Host = &host
	})
}
