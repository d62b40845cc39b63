package main

import (
	"fmt"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// addPortgroups carries out DistributedVirtualSwitch.AddDVPortgroup_Task: all of them or none.
func (w *World) addPortgroups(
	ctx *simulator.Context, ref types.ManagedObjectReference, specs []types.DVPortgroupConfigSpec,
) types.BaseMethodFault {
	dvs, ok := get[*Switch](w, ref)
	if !ok {
		return gone(ref)
	}
	for _, spec := range specs {
		if spec.Name == "" {
			return &types.InvalidName{}
		}
		if fault := w.nameIsFree(*dvs.Parent, spec.Name); fault != nil {
			return fault
		}
	}
	for _, spec := range specs {
		portgroup := w.addPortgroup(ctx, dvs, spec, false)
		w.journal.write(userOf(ctx), "created", w.path(portgroup.Self), "DistributedVirtualPortgroup")
	}
	return nil
}

func (w *World) addPortgroup(
	ctx *simulator.Context, dvs *Switch, spec types.DVPortgroupConfigSpec, uplink bool,
) *simulator.DistributedVirtualPortgroup {
	folder, _ := get[*simulator.Folder](w, *dvs.Parent)
	portgroup := &simulator.DistributedVirtualPortgroup{}
	portgroup.Name = spec.Name
	portgroup.Entity().Name = spec.Name
	w.registry.NewEntity(portgroup)
	portgroup.Key = portgroup.Self.Value
	setting := defaultPortSetting()
	w.mergePort(setting, spec.DefaultPortConfig)
	portgroup.Config = types.DVPortgroupConfigInfo{
		Key: portgroup.Key, Name: spec.Name, DistributedVirtualSwitch: &dvs.Self, DefaultPortConfig: setting,
		Type: string(types.DistributedVirtualPortgroupPortgroupTypeEarlyBinding), BackingType: "standard",
		AutoExpand: types.NewBool(true), Uplink: types.NewBool(uplink), Policy: defaultPortPolicy(),
	}
	w.describePortgroup(portgroup, &spec)
	portgroup.Summary = &types.NetworkSummary{Network: &portgroup.Self, Name: spec.Name, Accessible: true}
	portgroup.Host = dvs.Summary.HostMember
	w.adopt(ctx, folder, portgroup)
	ctx.WithLock(dvs, func() {
		ctx.Update(dvs, []types.PropertyChange{
			{Name: "portgroup", Val: append(dvs.Portgroup[:len(dvs.Portgroup):len(dvs.Portgroup)], portgroup.Self)},
			{Name: "summary.portgroupName", Val: append(dvs.Summary.PortgroupName[:len(dvs.Summary.PortgroupName):len(
				dvs.Summary.PortgroupName)], spec.Name)},
		})
	})
	w.network(ctx, func(networks *[]types.ManagedObjectReference) { *networks = withReference(*networks, portgroup.Self) })
	return portgroup
}

// network changes the lists of networks that datacenter, clusters and hosts have.
func (w *World) network(ctx *simulator.Context, change func(*[]types.ManagedObjectReference)) {
	ctx.WithLock(w.datacenter, func() { change(&w.datacenter.Network) })
	for _, entity := range w.registry.All("ClusterComputeResource") {
		cluster := entity.(*simulator.ClusterComputeResource)
		ctx.WithLock(cluster, func() { change(&cluster.Network) })
	}
	for _, entity := range w.registry.All("HostSystem") {
		host := entity.(*simulator.HostSystem)
		ctx.WithLock(host, func() { change(&host.Network) })
	}
}

// describePortgroup sets what a spec sets beside the port's settings, and gives the configuration a new version.
func (w *World) describePortgroup(portgroup *simulator.DistributedVirtualPortgroup, spec *types.DVPortgroupConfigSpec) {
	config := &portgroup.Config
	for _, text := range []struct {
		asked string
		held  *string
	}{
		{spec.Name, &config.Name}, {spec.Description, &config.Description}, {spec.Type, &config.Type},
		{spec.PortNameFormat, &config.PortNameFormat},
	} {
		if text.asked != "" {
			*text.held = text.asked
		}
	}
	if spec.NumPorts != 0 {
		config.NumPorts = spec.NumPorts
	}
	if spec.AutoExpand != nil {
		config.AutoExpand = spec.AutoExpand
	}
	if spec.Policy != nil {
		config.Policy = spec.Policy
	}
	config.ConfigVersion = w.nextVersion()
}

// reconfigurePortgroup carries out DistributedVirtualPortgroup.ReconfigureDVPortgroup_Task: what is unset stays, and a
// version that is not the newest is refused.
func (w *World) reconfigurePortgroup(
	ctx *simulator.Context, ref types.ManagedObjectReference, spec *types.DVPortgroupConfigSpec,
) types.BaseMethodFault {
	portgroup, ok := get[*simulator.DistributedVirtualPortgroup](w, ref)
	if !ok {
		return gone(ref)
	}
	if spec.ConfigVersion != portgroup.Config.ConfigVersion {
		return &types.ConcurrentAccess{}
	}
	if spec.Name != "" && spec.Name != portgroup.Config.Name {
		if fault := w.nameIsFree(*portgroup.Parent, spec.Name); fault != nil {
			return fault
		}
	}
	setting := copyOf(portgroup.Config.DefaultPortConfig).(*types.VMwareDVSPortSetting)
	w.mergePort(setting, spec.DefaultPortConfig)
	ctx.WithLock(portgroup, func() {
		portgroup.Config.DefaultPortConfig = setting
		w.describePortgroup(portgroup, spec)
		portgroup.Name = portgroup.Config.Name
		portgroup.Entity().Name = portgroup.Config.Name
		ctx.Update(portgroup, []types.PropertyChange{{Name: "config", Val: portgroup.Config}})
	})
	w.journal.write(userOf(ctx), "reconfigured", w.path(ref), "DistributedVirtualPortgroup")
	return nil
}

// mergePort sets in a port's settings what is asked, and gives new filters, rule sets and rules their keys.
func (w *World) mergePort(held *types.VMwareDVSPortSetting, asked types.BaseDVPortSetting) {
	switch setting := asked.(type) {
	case *types.VMwareDVSPortSetting:
		base := held.DVPortSetting
		merge(&base, &setting.DVPortSetting)
		merge(held, setting)
		held.DVPortSetting = base
	case *types.DVPortSetting:
		merge(&held.DVPortSetting, setting)
	}
	if held.FilterPolicy == nil {
		return
	}
	policy := copyOf(held.FilterPolicy).(*types.DvsFilterPolicy)
	policy.FilterConfig = nil
	for _, each := range held.FilterPolicy.FilterConfig {
		filter := copyOf(each).(types.BaseDvsFilterConfig)
		w.giveKey(&filter.GetDvsFilterConfig().Key)
		if traffic, ok := filter.(*types.DvsTrafficFilterConfig); ok && traffic.TrafficRuleset != nil {
			rules := copyOf(traffic.TrafficRuleset).(*types.DvsTrafficRuleset)
			rules.Rules = append([]types.DvsTrafficRule{}, rules.Rules...)
			w.giveKey(&rules.Key)
			for at := range rules.Rules {
				w.giveKey(&rules.Rules[at].Key)
			}
			traffic.TrafficRuleset = rules
		}
		policy.FilterConfig = append(policy.FilterConfig, filter)
	}
	held.FilterPolicy = policy
}

func (w *World) giveKey(key *string) {
	if *key == "" {
		w.filterKeyCount++
		*key = fmt.Sprintf("filter-%d", w.filterKeyCount)
	}
}

func defaultPortSetting() *types.VMwareDVSPortSetting {
	off := func() *types.BoolPolicy { return &types.BoolPolicy{Value: types.NewBool(false)} }
	return &types.VMwareDVSPortSetting{
		DVPortSetting: types.DVPortSetting{Blocked: off(), FilterPolicy: &types.DvsFilterPolicy{}},
		Vlan:          &types.VmwareDistributedVirtualSwitchVlanIdSpec{},
		SecurityPolicy: &types.DVSSecurityPolicy{
			AllowPromiscuous: off(), MacChanges: off(), ForgedTransmits: off(),
		},
	}
}

func defaultPortPolicy() *types.VMwareDVSPortgroupPolicy {
	return &types.VMwareDVSPortgroupPolicy{DVPortgroupPolicy: types.DVPortgroupPolicy{
		BlockOverrideAllowed: true, PortConfigResetAtDisconnect: true,
		NetworkResourcePoolOverrideAllowed: types.NewBool(false), TrafficFilterOverrideAllowed: types.NewBool(false),
	}}
}

// destroyPortgroup refuses one that a VM is plugged into.
func (w *World) destroyPortgroup(
	ctx *simulator.Context, portgroup *simulator.DistributedVirtualPortgroup,
) types.BaseMethodFault {
	if len(portgroup.Vm) > 0 {
		return &types.ResourceInUse{Type: portgroup.Self.Type, Name: portgroup.Name}
	}
	if isTrue(portgroup.Config.Uplink) {
		return &types.NotSupported{}
	}
	w.journal.write(userOf(ctx), "destroyed", w.path(portgroup.Self), "DistributedVirtualPortgroup")
	if dvs, ok := get[*Switch](w, *portgroup.Config.DistributedVirtualSwitch); ok {
		ctx.WithLock(dvs, func() {
			simulator.RemoveReference(&dvs.Portgroup, portgroup.Self)
			kept := []string{}
			for _, name := range dvs.Summary.PortgroupName {
				if name != portgroup.Name {
					kept = append(kept, name)
				}
			}
			dvs.Summary.PortgroupName = kept
		})
	}
	w.network(ctx, func(networks *[]types.ManagedObjectReference) {
		simulator.RemoveReference(networks, portgroup.Self)
	})
	w.leaveFolder(ctx, portgroup)
	w.registry.Remove(ctx, portgroup.Self)
	return nil
}

// Switch is the distributed switch. The package's own type is registered under the name of its base type, which other
// clients than its own do not look for.
type Switch struct {
	mo.VmwareDistributedVirtualSwitch
}
