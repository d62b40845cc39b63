package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// reconfigure carries out VirtualMachine.ReconfigVM_Task, whole or not at all.
func (w *World) reconfigure(
	ctx *simulator.Context, ref types.ManagedObjectReference, spec *types.VirtualMachineConfigSpec,
) types.BaseMethodFault {
	vm, fault := w.workable(ref)
	if fault != nil {
		return fault
	}
	if spec.ChangeVersion != "" && spec.ChangeVersion != vm.Config.ChangeVersion {
		return &types.ConcurrentAccess{}
	}
	if vm.Config.Template && changesMoreThanName(spec) {
		return &types.NotSupported{}
	}
	if vm.Runtime.PowerState == types.VirtualMachinePowerStateSuspended && changesHardware(spec) {
		return invalidPower(vm.Runtime.PowerState, types.VirtualMachinePowerStatePoweredOff)
	}
	draft := w.draftOf(vm)
	if spec.Name != "" && spec.Name != vm.Name {
		if fault = w.nameIsFree(*vm.Parent, spec.Name); fault != nil {
			return fault
		}
		draft.happened("renamed", spec.Name)
		draft.name = spec.Name
	}
	if fault = draft.configure(spec, vm); fault != nil {
		return fault
	}
	w.publish(ctx, vm, draft)
	return nil
}

func changesMoreThanName(spec *types.VirtualMachineConfigSpec) bool {
	return changesHardware(spec) || len(spec.ExtraConfig) != 0
}

func changesHardware(spec *types.VirtualMachineConfigSpec) bool {
	return spec.NumCPUs != 0 || spec.MemoryMB != 0 || len(spec.DeviceChange) != 0
}

// configure applies what a spec says beyond the name. vm: the one that exists already, nil while it is being made.
func (d *Draft) configure(spec *types.VirtualMachineConfigSpec, vm *simulator.VirtualMachine) types.BaseMethodFault {
	if fault := d.resize(spec); fault != nil {
		return fault
	}
	if fault := d.allocate(spec); fault != nil {
		return fault
	}
	if fault := d.toggle(spec); fault != nil {
		return fault
	}
	for _, text := range []struct {
		asked string
		held  *string
	}{
		{spec.Annotation, &d.config.Annotation}, {spec.GuestId, &d.config.GuestId}, {spec.Uuid, &d.config.Uuid},
		{spec.Version, &d.config.Version}, {spec.Firmware, &d.config.Firmware},
	} {
		if text.asked != "" {
			*text.held = text.asked
		}
	}
	if spec.InstanceUuid != "" {
		d.config.InstanceUuid = d.world.unusedUuid(spec.InstanceUuid, vm)
	}
	if fault := d.change(spec.DeviceChange); fault != nil {
		return fault
	}
	d.note(spec.ExtraConfig)
	return nil
}

// resize sets CPU and memory, which a running VM allows only as far as hot plug was switched on beforehand.
func (d *Draft) resize(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	hardware := &d.config.Hardware
	cpu, memory := hardware.NumCPU, hardware.MemoryMB
	if spec.NumCPUs != 0 && spec.NumCPUs != cpu {
		hotPlug := d.config.CpuHotAddEnabled
		if spec.NumCPUs < cpu {
			hotPlug = d.config.CpuHotRemoveEnabled
		}
		if d.running && !isTrue(hotPlug) {
			return &types.CpuHotPlugNotSupported{}
		}
		hardware.NumCPU = spec.NumCPUs
	}
	if spec.MemoryMB != 0 && int32(spec.MemoryMB) != memory {
		if d.running && (!isTrue(d.config.MemoryHotAddEnabled) || int32(spec.MemoryMB) < memory) {
			return &types.MemoryHotPlugNotSupported{}
		}
		hardware.MemoryMB = int32(spec.MemoryMB)
	}
	if cores := spec.NumCoresPerSocket; cores != nil {
		if d.running && *cores != *hardware.NumCoresPerSocket {
			return invalidPower(types.VirtualMachinePowerStatePoweredOn, types.VirtualMachinePowerStatePoweredOff)
		}
		hardware.NumCoresPerSocket = cores
	}
	if hardware.NumCPU < 1 || hardware.MemoryMB < 4 || hardware.MemoryMB%4 != 0 {
		return &types.InvalidArgument{InvalidProperty: "configSpec.hardware"}
	}
	if hardware.NumCPU != cpu || hardware.MemoryMB != memory {
		d.happened("cpu-memory-changed",
			fmt.Sprintf("%d cpu, %d MB -> %d cpu, %d MB", cpu, memory, hardware.NumCPU, hardware.MemoryMB))
	}
	return nil
}

