package main

import (
	"reflect"

	"github.com/vmware/govmomi/simulator/esx"
	"github.com/vmware/govmomi/vim25/types"
)

// copyDevice is a device of its own with the same content. The package lets VMs share some, whose lists then grow with
// every VM.
func copyDevice(device types.BaseVirtualDevice) types.BaseVirtualDevice {
	twin := copyOf(device).(types.BaseVirtualDevice)
	base := twin.GetVirtualDevice()
	if base.Backing != nil {
		base.Backing = copyOf(base.Backing).(types.BaseVirtualDeviceBackingInfo)
	}
	if base.Connectable != nil {
		connectable := *base.Connectable
		base.Connectable = &connectable
	}
	if base.DeviceInfo != nil {
		base.DeviceInfo = copyOf(base.DeviceInfo).(types.BaseDescription)
	}
	if base.UnitNumber != nil {
		base.UnitNumber = types.NewInt32(*base.UnitNumber)
	}
	if controller, ok := twin.(types.BaseVirtualController); ok {
		controller.GetVirtualController().Device = nil
	}
	return twin
}

func copyOf(pointer any) any {
	twin := reflect.New(reflect.TypeOf(pointer).Elem())
	twin.Elem().Set(reflect.ValueOf(pointer).Elem())
	return twin.Interface()
}

func copyDevices(devices []types.BaseVirtualDevice) []types.BaseVirtualDevice {
	twins := make([]types.BaseVirtualDevice, len(devices))
	for at, device := range devices {
		twins[at] = copyDevice(device)
	}
	return twins
}

// builtIn are the devices that every VM has.
func builtIn() []types.BaseVirtualDevice {
	return copyDevices(esx.VirtualDevice)
}

func keyOf(device types.BaseVirtualDevice) int32 {
	return device.GetVirtualDevice().Key
}

func findDevice(devices []types.BaseVirtualDevice, key int32) (int, types.BaseVirtualDevice) {
	for at, device := range devices {
		if keyOf(device) == key {
			return at, device
		}
	}
	return -1, nil
}

func freeKey(devices []types.BaseVirtualDevice, first int32) int32 {
	for key := first; ; key++ {
		if at, _ := findDevice(devices, key); at < 0 {
			return key
		}
	}
}

// wire tells each controller which devices hang on it.
func wire(devices []types.BaseVirtualDevice) {
	held := map[int32][]int32{}
	for _, device := range devices {
		base := device.GetVirtualDevice()
		if base.ControllerKey != 0 {
			held[base.ControllerKey] = append(held[base.ControllerKey], base.Key)
		}
	}
	for _, device := range devices {
		if controller, ok := device.(types.BaseVirtualController); ok {
			base := controller.GetVirtualController()
			base.Device = held[base.Key]
		}
	}
}

// connect sets what is plugged in to whether the VM runs.
func connect(devices []types.BaseVirtualDevice, running bool) {
	for _, device := range devices {
		if plug := device.GetVirtualDevice().Connectable; plug != nil {
			plug.Connected = running && plug.StartConnected
			plug.Status = map[bool]string{true: "ok", false: "untried"}[plug.Connected]
		}
	}
}

func invalidDevice(index int, property string) types.BaseMethodFault {
	return &types.InvalidDeviceSpec{
		InvalidVmConfig: types.InvalidVmConfig{Property: "virtualDeviceSpec." + property},
		DeviceIndex:     int32(index),
	}
}

func flatBacking(device types.BaseVirtualDevice) (*types.VirtualDisk, *types.VirtualDiskFlatVer2BackingInfo) {
	disk, ok := device.(*types.VirtualDisk)
	if !ok {
		return nil, nil
	}
	backing, _ := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
	return disk, backing
}
