package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// drs is whose doing a migration is that nobody asked for.
const drs = "DRS"

// maintain lets a host enter maintenance mode: what runs there moves to others of its cluster first. A vCenter goes on
// trying while that cannot be, until the caller's patience ends; here it ends at once.
func (w *World) maintain(ctx *simulator.Context, ref types.ManagedObjectReference) types.BaseMethodFault {
	host, ok := get[*simulator.HostSystem](w, ref)
	if !ok {
		return gone(ref)
	}
	if host.Runtime.InMaintenanceMode {
		return &types.InvalidState{}
	}
	w.setHost(ctx, host, func(runtime *types.HostRuntimeInfo) { runtime.InMaintenanceMode = true })
	for _, each := range append([]types.ManagedObjectReference{}, host.Vm...) {
		vm, fault := w.workable(each)
		if fault == nil && runs(vm) && !w.migrate(ctx, vm) {
			w.setHost(ctx, host, func(runtime *types.HostRuntimeInfo) { runtime.InMaintenanceMode = false })
			return &types.Timedout{}
		}
	}
	return nil
}

// migrate moves a running VM to another host that will do, and tells whether there was one.
func (w *World) migrate(ctx *simulator.Context, vm *simulator.VirtualMachine) bool {
	own, _ := get[*simulator.HostSystem](w, *vm.Runtime.Host)
	for _, host := range w.hostsOf(*own.Parent) {
		if host != own && usable(host) && threads(host) >= vm.Config.Hardware.NumCPU && w.forbids(host, vm) == nil {
			w.moveToHost(ctx, vm, host.Self)
			w.journal.write(drs, "migrated", w.path(vm.Self), host.Name)
			return true
		}
	}
	return false
}

// keepApart moves running VMs until every mandatory anti-affinity rule of a cluster is kept, as far as hosts allow.
func (w *World) keepApart(ctx *simulator.Context, cluster *simulator.ClusterComputeResource) {
	for _, info := range cluster.ConfigurationEx.(*types.ClusterConfigInfoEx).Rule {
		rule, apart := info.(*types.ClusterAntiAffinityRuleSpec)
		if !apart {
			continue
		}
		for _, ref := range rule.Vm {
			vm, fault := w.workable(ref)
			if fault != nil || !runs(vm) {
				continue
			}
			if host, ok := get[*simulator.HostSystem](w, *vm.Runtime.Host); ok && w.forbids(host, vm) != nil {
				w.migrate(ctx, vm)
			}
		}
	}
}

func (w *World) setHost(
	ctx *simulator.Context, host *simulator.HostSystem, change func(*types.HostRuntimeInfo),
) {
	ctx.WithLock(host, func() {
		runtime := host.Runtime
		change(&runtime)
		ctx.Update(host, []types.PropertyChange{
			{Name: "runtime.inMaintenanceMode", Val: runtime.InMaintenanceMode},
			{Name: "runtime.connectionState", Val: runtime.ConnectionState},
		})
	})
}

// connectHost connects or disconnects a host; VMs there are as reachable as it is.
func (w *World) connectHost(
	ctx *simulator.Context, ref types.ManagedObjectReference, state types.HostSystemConnectionState,
) types.BaseMethodFault {
	host, ok := get[*simulator.HostSystem](w, ref)
	if !ok {
		return gone(ref)
	}
	if host.Runtime.ConnectionState == state {
		return &types.InvalidState{}
	}
	w.setHost(ctx, host, func(runtime *types.HostRuntimeInfo) { runtime.ConnectionState = state })
	for _, each := range host.Vm {
		vm, fault := w.machine(each)
		if fault != nil || vm.Config == nil {
			continue
		}
		ctx.WithLock(vm, func() {
			ctx.Update(vm, []types.PropertyChange{
				{Name: "runtime.connectionState", Val: types.VirtualMachineConnectionState(state)},
				{Name: "summary.runtime.connectionState", Val: types.VirtualMachineConnectionState(state)},
			})
		})
	}
	return nil
}

// EnterMaintenanceModeTask is HostSystem.EnterMaintenanceMode_Task.
func (o *Overrides) EnterMaintenanceModeTask(
	ctx *simulator.Context, req *types.EnterMaintenanceMode_Task,
) soap.HasFault {
	task := o.start(ctx, req.This, "EnterMaintenanceMode_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.maintain(own, req.This)
	}))
	return &methods.EnterMaintenanceMode_TaskBody{Res: &types.EnterMaintenanceMode_TaskResponse{Returnval: task}}
}

// ExitMaintenanceModeTask is HostSystem.ExitMaintenanceMode_Task.
func (o *Overrides) ExitMaintenanceModeTask(ctx *simulator.Context, req *types.ExitMaintenanceMode_Task) soap.HasFault {
	task := o.start(ctx, req.This, "ExitMaintenanceMode_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		host, ok := get[*simulator.HostSystem](o.World, req.This)
		if !ok || !host.Runtime.InMaintenanceMode {
			return &types.InvalidState{}
		}
		o.setHost(own, host, func(runtime *types.HostRuntimeInfo) { runtime.InMaintenanceMode = false })
		return nil
	}))
	return &methods.ExitMaintenanceMode_TaskBody{Res: &types.ExitMaintenanceMode_TaskResponse{Returnval: task}}
}

// DisconnectHostTask is HostSystem.DisconnectHost_Task.
func (o *Overrides) DisconnectHostTask(ctx *simulator.Context, req *types.DisconnectHost_Task) soap.HasFault {
	task := o.start(ctx, req.This, "DisconnectHost_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.connectHost(own, req.This, types.HostSystemConnectionStateDisconnected)
	}))
	return &methods.DisconnectHost_TaskBody{Res: &types.DisconnectHost_TaskResponse{Returnval: task}}
}

// ReconnectHostTask is HostSystem.ReconnectHost_Task.
func (o *Overrides) ReconnectHostTask(ctx *simulator.Context, req *types.ReconnectHost_Task) soap.HasFault {
	task := o.start(ctx, req.This, "ReconnectHost_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.connectHost(own, req.This, types.HostSystemConnectionStateConnected)
	}))
	return &methods.ReconnectHost_TaskBody{Res: &types.ReconnectHost_TaskResponse{Returnval: task}}
}
