package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// createFolder makes a folder; the fault is DuplicateName.
func (w *World) createFolder(
	ctx *simulator.Context, req *types.CreateFolder,
) (types.ManagedObjectReference, types.BaseMethodFault) {
	var none types.ManagedObjectReference
	if req.Name == "" {
		return none, &types.InvalidName{Name: req.Name}
	}
	if fault := w.nameIsFree(req.This, req.Name); fault != nil {
		return none, fault
	}
	parent, _ := get[*simulator.Folder](w, req.This)
	folder := &simulator.Folder{}
	folder.Name = req.Name
	folder.ChildType = parent.ChildType
	w.adopt(ctx, parent, folder)
	w.journal.write(userOf(ctx), "created", w.path(folder.Self), "Folder")
	return folder.Self, nil
}

// adopt puts a new object into a folder. A container view finds an object through its parent's list, so that comes
// first.
func (w *World) adopt(ctx *simulator.Context, parent *simulator.Folder, child mo.Entity) {
	entity := child.Entity()
	if entity.Self.Value == "" {
		w.registry.NewEntity(child)
	}
	ctx.WithLock(parent, func() { parent.ChildEntity = append(parent.ChildEntity, entity.Self) })
	w.registry.PutEntity(parent, child)
}

// rename carries out ManagedEntity.Rename_Task.
func (w *World) rename(ctx *simulator.Context, ref types.ManagedObjectReference, name string) types.BaseMethodFault {
	entity, ok := w.entity(ref)
	if !ok {
		return gone(ref)
	}
	if name == nameOf(entity) {
		return nil
	}
	if name == "" {
		return &types.InvalidName{Name: name}
	}
	if fault := w.siblingHas(entity, name); fault != nil {
		return fault
	}
	if vm, is := entity.(*simulator.VirtualMachine); is {
		if fault := w.reached(vm); fault != nil {
			return fault
		}
		draft := w.draftOf(vm)
		draft.name = name
		draft.happened("renamed", name)
		w.publish(ctx, vm, draft)
		return nil
	}
	w.journal.write(userOf(ctx), "renamed", w.path(ref), name)
	ctx.WithLock(entity, func() {
		entity.Entity().Name = name
		switch known := entity.(type) {
		case *simulator.DistributedVirtualPortgroup:
			known.Name, known.Config.Name, known.Config.ConfigVersion = name, name, w.nextVersion()
		case *simulator.ResourcePool:
			known.Summary.GetResourcePoolSummary().Name = name
		case *simulator.Datastore:
			known.Summary.Name = name
			known.Info.GetDatastoreInfo().Name = name
		}
		ctx.Update(entity, []types.PropertyChange{{Name: "name", Val: name}})
	})
	if datastore, is := entity.(*simulator.Datastore); is {
		w.relabel(ctx, datastore.Self, name)
	}
	return nil
}

// siblingHas refuses a name that an object beside this one has.
func (w *World) siblingHas(entity mo.Entity, name string) types.BaseMethodFault {
	parent := *entity.Entity().Parent
	switch holder := w.registry.Get(parent).(type) {
	case *simulator.Folder:
		return w.nameIsFree(parent, name)
	case *simulator.ResourcePool:
		return w.poolNameIsFree(holder, name)
	}
	return nil
}

// relabel tells every disk and VM folder on a datastore its new name.
func (w *World) relabel(ctx *simulator.Context, ref types.ManagedObjectReference, name string) {
	storage := w.storage.copy()
	store := storage.stores[ref.Value]
	old := w.storage.stores[ref.Value]
	store.name = name
	for _, entity := range w.registry.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		if vm.Config == nil || simulator.FindReference(vm.Datastore, ref) == nil {
			continue
		}
		draft := w.draftOf(vm)
		draft.storage = storage
		for _, device := range draft.devices() {
			if _, backing := flatBacking(device); backing != nil && *backing.Datastore == ref {
				_, file := w.storage.find(backing.FileName)
				backing.FileName = store.full(file)
			}
		}
		if draft.home.Datastore == old.name {
			draft.home.Datastore = name
			home := draft.home.String()
			draft.config.Files = types.VirtualMachineFileInfo{
				VmPathName: home + "/" + vm.Name + ".vmx", SnapshotDirectory: home, SuspendDirectory: home,
				LogDirectory: home,
			}
		}
		ctx.WithLock(vm, func() { w.put(draft, vm) })
	}
	w.commit(ctx, storage)
}

// moveIntoFolder carries out Folder.MoveIntoFolder_Task.
func (w *World) moveIntoFolder(
	ctx *simulator.Context, target types.ManagedObjectReference, list []types.ManagedObjectReference,
) types.BaseMethodFault {
	folder, ok := get[*simulator.Folder](w, target)
	if !ok {
		return gone(target)
	}
	for _, ref := range list {
		entity, there := w.entity(ref)
		if !there {
			return gone(ref)
		}
		if *entity.Entity().Parent == target {
			continue
		}
		if !holds(folder, ref.Type) {
			return &types.NotSupported{}
		}
		if fault := w.nameIsFree(target, nameOf(entity)); fault != nil {
			return fault
		}
		before := w.path(ref)
		w.leaveFolder(ctx, entity)
		ctx.WithLock(folder, func() { folder.ChildEntity = append(folder.ChildEntity, ref) })
		ctx.WithLock(entity, func() {
			ctx.Update(entity, []types.PropertyChange{{Name: "parent", Val: folder.Self}})
		})
		w.journal.write(userOf(ctx), "relocated", before, w.path(ref))
	}
	return nil
}

func holds(folder *simulator.Folder, kind string) bool {
	for _, each := range folder.ChildType {
		if each == kind || each == "DistributedVirtualSwitch" && kind == "DistributedVirtualPortgroup" {
			return true
		}
	}
	return false
}
