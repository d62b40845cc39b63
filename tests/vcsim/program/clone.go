package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// clone carries out VirtualMachine.CloneVM_Task: location, disk locators, configuration, power.
func (w *World) clone(ctx *simulator.Context, req *types.CloneVM_Task) (types.AnyType, types.BaseMethodFault) {
	source, fault := w.workable(req.This)
	if fault != nil {
		return nil, fault
	}
	seat, cluster, fault := w.seatFor(source, req)
	if fault != nil {
		return nil, fault
	}
	draft := w.draftOf(source)
	draft.name, draft.cluster = req.Name, cluster
	draft.running, draft.frozen, draft.copied = false, false, true
	draft.config.Template = req.Spec.Template
	draft.config.Uuid, draft.config.InstanceUuid = uuid.NewString(), uuid.NewString()
	draft.config.CreateDate = types.NewTime(time.Now())
	if fault = draft.copyDisks(&req.Spec.Location); fault != nil {
		return nil, fault
	}
	if fault = draft.change(req.Spec.Location.DeviceChange); fault != nil {
		return nil, fault
	}
	if req.Spec.Config != nil {
		if fault = draft.configure(req.Spec.Config, nil); fault != nil {
			return nil, fault
		}
	}
	if seat.host, fault = w.hostFor(draft, req.Spec.Location.Host); fault != nil {
		return nil, fault
	}
	vm := w.settle(ctx, draft, seat)
	w.tell(ctx, vm.Self, []event{{"cloned", "from " + source.Name}})
	if req.Spec.PowerOn && !req.Spec.Template {
		if fault = w.powerOn(ctx, vm); fault != nil {
			return nil, fault
		}
	}
	return vm.Self, nil
}

// seatFor checks folder and pool. A template has no pool of its own to fall back on.
func (w *World) seatFor(
	source *simulator.VirtualMachine, req *types.CloneVM_Task,
) (Seat, types.ManagedObjectReference, types.BaseMethodFault) {
	var nowhere types.ManagedObjectReference
	location := req.Spec.Location
	seat := Seat{folder: req.Folder, pool: location.Pool}
	if location.Folder != nil {
		seat.folder = *location.Folder
	}
	if fault := w.vmFolder(seat.folder); fault != nil {
		return seat, nowhere, fault
	}
	if seat.pool == nil {
		seat.pool = source.ResourcePool
	}
	if req.Spec.Template {
		seat.pool = nil
		host, ok := get[*simulator.HostSystem](w, *source.Runtime.Host)
		if !ok {
			return seat, nowhere, gone(*source.Runtime.Host)
		}
		return seat, *host.Parent, nil
	}
	if seat.pool == nil {
		return seat, nowhere, &types.InvalidArgument{InvalidProperty: "spec.location.pool"}
	}
	pool, ok := get[*simulator.ResourcePool](w, *seat.pool)
	if !ok {
		return seat, nowhere, gone(*seat.pool)
	}
	return seat, pool.Owner, nil
}

func (w *World) vmFolder(ref types.ManagedObjectReference) types.BaseMethodFault {
	folder, ok := get[*simulator.Folder](w, ref)
	if !ok {
		return gone(ref)
	}
	for _, kind := range folder.ChildType {
		if kind == "VirtualMachine" {
			return nil
		}
	}
	return &types.InvalidFolder{Target: ref}
}

// copyDisks makes the clone's own disk files, each where its locator or the location says, with UUIDs of their own, and
// gives every card an address of its own.
func (d *Draft) copyDisks(location *types.VirtualMachineRelocateSpec) types.BaseMethodFault {
	home, fault := d.homeFor(location)
	if fault != nil {
		return fault
	}
	d.lodge(home)
	for index, device := range d.devices() {
		if card, ok := device.(types.BaseVirtualEthernetCard); ok {
			card.GetVirtualEthernetCard().MacAddress = ""
			if fault = d.renumber(index, card); fault != nil {
				return fault
			}
		}
		disk, backing := flatBacking(device)
		if backing == nil {
			continue
		}
		store := home
		for _, locator := range location.Disk {
			if locator.DiskId == disk.Key {
				store = d.storage.stores[locator.Datastore.Value]
				if wanted, ok := locator.DiskBackingInfo.(*types.VirtualDiskFlatVer2BackingInfo); ok {
					backing.ThinProvisioned, backing.EagerlyScrub = wanted.ThinProvisioned, wanted.EagerlyScrub
				}
			}
		}
		if fault = d.reaches(store, location.Datastore); fault != nil {
			return fault
		}
		file := store.freeName(d.homeOn(store), d.name)
		made, noSpace := store.create(file, disk.CapacityInBytes)
		if noSpace != nil {
			return noSpace
		}
		describe(disk, backing, store, file, made)
	}
	return nil
}

// renumber gives a copied card an address and a port of its own.
func (d *Draft) renumber(index int, card types.BaseVirtualEthernetCard) types.BaseMethodFault {
	base := card.GetVirtualEthernetCard()
	d.world.machineCount++
	count := d.world.machineCount
	base.MacAddress = fmt.Sprintf("00:50:56:%02x:%02x:%02x", 0x80|count>>16&0x3f, count>>8&0xff, count&0xff)
	base.AddressType = string(types.VirtualEthernetCardMacTypeAssigned)
	return d.plug(index, base)
}

// homeFor is the datastore of the clone's own folder.
func (d *Draft) homeFor(location *types.VirtualMachineRelocateSpec) (*Store, types.BaseMethodFault) {
	store := d.storage.named(d.home.Datastore)
	if location.Datastore != nil {
		store = d.storage.stores[location.Datastore.Value]
	}
	return store, d.reaches(store, location.Datastore)
}
