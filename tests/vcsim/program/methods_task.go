package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// This file has the SOAP methods that return a task; each answers in the shape that the package's transport wants.

// does is work without a result.
func does(do func(ctx *simulator.Context) types.BaseMethodFault) work {
	return func(ctx *simulator.Context) (types.AnyType, types.BaseMethodFault) { return nil, do(ctx) }
}

// onMachine is work on a VM, which may be gone by the time that it starts.
func (o *Overrides) onMachine(
	ref types.ManagedObjectReference, do func(*simulator.Context, *simulator.VirtualMachine) types.BaseMethodFault,
) work {
	return does(func(ctx *simulator.Context) types.BaseMethodFault {
		vm, fault := o.workable(ref)
		if fault != nil {
			return fault
		}
		return do(ctx, vm)
	})
}

// ReconfigVMTask is VirtualMachine.ReconfigVM_Task.
func (o *Overrides) ReconfigVMTask(ctx *simulator.Context, req *types.ReconfigVM_Task) soap.HasFault {
	task := o.start(ctx, req.This, "ReconfigVM_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.reconfigure(own, req.This, &req.Spec)
	}))
	return &methods.ReconfigVM_TaskBody{Res: &types.ReconfigVM_TaskResponse{Returnval: task}}
}

// CloneVMTask is VirtualMachine.CloneVM_Task. The new name is taken from the moment of the call on.
func (o *Overrides) CloneVMTask(ctx *simulator.Context, req *types.CloneVM_Task) soap.HasFault {
	task := o.startNamed(ctx, req.This, "CloneVM_Task", claim{req.Folder, req.Name},
		func(own *simulator.Context) (types.AnyType, types.BaseMethodFault) { return o.clone(own, req) })
	return &methods.CloneVM_TaskBody{Res: &types.CloneVM_TaskResponse{Returnval: task}}
}

// CreateVMTask is Folder.CreateVM_Task.
func (o *Overrides) CreateVMTask(ctx *simulator.Context, req *types.CreateVM_Task) soap.HasFault {
	task := o.startNamed(ctx, req.This, "CreateVM_Task", claim{req.This, req.Config.Name},
		func(own *simulator.Context) (types.AnyType, types.BaseMethodFault) { return o.createMachine(own, req) })
	return &methods.CreateVM_TaskBody{Res: &types.CreateVM_TaskResponse{Returnval: task}}
}

// startNamed starts a task that makes a VM: its name is claimed before the task begins and until it ends.
func (o *Overrides) startNamed(
	ctx *simulator.Context, entity types.ManagedObjectReference, method string, wanted claim, do work,
) types.ManagedObjectReference {
	o.change.Lock()
	fault := o.nameIsFree(wanted.folder, wanted.name)
	claims := fault == nil && exchangeOf(ctx).taskFault == nil
	if claims {
		o.claims[wanted] = struct{}{}
	}
	o.change.Unlock()
	return o.start(ctx, entity, method, func(own *simulator.Context) (types.AnyType, types.BaseMethodFault) {
		if !claims {
			return nil, fault
		}
		delete(o.claims, wanted)
		return do(own)
	})
}

// PowerOnVMTask is VirtualMachine.PowerOnVM_Task.
func (o *Overrides) PowerOnVMTask(ctx *simulator.Context, req *types.PowerOnVM_Task) soap.HasFault {
	task := o.start(ctx, req.This, "PowerOnVM_Task", o.onMachine(req.This, o.powerOn))
	return &methods.PowerOnVM_TaskBody{Res: &types.PowerOnVM_TaskResponse{Returnval: task}}
}

// PowerOffVMTask is VirtualMachine.PowerOffVM_Task.
func (o *Overrides) PowerOffVMTask(ctx *simulator.Context, req *types.PowerOffVM_Task) soap.HasFault {
	task := o.start(ctx, req.This, "PowerOffVM_Task", o.onMachine(req.This,
		func(own *simulator.Context, vm *simulator.VirtualMachine) types.BaseMethodFault {
			return o.powerOff(own, vm, "powered-off")
		}))
	return &methods.PowerOffVM_TaskBody{Res: &types.PowerOffVM_TaskResponse{Returnval: task}}
}

// RelocateVMTask is VirtualMachine.RelocateVM_Task.
func (o *Overrides) RelocateVMTask(ctx *simulator.Context, req *types.RelocateVM_Task) soap.HasFault {
	task := o.start(ctx, req.This, "RelocateVM_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.relocate(own, req.This, &req.Spec)
	}))
	return &methods.RelocateVM_TaskBody{Res: &types.RelocateVM_TaskResponse{Returnval: task}}
}

// MigrateVMTask is VirtualMachine.MigrateVM_Task.
func (o *Overrides) MigrateVMTask(ctx *simulator.Context, req *types.MigrateVM_Task) soap.HasFault {
	task := o.start(ctx, req.This, "MigrateVM_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.relocate(own, req.This, &types.VirtualMachineRelocateSpec{Pool: req.Pool, Host: req.Host})
	}))
	return &methods.MigrateVM_TaskBody{Res: &types.MigrateVM_TaskResponse{Returnval: task}}
}

// CreateSnapshotTask is VirtualMachine.CreateSnapshot_Task.
func (o *Overrides) CreateSnapshotTask(ctx *simulator.Context, req *types.CreateSnapshot_Task) soap.HasFault {
	task := o.start(ctx, req.This, "CreateSnapshot_Task",
		func(own *simulator.Context) (types.AnyType, types.BaseMethodFault) {
			return o.createSnapshot(own, req.This, req.Name)
		})
	return &methods.CreateSnapshot_TaskBody{Res: &types.CreateSnapshot_TaskResponse{Returnval: task}}
}

