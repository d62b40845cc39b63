package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// AddCustomFieldDef is CustomFieldsManager.AddCustomFieldDef; the package leaves out the values' type, which a client
// cannot do without.
func (o *Overrides) AddCustomFieldDef(ctx *simulator.Context, req *types.AddCustomFieldDef) soap.HasFault {
	body := &methods.AddCustomFieldDefBody{}
	body.Fault_ = o.atOnce(ctx, func(own *simulator.Context) types.BaseMethodFault {
		manager := o.registry.CustomFieldsManager()
		var fault types.BaseMethodFault
		own.WithLock(manager, func() {
			for _, field := range manager.Field {
				if field.Name == req.Name {
					fault = &types.DuplicateName{Name: req.Name, Object: manager.Self}
					return
				}
			}
			made := manager.AddCustomFieldDef(own, req).(*methods.AddCustomFieldDefBody)
			made.Res.Returnval.Type = "string"
			manager.Field[len(manager.Field)-1].Type = "string"
			body.Res = made.Res
		})
		return fault
	})
	return body
}
