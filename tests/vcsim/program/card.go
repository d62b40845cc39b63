package main

import (
	"fmt"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// addCard gives a network card its key and address and plugs it in.
func (d *Draft) addCard(index int, card types.BaseVirtualEthernetCard) types.BaseMethodFault {
	base := card.GetVirtualEthernetCard()
	if base.Backing == nil {
		return invalidDevice(index, "device.backing")
	}
	base.Key = freeKey(d.devices(), 4000)
	base.ControllerKey = 100
	base.UnitNumber = types.NewInt32(base.Key - 4000 + 7)
	if base.MacAddress == "" {
		d.world.machineCount++
		count := d.world.machineCount
		base.MacAddress = fmt.Sprintf("00:50:56:%02x:%02x:%02x", 0x80|count>>16&0x3f, count>>8&0xff, count&0xff)
		base.AddressType = string(types.VirtualEthernetCardMacTypeAssigned)
	}
	if base.Connectable == nil {
		base.Connectable = &types.VirtualDeviceConnectInfo{StartConnected: true, AllowGuestControl: true}
	}
	base.DeviceInfo = &types.Description{Label: fmt.Sprintf("Network adapter %d", base.Key-3999), Summary: "network"}
	return d.plug(index, base)
}

// editCard plugs a card in elsewhere; its address stays.
func (d *Draft) editCard(index int, old, wanted types.BaseVirtualEthernetCard) types.BaseMethodFault {
	base, asked := old.GetVirtualEthernetCard(), wanted.GetVirtualEthernetCard()
	if asked.Connectable != nil {
		connectable := *asked.Connectable
		base.Connectable = &connectable
	}
	if asked.MacAddress != "" && asked.MacAddress != base.MacAddress {
		if d.running {
			return invalidPower(types.VirtualMachinePowerStatePoweredOn, types.VirtualMachinePowerStatePoweredOff)
		}
		base.MacAddress = asked.MacAddress
	}
	if asked.Backing == nil {
		return nil
	}
	base.Backing = copyOf(asked.Backing).(types.BaseVirtualDeviceBackingInfo)
	d.happened("network-card-changed", fmt.Sprint(base.Key))
	return d.plug(index, base)
}

// plug gives a card on a distributed portgroup its port.
func (d *Draft) plug(index int, card *types.VirtualEthernetCard) types.BaseMethodFault {
	backing, ok := card.Backing.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo)
	if !ok {
		return nil
	}
	portgroup, found := d.world.portgroup(backing.Port.PortgroupKey)
	if !found {
		return invalidDevice(index, "device.backing.port.portgroupKey")
	}
	dvs, found := get[*Switch](d.world, *portgroup.Config.DistributedVirtualSwitch)
	if !found || dvs.Uuid != backing.Port.SwitchUuid {
		return invalidDevice(index, "device.backing.port.switchUuid")
	}
	d.world.portCount++
	backing.Port.PortKey = fmt.Sprint(d.world.portCount)
	backing.Port.ConnectionCookie = d.world.portCount
	return nil
}

func (w *World) portgroup(key string) (*simulator.DistributedVirtualPortgroup, bool) {
	return get[*simulator.DistributedVirtualPortgroup](
		w, types.ManagedObjectReference{Type: "DistributedVirtualPortgroup", Value: key})
}

// networksOf are the networks that a VM's cards are plugged into.
func (w *World) networksOf(devices []types.BaseVirtualDevice) []types.ManagedObjectReference {
	var networks []types.ManagedObjectReference
	for _, device := range devices {
		switch backing := device.GetVirtualDevice().Backing.(type) {
		case *types.VirtualEthernetCardDistributedVirtualPortBackingInfo:
			if portgroup, ok := w.portgroup(backing.Port.PortgroupKey); ok {
				networks = withReference(networks, portgroup.Self)
			}
		case *types.VirtualEthernetCardNetworkBackingInfo:
			if backing.Network != nil {
				networks = withReference(networks, *backing.Network)
			}
		}
	}
	return networks
}

func withReference(
	refs []types.ManagedObjectReference, ref types.ManagedObjectReference,
) []types.ManagedObjectReference {
	if simulator.FindReference(refs, ref) != nil {
		return refs
	}
	return append(refs, ref)
}

func invalidPower(existing, requested types.VirtualMachinePowerState) types.BaseMethodFault {
	return &types.InvalidPowerState{
		InvalidState: types.InvalidState{}, ExistingState: existing, RequestedState: requested,
	}
}
