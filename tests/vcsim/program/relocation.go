package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// relocate carries out VirtualMachine.RelocateVM_Task (and MigrateVM_Task): folder, pool and host of the same cluster,
// datastores of single disks or of all.
func (w *World) relocate(
	ctx *simulator.Context, ref types.ManagedObjectReference, spec *types.VirtualMachineRelocateSpec,
) types.BaseMethodFault {
	vm, fault := w.workable(ref)
	if fault != nil {
		return fault
	}
	draft := w.draftOf(vm)
	if spec.Pool != nil {
		pool, ok := get[*simulator.ResourcePool](w, *spec.Pool)
		if !ok {
			return gone(*spec.Pool)
		}
		if pool.Owner != draft.cluster {
			return &types.NotSupported{}
		}
	}
	if spec.Host != nil {
		if _, fault = w.hostFor(draft, spec.Host); fault != nil {
			return fault
		}
		host, _ := get[*simulator.HostSystem](w, *spec.Host)
		if rule := w.forbids(host, vm); rule != nil && runs(vm) {
			return &types.RuleViolation{Host: spec.Host, Rule: rule}
		}
	}
	if fault = draft.moveDisks(spec); fault != nil {
		return fault
	}
	if fault = draft.change(spec.DeviceChange); fault != nil {
		return fault
	}
	if spec.Folder != nil {
		if fault = w.moveIntoFolder(ctx, *spec.Folder, []types.ManagedObjectReference{ref}); fault != nil {
			return fault
		}
	}
	if spec.Pool != nil {
		w.changePool(ctx, ref, *spec.Pool)
	}
	if spec.Host != nil {
		w.moveToHost(ctx, vm, *spec.Host)
	}
	draft.happened("relocated", "")
	w.publish(ctx, vm, draft)
	return nil
}

// moveDisks puts disk files where the spec says; a file keeps its UUID.
func (d *Draft) moveDisks(spec *types.VirtualMachineRelocateSpec) types.BaseMethodFault {
	if spec.Datastore != nil {
		store := d.storage.stores[spec.Datastore.Value]
		if fault := d.reaches(store, spec.Datastore); fault != nil {
			return fault
		}
		if store.name != d.home.Datastore {
			d.lodge(store)
		}
	}
	for _, device := range d.devices() {
		disk, backing := flatBacking(device)
		if backing == nil {
			continue
		}
		target := spec.Datastore
		for at := range spec.Disk {
			if spec.Disk[at].DiskId == disk.Key {
				target = &spec.Disk[at].Datastore
			}
		}
		if target == nil || *target == *backing.Datastore {
			continue
		}
		store := d.storage.stores[target.Value]
		if fault := d.reaches(store, target); fault != nil {
			return fault
		}
		from, old := d.storage.find(backing.FileName)
		lying := from.files[old]
		file := store.freeName(d.homeOn(store), d.name)
		if lying.capacity > store.free() {
			return store.noSpace(file)
		}
		delete(from.files, old)
		store.files[file] = lying
		describe(disk, backing, store, file, lying)
	}
	return nil
}

// createMachine carries out Folder.CreateVM_Task.
func (w *World) createMachine(ctx *simulator.Context, req *types.CreateVM_Task) (types.AnyType, types.BaseMethodFault) {
	if fault := w.vmFolder(req.This); fault != nil {
		return nil, fault
	}
	pool, ok := get[*simulator.ResourcePool](w, req.Pool)
	if !ok {
		return nil, gone(req.Pool)
	}
	if req.Config.Files == nil {
		return nil, &types.InvalidArgument{InvalidProperty: "config.files"}
	}
	draft := &Draft{
		world: w, cluster: pool.Owner, name: req.Config.Name, config: blank(), storage: w.storage.copy(),
		keys: map[int32]int32{},
	}
	home, _ := draft.storage.find(req.Config.Files.VmPathName)
	if fault := draft.reaches(home, nil); fault != nil {
		return nil, fault
	}
	draft.lodge(home)
	if fault := draft.configure(&req.Config, nil); fault != nil {
		return nil, fault
	}
	seat := Seat{folder: req.This, pool: &req.Pool}
	var fault types.BaseMethodFault
	if seat.host, fault = w.hostFor(draft, req.Host); fault != nil {
		return nil, fault
	}
	vm := w.settle(ctx, draft, seat)
	w.tell(ctx, vm.Self, []event{{"created", "VirtualMachine"}})
	return vm.Self, nil
}