// RemoveAllSnapshotsTask is VirtualMachine.RemoveAllSnapshots_Task.
func (o *Overrides) RemoveAllSnapshotsTask(ctx *simulator.Context, req *types.RemoveAllSnapshots_Task) soap.HasFault {
	task := o.start(ctx, req.This, "RemoveAllSnapshots_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.removeSnapshots(own, req.This)
	}))
	return &methods.RemoveAllSnapshots_TaskBody{Res: &types.RemoveAllSnapshots_TaskResponse{Returnval: task}}
}

// DestroyTask is ManagedEntity.Destroy_Task of what people make: VMs, folders, pools, portgroups.
func (o *Overrides) DestroyTask(ctx *simulator.Context, req *types.Destroy_Task) soap.HasFault {
	task := o.start(ctx, req.This, "Destroy_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		switch doomed := o.registry.Get(req.This).(type) {
		case *simulator.VirtualMachine:
			return o.destroyMachine(own, doomed)
		case *simulator.Folder:
			return o.destroyFolder(own, doomed)
		case *simulator.ResourcePool:
			return o.destroyPool(own, doomed)
		case *simulator.DistributedVirtualPortgroup:
			return o.destroyPortgroup(own, doomed)
		case nil:
			return gone(req.This)
		}
		return &types.NotSupported{}
	}))
	return &methods.Destroy_TaskBody{Res: &types.Destroy_TaskResponse{Returnval: task}}
}

// UnregisterAndDestroyTask is Folder.UnregisterAndDestroy_Task.
func (o *Overrides) UnregisterAndDestroyTask(
	ctx *simulator.Context, req *types.UnregisterAndDestroy_Task,
) soap.HasFault {
	task := o.start(ctx, req.This, "UnregisterAndDestroy_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.unregisterFolder(own, req.This)
	}))
	return &methods.UnregisterAndDestroy_TaskBody{Res: &types.UnregisterAndDestroy_TaskResponse{Returnval: task}}
}

// RenameTask is ManagedEntity.Rename_Task.
func (o *Overrides) RenameTask(ctx *simulator.Context, req *types.Rename_Task) soap.HasFault {
	task := o.start(ctx, req.This, "Rename_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.rename(own, req.This, req.NewName)
	}))
	return &methods.Rename_TaskBody{Res: &types.Rename_TaskResponse{Returnval: task}}
}

// MoveIntoFolderTask is Folder.MoveIntoFolder_Task.
func (o *Overrides) MoveIntoFolderTask(ctx *simulator.Context, req *types.MoveIntoFolder_Task) soap.HasFault {
	task := o.start(ctx, req.This, "MoveIntoFolder_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.moveIntoFolder(own, req.This, req.List)
	}))
	return &methods.MoveIntoFolder_TaskBody{Res: &types.MoveIntoFolder_TaskResponse{Returnval: task}}
}

// ReconfigureComputeResourceTask is ComputeResource.ReconfigureComputeResource_Task.
func (o *Overrides) ReconfigureComputeResourceTask(
	ctx *simulator.Context, req *types.ReconfigureComputeResource_Task,
) soap.HasFault {
	task := o.start(ctx, req.This, "ReconfigureComputeResource_Task",
		does(func(own *simulator.Context) types.BaseMethodFault { return o.reconfigureCluster(own, req) }))
	return &methods.ReconfigureComputeResource_TaskBody{
		Res: &types.ReconfigureComputeResource_TaskResponse{Returnval: task},
	}
}

// AddDVPortgroupTask is DistributedVirtualSwitch.AddDVPortgroup_Task.
func (o *Overrides) AddDVPortgroupTask(ctx *simulator.Context, req *types.AddDVPortgroup_Task) soap.HasFault {
	task := o.start(ctx, req.This, "AddDVPortgroup_Task", does(func(own *simulator.Context) types.BaseMethodFault {
		return o.addPortgroups(own, req.This, req.Spec)
	}))
	return &methods.AddDVPortgroup_TaskBody{Res: &types.AddDVPortgroup_TaskResponse{Returnval: task}}
}

// ReconfigureDVPortgroupTask is DistributedVirtualPortgroup.ReconfigureDVPortgroup_Task.
func (o *Overrides) ReconfigureDVPortgroupTask(
	ctx *simulator.Context, req *types.ReconfigureDVPortgroup_Task,
) soap.HasFault {
	task := o.start(ctx, req.This, "ReconfigureDVPortgroup_Task",
		does(func(own *simulator.Context) types.BaseMethodFault {
			return o.reconfigurePortgroup(own, req.This, &req.Spec)
		}))
	return &methods.ReconfigureDVPortgroup_TaskBody{Res: &types.ReconfigureDVPortgroup_TaskResponse{Returnval: task}}
}

// ZeroFillVirtualDiskTask is VirtualDiskManager.ZeroFillVirtualDisk_Task.
func (o *Overrides) ZeroFillVirtualDiskTask(ctx *simulator.Context, req *types.ZeroFillVirtualDisk_Task) soap.HasFault {
	// A task's entity is a ManagedEntity, which the manager of disks is not.
	task := o.start(ctx, o.datacenter.Self, "ZeroFillVirtualDisk_Task",
		does(func(own *simulator.Context) types.BaseMethodFault { return o.zeroFill(own, req.Name) }))
	return &methods.ZeroFillVirtualDisk_TaskBody{Res: &types.ZeroFillVirtualDisk_TaskResponse{Returnval: task}}
}
