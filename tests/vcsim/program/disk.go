package main

import (
	"fmt"
	"path"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// addScsi gives a controller its key; a bus number is taken once.
func (d *Draft) addScsi(index int, controller types.BaseVirtualSCSIController) types.BaseMethodFault {
	base := controller.GetVirtualSCSIController()
	if base.BusNumber < 0 || base.BusNumber > 3 {
		return invalidDevice(index, "device.busNumber")
	}
	key := 1000 + base.BusNumber
	if _, taken := findDevice(d.devices(), key); taken != nil {
		return invalidDevice(index, "device.busNumber")
	}
	base.Key = key
	base.ControllerKey = 100
	base.UnitNumber = types.NewInt32(3 + base.BusNumber)
	base.ScsiCtlrUnitNumber = 7
	if base.SharedBus == "" {
		base.SharedBus = types.VirtualSCSISharingNoSharing
	}
	base.DeviceInfo = &types.Description{Label: fmt.Sprintf("SCSI controller %d", base.BusNumber), Summary: "SCSI"}
	return nil
}

// addDisk hangs a disk on its controller: a new file, or (without a file operation) one that lies there already.
func (d *Draft) addDisk(
	index int, disk *types.VirtualDisk, operation types.VirtualDeviceConfigSpecFileOperation,
) types.BaseMethodFault {
	if fault := d.seat(index, disk); fault != nil {
		return fault
	}
	_, backing := flatBacking(disk)
	if backing == nil {
		return invalidDevice(index, "device.backing")
	}
	store, file, fault := d.whereTo(index, backing)
	if fault != nil {
		return fault
	}
	var lying File
	if operation == types.VirtualDeviceConfigSpecFileOperationCreate {
		capacity := disk.CapacityInBytes
		if capacity == 0 {
			capacity = disk.CapacityInKB * 1024
		}
		if capacity <= 0 {
			return invalidDevice(index, "device.capacityInBytes")
		}
		if lying, fault = store.create(file, capacity); fault != nil {
			return fault
		}
	} else {
		there := false
		if lying, there = store.files[file]; !there {
			return &types.FileNotFound{FileFault: types.FileFault{File: store.full(file)}}
		}
		if d.world.ownerOf(store.full(file)) != nil {
			return &types.FileLocked{FileFault: types.FileFault{File: store.full(file)}}
		}
	}
	describe(disk, backing, store, file, lying)
	d.happened("disk-added", fmt.Sprintf("%s %d", backing.FileName, lying.capacity))
	return nil
}

// seat checks controller and unit, and gives the disk its key.
func (d *Draft) seat(index int, disk *types.VirtualDisk) types.BaseMethodFault {
	_, controller := findDevice(d.devices(), disk.ControllerKey)
	scsi, ok := controller.(types.BaseVirtualSCSIController)
	if !ok {
		return &types.InvalidController{
			InvalidDeviceSpec: *invalidDevice(index, "device.controllerKey").(*types.InvalidDeviceSpec),
			ControllerKey:     disk.ControllerKey,
		}
	}
	last := int32(15)
	if _, para := controller.(*types.ParaVirtualSCSIController); para {
		last = 63
	}
	if disk.UnitNumber == nil || *disk.UnitNumber < 0 || *disk.UnitNumber > last || *disk.UnitNumber == 7 {
		return invalidDevice(index, "device.unitNumber")
	}
	for _, device := range d.devices() {
		base := device.GetVirtualDevice()
		if base.ControllerKey == disk.ControllerKey && base.UnitNumber != nil && *base.UnitNumber == *disk.UnitNumber {
			return invalidDevice(index, "device.unitNumber")
		}
	}
	disk.Key = 2000 + 64*scsi.GetVirtualSCSIController().BusNumber + *disk.UnitNumber
	return nil
}

// whereTo is the datastore and the file that a backing asks for; a file name may be left out or name a datastore only.
func (d *Draft) whereTo(
	index int, backing *types.VirtualDiskFlatVer2BackingInfo,
) (*Store, string, types.BaseMethodFault) {
	var asked object.DatastorePath
	asked.FromString(backing.FileName)
	var store *Store
	switch {
	case asked.Datastore != "":
		store = d.storage.named(asked.Datastore)
	case backing.Datastore != nil:
		store = d.storage.stores[backing.Datastore.Value]
	default:
		store = d.storage.named(d.home.Datastore)
	}
	if fault := d.reaches(store, backing.Datastore); fault != nil {
		return nil, "", fault
	}
	if path.Ext(asked.Path) == ".vmdk" {
		return store, asked.Path, nil
	}
	return store, store.freeName(d.homeOn(store), d.name), nil
}

// homeOn is the VM's folder on a datastore.
func (d *Draft) homeOn(store *Store) string {
	if store.name == d.home.Datastore {
		return d.home.Path
	}
	return path.Base(d.home.Path)
}

// reaches refuses a datastore that the hosts of the VM's cluster do not mount.
func (d *Draft) reaches(store *Store, asked *types.ManagedObjectReference) types.BaseMethodFault {
	if store == nil {
		return &types.InvalidDatastore{Datastore: asked}
	}
	if store.cluster != d.cluster {
		return &types.InvalidDatastore{Datastore: &store.ref, Name: store.name}
	}
	return nil
}

// describe fills in what a vCenter tells of a disk.
func describe(
	disk *types.VirtualDisk, backing *types.VirtualDiskFlatVer2BackingInfo, store *Store, file string, lying File,
) {
	backing.FileName = store.full(file)
	backing.Datastore = &store.ref
	backing.Uuid = lying.uuid
	backing.Parent = nil
	if backing.DiskMode == "" {
		backing.DiskMode = string(types.VirtualDiskModePersistent)
	}
	for _, flag := range []**bool{&backing.ThinProvisioned, &backing.EagerlyScrub, &backing.Split, &backing.WriteThrough} {
		if *flag == nil {
			*flag = types.NewBool(false)
		}
	}
	disk.CapacityInBytes = lying.capacity
	disk.CapacityInKB = lying.capacity / 1024
	label := fmt.Sprintf("Hard disk %d", disk.Key-1999)
	disk.DeviceInfo = &types.Description{Label: label, Summary: fmt.Sprintf("%d KB", disk.CapacityInKB)}
	disk.DiskObjectId = "1-" + fmt.Sprint(disk.Key)
}

// editDisk grows a disk. Only capacityInBytes counts: by the documentation of VirtualDisk it is what a client sets to
// change a capacity, and capacityInKB is deprecated in its favour.
func (d *Draft) editDisk(index int, old, wanted *types.VirtualDisk) types.BaseMethodFault {
	_, backing := flatBacking(old)
	_, asked := flatBacking(wanted)
	if !d.copied && asked != nil && asked.FileName != "" && asked.FileName != backing.FileName {
		return invalidDevice(index, "device.backing")
	}
	capacity := wanted.CapacityInBytes
	if capacity == 0 || capacity == old.CapacityInBytes {
		return nil
	}
	if capacity < old.CapacityInBytes || d.frozen {
		return &types.InvalidDeviceOperation{
			InvalidDeviceSpec: *invalidDevice(index, "device.capacityInBytes").(*types.InvalidDeviceSpec),
			BadOp:             types.VirtualDeviceConfigSpecOperationEdit,
		}
	}
	store, file := d.storage.find(backing.FileName)
	if fault := store.grow(file, capacity); fault != nil {
		return fault
	}
	describe(old, backing, store, file, store.files[file])
	d.happened("disk-grown", fmt.Sprintf("%s %d", backing.FileName, capacity))
	return nil
}

// removeDisk takes a disk off; its file stays where it is unless it is to be destroyed.
func (d *Draft) removeDisk(disk *types.VirtualDisk, operation types.VirtualDeviceConfigSpecFileOperation) {
	_, backing := flatBacking(disk)
	detail := backing.FileName + " kept"
	if operation == types.VirtualDeviceConfigSpecFileOperationDestroy {
		store, file := d.storage.find(backing.FileName)
		delete(store.files, file)
		detail = backing.FileName + " destroyed"
	}
	d.happened("disk-removed", detail)
}

// ownerOf is the VM that a disk file belongs to.
func (w *World) ownerOf(file string) *simulator.VirtualMachine {
	for _, entity := range w.registry.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		for _, device := range w.known(vm).Hardware.Device {
			if _, backing := flatBacking(device); backing != nil && backing.FileName == file {
				return vm
			}
		}
	}
	return nil
}
