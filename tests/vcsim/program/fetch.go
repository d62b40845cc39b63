package main

import (
	"reflect"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// fetchBody has the shape that the transport wants; the package's own is internal to it.
type fetchBody struct {
	Res    *FetchResponse `xml:"FetchResponse,omitempty"`
	Fault_ *soap.Fault    `xml:"http://schemas.xmlsoap.org/soap/envelope/ Fault,omitempty"`
}

// FetchResponse is the answer to Fetch; its name becomes the element's. A property that is not set has no value.
type FetchResponse struct {
	Returnval types.AnyType `xml:"returnval,omitempty,typeattr"`
}

func (b *fetchBody) Fault() *soap.Fault { return b.Fault_ }

// Fetch is how clients read one property that an attribute in their code stands for. The package answers in the wrong
// shape when the property is not set.
func (o *Overrides) Fetch(ctx *simulator.Context, req any) soap.HasFault {
	asked := reflect.ValueOf(req).Elem()
	object := asked.FieldByName("This").Interface().(types.ManagedObjectReference)
	answer := (&simulator.PropertyCollector{}).RetrievePropertiesEx(ctx, &types.RetrievePropertiesEx{
		SpecSet: []types.PropertyFilterSpec{{
			PropSet:   []types.PropertySpec{{Type: object.Type, PathSet: []string{asked.FieldByName("Prop").String()}}},
			ObjectSet: []types.ObjectSpec{{Obj: object}},
		}},
	}).(*methods.RetrievePropertiesExBody)
	if answer.Fault_ != nil {
		return &fetchBody{Fault_: answer.Fault_}
	}
	body := &fetchBody{Res: &FetchResponse{}}
	for _, found := range answer.Res.Returnval.Objects {
		for _, missing := range found.MissingSet {
			return &fetchBody{Fault_: simulator.Fault(missing.Fault.LocalizedMessage, missing.Fault.Fault)}
		}
		for _, property := range found.PropSet {
			body.Res.Returnval = property.Val
		}
	}
	return body
}
