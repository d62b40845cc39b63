package main

import (
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// Draft is a VM's configuration while a change is tried on it: a change comes whole or not at all.
type Draft struct {
	world   *World
	cluster types.ManagedObjectReference
	name    string
	home    object.DatastorePath // the VM's folder on its own datastore
	config  types.VirtualMachineConfigInfo
	storage *Storage
	running bool
	frozen  bool // under a snapshot
	copied  bool // being cloned: device edits still name the source's files
	keys    map[int32]int32
	events  []event
}

// event is what the journal will say of a draft that is committed.
type event struct{ name, detail string }

func (d *Draft) happened(name, detail string) {
	d.events = append(d.events, event{name, detail})
}

func (w *World) draftOf(vm *simulator.VirtualMachine) *Draft {
	config := *vm.Config
	config.Hardware.Device = copyDevices(vm.Config.Hardware.Device)
	config.ExtraConfig = append([]types.BaseOptionValue{}, vm.Config.ExtraConfig...)
	draft := &Draft{
		world:   w,
		name:    vm.Name,
		config:  config,
		storage: w.storage.copy(),
		running: vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn,
		frozen:  vm.Snapshot != nil,
		keys:    map[int32]int32{},
	}
	draft.home.FromString(config.Files.LogDirectory)
	if host, ok := get[*simulator.HostSystem](w, *vm.Runtime.Host); ok {
		draft.cluster = *host.Parent
	}
	return draft
}

func (d *Draft) devices() []types.BaseVirtualDevice {
	return d.config.Hardware.Device
}

// change carries out device changes in order; temporary keys of added devices are known to those after them.
func (d *Draft) change(specs []types.BaseVirtualDeviceConfigSpec) types.BaseMethodFault {
	for index, base := range specs {
		spec := base.GetVirtualDeviceConfigSpec()
		if spec.Device == nil {
			return invalidDevice(index, "device")
		}
		var fault types.BaseMethodFault
		switch spec.Operation {
		case types.VirtualDeviceConfigSpecOperationAdd:
			fault = d.add(index, spec)
		case types.VirtualDeviceConfigSpecOperationEdit:
			fault = d.edit(index, spec)
		case types.VirtualDeviceConfigSpecOperationRemove:
			fault = d.remove(index, spec)
		default:
			fault = invalidDevice(index, "operation")
		}
		if fault != nil {
			return fault
		}
	}
	return nil
}

func (d *Draft) add(index int, spec *types.VirtualDeviceConfigSpec) types.BaseMethodFault {
	device := copyDevice(spec.Device)
	base := device.GetVirtualDevice()
	asked := base.Key
	if known, ok := d.keys[base.ControllerKey]; ok {
		base.ControllerKey = known
	}
	var fault types.BaseMethodFault
	switch kind := device.(type) {
	case types.BaseVirtualSCSIController:
		fault = d.addScsi(index, kind)
	case *types.VirtualDisk:
		fault = d.addDisk(index, kind, spec.FileOperation)
	case types.BaseVirtualEthernetCard:
		fault = d.addCard(index, kind)
	default:
		base.Key = freeKey(d.devices(), 9000)
	}
	if fault != nil {
		return fault
	}
	d.keys[asked] = base.Key
	d.config.Hardware.Device = append(d.devices(), device)
	return nil
}

func (d *Draft) edit(index int, spec *types.VirtualDeviceConfigSpec) types.BaseMethodFault {
	at, old := findDevice(d.devices(), keyOf(spec.Device))
	if old == nil {
		return invalidDevice(index, "device.key")
	}
	switch kind := old.(type) {
	case *types.VirtualDisk:
		wanted, ok := spec.Device.(*types.VirtualDisk)
		if !ok {
			return invalidDevice(index, "device")
		}
		return d.editDisk(index, kind, wanted)
	case types.BaseVirtualEthernetCard:
		wanted, ok := spec.Device.(types.BaseVirtualEthernetCard)
		if !ok {
			return invalidDevice(index, "device")
		}
		return d.editCard(index, kind, wanted)
	}
	d.devices()[at] = copyDevice(spec.Device)
	return nil
}

func (d *Draft) remove(index int, spec *types.VirtualDeviceConfigSpec) types.BaseMethodFault {
	at, old := findDevice(d.devices(), keyOf(spec.Device))
	if old == nil {
		return invalidDevice(index, "device.key")
	}
	if disk, ok := old.(*types.VirtualDisk); ok {
		d.removeDisk(disk, spec.FileOperation)
	}
	d.config.Hardware.Device = append(d.devices()[:at:at], d.devices()[at+1:]...)
	return nil
}
