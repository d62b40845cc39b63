package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// hostFor is the asked host, or the one of the cluster that carries the fewest VMs.
func (w *World) hostFor(
	draft *Draft, asked *types.ManagedObjectReference,
) (types.ManagedObjectReference, types.BaseMethodFault) {
	hosts := w.hostsOf(draft.cluster)
	if asked != nil {
		for _, host := range hosts {
			if host.Self == *asked {
				return *asked, nil
			}
		}
		return *asked, &types.InvalidArgument{InvalidProperty: "spec.location.host"}
	}
	var best *simulator.HostSystem
	for _, host := range hosts {
		if usable(host) && (best == nil || len(host.Vm) < len(best.Vm)) {
			best = host
		}
	}
	if best == nil {
		return types.ManagedObjectReference{}, &types.NoCompatibleHost{}
	}
	return best.Self, nil
}

func (w *World) hostsOf(cluster types.ManagedObjectReference) []*simulator.HostSystem {
	found, ok := get[*simulator.ClusterComputeResource](w, cluster)
	if !ok {
		return nil
	}
	var hosts []*simulator.HostSystem
	for _, ref := range found.Host {
		if host, ok := get[*simulator.HostSystem](w, ref); ok {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

func usable(host *simulator.HostSystem) bool {
	return host.Runtime.ConnectionState == types.HostSystemConnectionStateConnected && !host.Runtime.InMaintenanceMode
}

func threads(host *simulator.HostSystem) int32 {
	return int32(host.Hardware.CpuInfo.NumCpuThreads)
}

// runsOn is the host that a VM starts on: its own if that will do, else another of the cluster. What stands against the
// hosts is in the fault: too few threads everywhere, or a mandatory anti-affinity rule.
func (w *World) runsOn(vm *simulator.VirtualMachine) (types.ManagedObjectReference, types.BaseMethodFault) {
	own, _ := get[*simulator.HostSystem](w, *vm.Runtime.Host)
	hosts := []*simulator.HostSystem{own}
	for _, host := range w.hostsOf(*own.Parent) {
		if host != own {
			hosts = append(hosts, host)
		}
	}
	var refused types.NoCompatibleHost
	most := int32(0)
	for _, host := range hosts {
		most = max(most, threads(host))
		rule := w.forbids(host, vm)
		switch {
		case !usable(host):
			refused.Error = append(refused.Error, localized(&types.InvalidState{}))
		case threads(host) < vm.Config.Hardware.NumCPU:
			refused.Error = append(refused.Error, localized(notEnough(threads(host), vm)))
		case rule != nil:
			refused.Error = append(refused.Error, localized(&types.RuleViolation{Host: &host.Self, Rule: rule}))
		default:
			return host.Self, nil
		}
		refused.Host = append(refused.Host, host.Self)
	}
	if most < vm.Config.Hardware.NumCPU {
		return *vm.Runtime.Host, notEnough(most, vm)
	}
	return *vm.Runtime.Host, &refused
}

func notEnough(there int32, vm *simulator.VirtualMachine) *types.NotEnoughCpus {
	return &types.NotEnoughCpus{NumCpuDest: there, NumCpuVm: vm.Config.Hardware.NumCPU}
}

// forbids is the enabled, mandatory anti-affinity rule that keeps a VM off a host where another of its VMs runs.
func (w *World) forbids(host *simulator.HostSystem, vm *simulator.VirtualMachine) *types.ClusterAntiAffinityRuleSpec {
	cluster, ok := get[*simulator.ClusterComputeResource](w, *host.Parent)
	if !ok {
		return nil
	}
	for _, info := range cluster.ConfigurationEx.(*types.ClusterConfigInfoEx).Rule {
		rule, apart := info.(*types.ClusterAntiAffinityRuleSpec)
		if !apart || !isTrue(rule.Enabled) || !isTrue(rule.Mandatory) || simulator.FindReference(rule.Vm, vm.Self) == nil {
			continue
		}
		for _, ref := range rule.Vm {
			other, there := get[*simulator.VirtualMachine](w, ref)
			if there && other != vm && *other.Runtime.Host == host.Self && runs(other) {
				return rule
			}
		}
	}
	return nil
}

func runs(vm *simulator.VirtualMachine) bool {
	return vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn
}