// allocate merges reservations, limits and shares.
func (d *Draft) allocate(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	for _, each := range []struct {
		asked *types.ResourceAllocationInfo
		held  **types.ResourceAllocationInfo
	}{{spec.CpuAllocation, &d.config.CpuAllocation}, {spec.MemoryAllocation, &d.config.MemoryAllocation}} {
		if each.asked == nil {
			continue
		}
		merged := **each.held
		mergeAllocation(&merged, each.asked)
		*each.held = &merged
	}
	return nil
}

// toggle sets what may be switched; hot plug only while the VM is off.
func (d *Draft) toggle(spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	for _, flag := range []struct {
		asked *bool
		held  **bool
	}{
		{spec.CpuHotAddEnabled, &d.config.CpuHotAddEnabled},
		{spec.CpuHotRemoveEnabled, &d.config.CpuHotRemoveEnabled},
		{spec.MemoryHotAddEnabled, &d.config.MemoryHotAddEnabled},
	} {
		if flag.asked == nil || isTrue(flag.asked) == isTrue(*flag.held) {
			continue
		}
		if d.running {
			return invalidPower(types.VirtualMachinePowerStatePoweredOn, types.VirtualMachinePowerStatePoweredOff)
		}
		*flag.held = flag.asked
	}
	if spec.ManagedBy != nil {
		d.config.ManagedBy = spec.ManagedBy
	}
	return nil
}

// note merges extra configuration: an empty value removes the key.
func (d *Draft) note(options []types.BaseOptionValue) {
	if len(options) == 0 {
		return
	}
	held := map[string]types.BaseOptionValue{}
	for _, option := range d.config.ExtraConfig {
		held[option.GetOptionValue().Key] = option
	}
	keys := []string{}
	for _, option := range options {
		value := option.GetOptionValue()
		keys = append(keys, value.Key)
		if text, ok := value.Value.(string); ok && text == "" {
			delete(held, value.Key)
		} else {
			held[value.Key] = option
		}
	}
	order := []string{}
	for key := range held {
		order = append(order, key)
	}
	sort.Strings(order)
	d.config.ExtraConfig = nil
	for _, key := range order {
		d.config.ExtraConfig = append(d.config.ExtraConfig, held[key])
	}
	d.happened("extra-config-changed", strings.Join(keys, " "))
}

// unusedUuid is the asked instance UUID, or another when a VM has it: a vCenter settles conflicts that way.
func (w *World) unusedUuid(asked string, own *simulator.VirtualMachine) string {
	for _, entity := range w.registry.All("VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		if vm != own && strings.EqualFold(w.known(vm).InstanceUuid, asked) {
			return uuid.NewString()
		}
	}
	return asked
}

// nameIsFree refuses a name that a member of the folder has, or that a running task will give.
func (w *World) nameIsFree(folder types.ManagedObjectReference, name string) types.BaseMethodFault {
	parent, ok := get[*simulator.Folder](w, folder)
	if !ok {
		return gone(folder)
	}
	if twin := w.child(&parent.Folder, name); twin != nil {
		return &types.DuplicateName{Name: name, Object: twin.Reference()}
	}
	if _, claimed := w.claims[claim{folder, name}]; claimed {
		return &types.DuplicateName{Name: name, Object: folder}
	}
	return nil
}

func isTrue(flag *bool) bool { return flag != nil && *flag }

func mergeAllocation(held, asked *types.ResourceAllocationInfo) {
	if asked.Reservation != nil {
		held.Reservation = asked.Reservation
	}
	if asked.ExpandableReservation != nil {
		held.ExpandableReservation = asked.ExpandableReservation
	}
	if asked.Limit != nil {
		held.Limit = asked.Limit
	}
	if asked.Shares != nil {
		held.Shares = asked.Shares
	}
}
