package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// destroyMachine deletes a VM and the files of its disks.
func (w *World) destroyMachine(ctx *simulator.Context, vm *simulator.VirtualMachine) types.BaseMethodFault {
	if fault := w.reached(vm); fault != nil {
		return fault
	}
	if runs(vm) {
		return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOff)
	}
	storage := w.storage.copy()
	for _, device := range vm.Config.Hardware.Device {
		if _, backing := flatBacking(device); backing != nil {
			if store, file := storage.find(backing.FileName); store != nil {
				delete(store.files, file)
			}
		}
	}
	w.journal.write(userOf(ctx), "destroyed", w.path(vm.Self), "")
	w.takeOut(ctx, vm)
	w.commit(ctx, storage)
	return nil
}

// takeOut removes a VM from the inventory and from everything that refers to it.
func (w *World) takeOut(ctx *simulator.Context, vm *simulator.VirtualMachine) {
	w.link(ctx, vm.Self, vm.Datastore, nil)
	w.link(ctx, vm.Self, vm.Network, nil)
	holders := []types.ManagedObjectReference{*vm.Runtime.Host}
	if vm.ResourcePool != nil {
		holders = append(holders, *vm.ResourcePool)
	}
	w.link(ctx, vm.Self, holders, nil)
	if host, ok := get[*simulator.HostSystem](w, *vm.Runtime.Host); ok {
		w.forget(ctx, *host.Parent, vm.Self)
	}
	if vm.Snapshot != nil {
		w.registry.Remove(ctx, *vm.Snapshot.CurrentSnapshot)
	}
	w.leaveFolder(ctx, vm)
	w.registry.Remove(ctx, vm.Self)
	delete(w.guests, vm.Self)
}

func (w *World) leaveFolder(ctx *simulator.Context, entity mo.Entity) {
	if folder, ok := get[*simulator.Folder](w, *entity.Entity().Parent); ok {
		ctx.WithLock(folder, func() { simulator.RemoveReference(&folder.ChildEntity, entity.Reference()) })
	}
}

// unregisterMachine takes a VM out of the inventory and leaves its files where they lie.
func (w *World) unregisterMachine(ctx *simulator.Context, vm *simulator.VirtualMachine) types.BaseMethodFault {
	if runs(vm) {
		return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOff)
	}
	w.journal.write(userOf(ctx), "unregistered", w.path(vm.Self), "")
	w.takeOut(ctx, vm)
	return nil
}

// destroyFolder deletes a folder with all that it contains; where that stops, what was deleted before stays deleted.
func (w *World) destroyFolder(ctx *simulator.Context, folder *simulator.Folder) types.BaseMethodFault {
	return w.emptyFolder(ctx, folder, w.destroyMachine)
}

// unregisterFolder deletes a folder and those in it, but only unregisters the VMs. It is for folders of VMs.
func (w *World) unregisterFolder(ctx *simulator.Context, ref types.ManagedObjectReference) types.BaseMethodFault {
	if fault := w.vmFolder(ref); fault != nil {
		if _, wrong := fault.(*types.InvalidFolder); wrong {
			return &types.NotSupported{}
		}
		return fault
	}
	folder, _ := get[*simulator.Folder](w, ref)
	return w.emptyFolder(ctx, folder, w.unregisterMachine)
}

func (w *World) emptyFolder(
	ctx *simulator.Context, folder *simulator.Folder,
	end func(*simulator.Context, *simulator.VirtualMachine) types.BaseMethodFault,
) types.BaseMethodFault {
	for _, ref := range append([]types.ManagedObjectReference{}, folder.ChildEntity...) {
		var fault types.BaseMethodFault
		switch child := w.registry.Get(ref).(type) {
		case *simulator.VirtualMachine:
			fault = end(ctx, child)
		case *simulator.Folder:
			fault = w.emptyFolder(ctx, child, end)
		default:
			fault = &types.NotSupported{}
		}
		if fault != nil {
			return fault
		}
	}
	w.journal.write(userOf(ctx), "destroyed", w.path(folder.Self), "Folder")
	w.leaveFolder(ctx, folder)
	w.registry.Remove(ctx, folder.Self)
	return nil
}

// destroyPool deletes a pool; its VMs and pools become its parent's.
func (w *World) destroyPool(ctx *simulator.Context, pool *simulator.ResourcePool) types.BaseMethodFault {
	parent, ok := get[*simulator.ResourcePool](w, *pool.Parent)
	if !ok {
		return &types.InvalidArgument{InvalidProperty: "this"} // a cluster's root pool
	}
	w.journal.write(userOf(ctx), "destroyed", w.path(pool.Self), "ResourcePool")
	for _, ref := range append([]types.ManagedObjectReference{}, pool.Vm...) {
		w.changePool(ctx, ref, parent.Self)
	}
	children := pool.ResourcePool.ResourcePool
	ctx.WithLock(parent, func() {
		simulator.RemoveReference(&parent.ResourcePool.ResourcePool, pool.Self)
		parent.ResourcePool.ResourcePool = append(parent.ResourcePool.ResourcePool, children...)
	})
	for _, ref := range children {
		if child, there := get[*simulator.ResourcePool](w, ref); there {
			ctx.WithLock(child, func() { child.Parent = &parent.Self })
		}
	}
	w.registry.Remove(ctx, pool.Self)
	return nil
}

// changePool moves a VM into another pool.
func (w *World) changePool(ctx *simulator.Context, ref, pool types.ManagedObjectReference) {
	vm, ok := get[*simulator.VirtualMachine](w, ref)
	if !ok {
		return
	}
	var before []types.ManagedObjectReference
	if vm.ResourcePool != nil {
		before = append(before, *vm.ResourcePool)
	}
	w.link(ctx, ref, before, []types.ManagedObjectReference{pool})
	ctx.WithLock(vm, func() {
		vm.ResourcePool = &pool
		ctx.Update(vm, []types.PropertyChange{{Name: "resourcePool", Val: pool}})
	})
}
