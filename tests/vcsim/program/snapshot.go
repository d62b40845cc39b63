package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// createSnapshot carries out VirtualMachine.CreateSnapshot_Task: one chain, without content.
func (w *World) createSnapshot(
	ctx *simulator.Context, ref types.ManagedObjectReference, name string,
) (types.AnyType, types.BaseMethodFault) {
	vm, fault := w.workable(ref)
	if fault != nil {
		return nil, fault
	}
	if vm.Snapshot != nil {
		return nil, &types.NotSupported{}
	}
	snapshot := &simulator.VirtualMachineSnapshot{}
	snapshot.Vm = ref
	snapshot.Config = *vm.Config
	w.registry.Put(snapshot)
	ctx.WithLock(vm, func() {
		ctx.Update(vm, []types.PropertyChange{
			{Name: "snapshot", Val: types.VirtualMachineSnapshotInfo{
				CurrentSnapshot: &snapshot.Self,
				RootSnapshotList: []types.VirtualMachineSnapshotTree{{
					Snapshot: snapshot.Self, Vm: ref, Name: name, Id: 1, State: vm.Runtime.PowerState,
					CreateTime: *vm.Config.CreateDate,
				}},
			}},
		})
		vm.RootSnapshot = []types.ManagedObjectReference{snapshot.Self}
		vm.Config.ChangeVersion = w.nextVersion()
	})
	w.journal.write(userOf(ctx), "snapshot-created", w.path(ref), name)
	return snapshot.Self, nil
}

// removeSnapshots carries out VirtualMachine.RemoveAllSnapshots_Task.
func (w *World) removeSnapshots(ctx *simulator.Context, ref types.ManagedObjectReference) types.BaseMethodFault {
	vm, fault := w.workable(ref)
	if fault != nil || vm.Snapshot == nil {
		return fault
	}
	snapshot := *vm.Snapshot.CurrentSnapshot
	ctx.WithLock(vm, func() {
		ctx.Update(vm, []types.PropertyChange{{Name: "snapshot", Val: nil}})
		vm.RootSnapshot = nil
		vm.Config.ChangeVersion = w.nextVersion()
	})
	w.registry.Remove(ctx, snapshot)
	w.journal.write(userOf(ctx), "snapshots-removed", w.path(ref), "")
	return nil
}
