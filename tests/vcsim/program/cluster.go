package main

import (
	"reflect"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// reconfigureCluster carries out ComputeResource.ReconfigureComputeResource_Task, whole or not at all.
//
// With modify the specification is added to what is there, else it takes its place (only incremental changes are used
// and allowed here).
func (w *World) reconfigureCluster(
	ctx *simulator.Context, req *types.ReconfigureComputeResource_Task,
) types.BaseMethodFault {
	cluster, ok := get[*simulator.ClusterComputeResource](w, req.This)
	if !ok {
		return gone(req.This)
	}
	spec, ok := req.Spec.(*types.ClusterConfigSpecEx)
	if !ok {
		return &types.InvalidArgument{InvalidProperty: "spec"}
	}
	if !req.Modify {
		return &types.NotSupported{}
	}
	config := *cluster.ConfigurationEx.(*types.ClusterConfigInfoEx)
	config.DasVmConfig = append([]types.ClusterDasVmConfigInfo{}, config.DasVmConfig...)
	config.Rule = append([]types.BaseClusterRuleInfo{}, config.Rule...)
	if spec.DasConfig != nil {
		merge(&config.DasConfig, spec.DasConfig)
		if policy, is := config.DasConfig.AdmissionControlPolicy.(*types.ClusterFailoverLevelAdmissionControlPolicy); is {
			config.DasConfig.FailoverLevel = policy.FailoverLevel
		}
	}
	if spec.DrsConfig != nil {
		merge(&config.DrsConfig, spec.DrsConfig)
	}
	if fault := w.changeRules(cluster, &config, spec.RulesSpec); fault != nil {
		return fault
	}
	if fault := w.changeOverrides(cluster, &config, spec.DasVmConfigSpec); fault != nil {
		return fault
	}
	if len(spec.GroupSpec)+len(spec.DrsVmConfigSpec)+len(spec.VmOrchestrationSpec) > 0 {
		return &types.NotSupported{}
	}
	w.configureCluster(ctx, cluster, &config)
	w.journal.write(userOf(ctx), "reconfigured", w.path(cluster.Self), "ClusterComputeResource")
	w.keepApart(ctx, cluster)
	return nil
}

func (w *World) configureCluster(
	ctx *simulator.Context, cluster *simulator.ClusterComputeResource, config *types.ClusterConfigInfoEx,
) {
	ctx.WithLock(cluster, func() {
		cluster.ConfigurationEx = config
		cluster.Configuration = types.ClusterConfigInfo{
			DasConfig: config.DasConfig, DasVmConfig: config.DasVmConfig,
			DrsConfig: config.DrsConfig, DrsVmConfig: config.DrsVmConfig, Rule: config.Rule,
		}
		ctx.Update(cluster, []types.PropertyChange{{Name: "configurationEx", Val: config}})
	})
}

// merge sets in held what is set in asked, field by field.
func merge(held, asked any) {
	to, from := reflect.ValueOf(held).Elem(), reflect.ValueOf(asked).Elem()
	for at := 0; at < from.NumField(); at++ {
		if !from.Field(at).IsZero() {
			to.Field(at).Set(from.Field(at))
		}
	}
}

// changeRules adds, edits and removes DRS rules. A rule's name is its own; a VM-VM rule needs two VMs of the cluster.
func (w *World) changeRules(
	cluster *simulator.ClusterComputeResource, config *types.ClusterConfigInfoEx, specs []types.ClusterRuleSpec,
) types.BaseMethodFault {
	for _, spec := range specs {
		at := -1
		for index, held := range config.Rule {
			info := held.GetClusterRuleInfo()
			switch {
			case spec.Operation == types.ArrayUpdateOperationRemove:
				if key, ok := spec.RemoveKey.(int32); ok && key == info.Key {
					at = index
				}
			case spec.Info == nil:
			case spec.Operation == types.ArrayUpdateOperationAdd && info.Name == spec.Info.GetClusterRuleInfo().Name,
				spec.Operation == types.ArrayUpdateOperationEdit && info.Key == spec.Info.GetClusterRuleInfo().Key:
				at = index
			}
		}
		invalid := &types.InvalidArgument{InvalidProperty: "rulesSpec"}
		if spec.Operation != types.ArrayUpdateOperationRemove {
			if spec.Info == nil || !w.mayStand(cluster, spec.Info) {
				return invalid
			}
		}
		switch {
		case spec.Operation == types.ArrayUpdateOperationAdd && at < 0:
			w.ruleCount++
			info := spec.Info.GetClusterRuleInfo()
			info.Key = w.ruleCount
			info.RuleUuid = uuid.NewString()
			info.Status = types.ManagedEntityStatusGreen
			info.UserCreated = types.NewBool(true)
			if info.Enabled == nil {
				info.Enabled = types.NewBool(false)
			}
			if info.Mandatory == nil {
				info.Mandatory = types.NewBool(false)
			}
			info.InCompliance = types.NewBool(true)
			config.Rule = append(config.Rule, spec.Info)
		case spec.Operation == types.ArrayUpdateOperationEdit && at >= 0:
			edited := copyOf(config.Rule[at])
			if reflect.TypeOf(edited) != reflect.TypeOf(spec.Info) {
				return invalid
			}
			merge(edited.(types.BaseClusterRuleInfo).GetClusterRuleInfo(), spec.Info.GetClusterRuleInfo())
			if rule, apart := edited.(*types.ClusterAntiAffinityRuleSpec); apart {
				rule.Vm = spec.Info.(*types.ClusterAntiAffinityRuleSpec).Vm
			}
			if rule, together := edited.(*types.ClusterAffinityRuleSpec); together {
				rule.Vm = spec.Info.(*types.ClusterAffinityRuleSpec).Vm
			}
			config.Rule[at] = edited.(types.BaseClusterRuleInfo)
		case spec.Operation == types.ArrayUpdateOperationRemove && at >= 0:
			config.Rule = append(config.Rule[:at:at], config.Rule[at+1:]...)
		default:
			return invalid
		}
	}
	return nil
}

// mayStand tells whether a VM-VM rule names at least two different VMs, all of the cluster.
func (w *World) mayStand(cluster *simulator.ClusterComputeResource, info types.BaseClusterRuleInfo) bool {
	var vms []types.ManagedObjectReference
	switch rule := info.(type) {
	case *types.ClusterAntiAffinityRuleSpec:
		vms = rule.Vm
	case *types.ClusterAffinityRuleSpec:
		vms = rule.Vm
	default:
		return false
	}
	different := map[types.ManagedObjectReference]bool{}
	for _, ref := range vms {
		if !w.inCluster(cluster, ref) {
			return false
		}
		different[ref] = true
	}
	return len(different) >= 2
}

func (w *World) inCluster(cluster *simulator.ClusterComputeResource, ref types.ManagedObjectReference) bool {
	vm, ok := get[*simulator.VirtualMachine](w, ref)
	if !ok {
		return false
	}
	host, ok := get[*simulator.HostSystem](w, *vm.Runtime.Host)
	return ok && *host.Parent == cluster.Self
}

// changeOverrides adds, edits and removes HA settings of single VMs.
func (w *World) changeOverrides(
	cluster *simulator.ClusterComputeResource, config *types.ClusterConfigInfoEx, specs []types.ClusterDasVmConfigSpec,
) types.BaseMethodFault {
	for _, spec := range specs {
		invalid := &types.InvalidArgument{InvalidProperty: "dasVmConfigSpec"}
		var key types.ManagedObjectReference
		if spec.Operation == types.ArrayUpdateOperationRemove {
			key, _ = spec.RemoveKey.(types.ManagedObjectReference)
		} else if spec.Info == nil || !w.inCluster(cluster, spec.Info.Key) {
			return invalid
		} else {
			key = spec.Info.Key
		}
		at := -1
		for index := range config.DasVmConfig {
			if config.DasVmConfig[index].Key == key {
				at = index
			}
		}
		switch {
		case spec.Operation == types.ArrayUpdateOperationAdd && at < 0:
			config.DasVmConfig = append(config.DasVmConfig, *spec.Info)
		case spec.Operation == types.ArrayUpdateOperationEdit && at >= 0:
			edited := config.DasVmConfig[at]
			if spec.Info.DasSettings != nil {
				settings := types.ClusterDasVmSettings{}
				if edited.DasSettings != nil {
					settings = *edited.DasSettings
				}
				merge(&settings, spec.Info.DasSettings)
				edited.DasSettings = &settings
			}
			if spec.Info.RestartPriority != "" {
				edited.RestartPriority = spec.Info.RestartPriority
			}
			config.DasVmConfig[at] = edited
		case spec.Operation == types.ArrayUpdateOperationRemove && at >= 0:
			config.DasVmConfig = append(config.DasVmConfig[:at:at], config.DasVmConfig[at+1:]...)
		default:
			return invalid
		}
	}
	return nil
}

// forget takes a VM that is gone out of a cluster's rules and settings.
func (w *World) forget(ctx *simulator.Context, ref, vm types.ManagedObjectReference) {
	cluster, ok := get[*simulator.ClusterComputeResource](w, ref)
	if !ok {
		return
	}
	config := *cluster.ConfigurationEx.(*types.ClusterConfigInfoEx)
	config.Rule = nil
	for _, held := range cluster.ConfigurationEx.(*types.ClusterConfigInfoEx).Rule {
		rule := copyOf(held).(types.BaseClusterRuleInfo)
		if apart, is := rule.(*types.ClusterAntiAffinityRuleSpec); is {
			apart.Vm = append([]types.ManagedObjectReference{}, apart.Vm...)
			simulator.RemoveReference(&apart.Vm, vm)
		}
		config.Rule = append(config.Rule, rule)
	}
	config.DasVmConfig = nil
	for _, override := range cluster.ConfigurationEx.(*types.ClusterConfigInfoEx).DasVmConfig {
		if override.Key != vm {
			config.DasVmConfig = append(config.DasVmConfig, override)
		}
	}
	w.configureCluster(ctx, cluster, &config)
}
