package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// This file has the SOAP methods that return no task; each answers in the shape that the package's transport wants.

// atOnce carries out a method that is no task.
func (w *World) atOnce(ctx *simulator.Context, do func(*simulator.Context) types.BaseMethodFault) *soap.Fault {
	_, fault := w.carryOut(w.asUser(ctx), func(own *simulator.Context) (types.AnyType, types.BaseMethodFault) {
		return nil, do(own)
	})
	return soapFault(fault)
}

func soapFault(fault types.BaseMethodFault) *soap.Fault {
	if fault == nil {
		return nil
	}
	return simulator.Fault(message(fault), fault)
}

// CreateFolder is Folder.CreateFolder.
func (o *Overrides) CreateFolder(ctx *simulator.Context, req *types.CreateFolder) soap.HasFault {
	body := &methods.CreateFolderBody{Res: &types.CreateFolderResponse{}}
	body.Fault_ = o.atOnce(ctx, func(own *simulator.Context) (fault types.BaseMethodFault) {
		body.Res.Returnval, fault = o.createFolder(own, req)
		return fault
	})
	return body
}

// CreateResourcePool is ResourcePool.CreateResourcePool.
func (o *Overrides) CreateResourcePool(ctx *simulator.Context, req *types.CreateResourcePool) soap.HasFault {
	body := &methods.CreateResourcePoolBody{Res: &types.CreateResourcePoolResponse{}}
	body.Fault_ = o.atOnce(ctx, func(own *simulator.Context) (fault types.BaseMethodFault) {
		body.Res.Returnval, fault = o.createPool(own, req)
		return fault
	})
	return body
}

// UpdateConfig is ResourcePool.UpdateConfig.
func (o *Overrides) UpdateConfig(ctx *simulator.Context, req *types.UpdateConfig) soap.HasFault {
	return &methods.UpdateConfigBody{
		Res: &types.UpdateConfigResponse{},
		Fault_: o.atOnce(ctx, func(own *simulator.Context) types.BaseMethodFault {
			return o.updatePool(own, req)
		}),
	}
}

// MoveIntoResourcePool is ResourcePool.MoveIntoResourcePool.
func (o *Overrides) MoveIntoResourcePool(ctx *simulator.Context, req *types.MoveIntoResourcePool) soap.HasFault {
	return &methods.MoveIntoResourcePoolBody{
		Res: &types.MoveIntoResourcePoolResponse{},
		Fault_: o.atOnce(ctx, func(own *simulator.Context) types.BaseMethodFault {
			return o.moveIntoPool(own, req)
		}),
	}
}

// ShutdownGuest is VirtualMachine.ShutdownGuest: it returns before the guest is off.
func (o *Overrides) ShutdownGuest(ctx *simulator.Context, req *types.ShutdownGuest) soap.HasFault {
	return &methods.ShutdownGuestBody{
		Res: &types.ShutdownGuestResponse{},
		Fault_: o.atOnce(ctx, func(own *simulator.Context) types.BaseMethodFault {
			vm, fault := o.workable(req.This)
			if fault != nil {
				return fault
			}
			return o.shutDown(own, vm)
		}),
	}
}

// MarkAsTemplate is VirtualMachine.MarkAsTemplate.
func (o *Overrides) MarkAsTemplate(ctx *simulator.Context, req *types.MarkAsTemplate) soap.HasFault {
	return &methods.MarkAsTemplateBody{
		Res: &types.MarkAsTemplateResponse{},
		Fault_: o.atOnce(ctx, func(own *simulator.Context) types.BaseMethodFault {
			vm, fault := o.workable(req.This)
			if fault != nil {
				return fault
			}
			if runs(vm) {
				return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOff)
			}
			draft := o.draftOf(vm)
			draft.config.Template = true
			pool := vm.ResourcePool
			o.publish(own, vm, draft)
			if pool != nil {
				o.link(own, vm.Self, []types.ManagedObjectReference{*pool}, nil)
				own.WithLock(vm, func() { vm.ResourcePool = nil })
			}
			return nil
		}),
	}
}

// SetField is CustomFieldsManager.SetField; the package would fall over an object that is gone.
func (o *Overrides) SetField(ctx *simulator.Context, req *types.SetField) soap.HasFault {
	body := &methods.SetFieldBody{Res: &types.SetFieldResponse{}}
	body.Fault_ = o.atOnce(ctx, func(own *simulator.Context) types.BaseMethodFault {
		return o.setField(own, req)
	})
	return body
}

func (w *World) setField(ctx *simulator.Context, req *types.SetField) types.BaseMethodFault {
	entity, ok := w.entity(req.Entity)
	if !ok {
		return gone(req.Entity)
	}
	manager := w.registry.CustomFieldsManager()
	name := ""
	ctx.WithLock(manager, func() {
		for _, field := range manager.Field {
			if field.Key == req.Key && (field.ManagedObjectType == "" || field.ManagedObjectType == req.Entity.Type) {
				name = field.Name
			}
		}
	})
	if name == "" {
		return &types.InvalidArgument{InvalidProperty: "key"}
	}
	ctx.WithLock(entity, func() {
		known := entity.Entity()
		known.CustomValue = withValue(known.CustomValue, req)
		known.Value = withValue(known.Value, req)
		ctx.Update(entity, []types.PropertyChange{
			{Name: "customValue", Val: known.CustomValue}, {Name: "value", Val: known.Value},
		})
	})
	w.journal.write(userOf(ctx), "attribute-set", w.path(req.Entity), name+"="+req.Value)
	return nil
}

func withValue(values []types.BaseCustomFieldValue, req *types.SetField) []types.BaseCustomFieldValue {
	kept := []types.BaseCustomFieldValue{}
	for _, value := range values {
		if value.GetCustomFieldValue().Key != req.Key {
			kept = append(kept, value)
		}
	}
	return append(kept, &types.CustomFieldStringValue{
		CustomFieldValue: types.CustomFieldValue{Key: req.Key}, Value: req.Value,
	})
}
