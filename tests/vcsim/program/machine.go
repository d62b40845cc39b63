package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// Seat is where a VM belongs: folder, pool, host.
type Seat struct {
	folder types.ManagedObjectReference
	pool   *types.ManagedObjectReference // nil for a template
	host   types.ManagedObjectReference
}

const hardwareVersion = "vmx-20"

// blank is the configuration of a VM that nobody configured yet.
func blank() types.VirtualMachineConfigInfo {
	shares := types.DefaultResourceConfigSpec()
	return types.VirtualMachineConfigInfo{
		Version:          hardwareVersion,
		GuestId:          "otherGuest64",
		GuestFullName:    "Other (64-bit)",
		Uuid:             uuid.NewString(),
		InstanceUuid:     uuid.NewString(),
		CreateDate:       types.NewTime(time.Now()),
		Firmware:         string(types.GuestOsDescriptorFirmwareTypeBios),
		Tools:            &types.ToolsConfigInfo{ToolsVersion: 12389},
		CpuAllocation:    &shares.CpuAllocation,
		MemoryAllocation: &shares.MemoryAllocation,
		BootOptions:      &types.VirtualMachineBootOptions{},
		CpuHotAddEnabled: types.NewBool(false), CpuHotRemoveEnabled: types.NewBool(false),
		MemoryHotAddEnabled: types.NewBool(false),
		Hardware: types.VirtualHardware{
			NumCPU: 1, NumCoresPerSocket: types.NewInt32(1), MemoryMB: 1024, Device: builtIn(),
		},
	}
}

// lodge gives a draft its folder on a datastore.
func (d *Draft) lodge(store *Store) {
	d.home = object.DatastorePath{Datastore: store.name, Path: store.folder(d.name)}
	home := d.home.String()
	d.config.Files = types.VirtualMachineFileInfo{
		VmPathName:        fmt.Sprintf("%s/%s.vmx", home, d.name),
		SnapshotDirectory: home, SuspendDirectory: home, LogDirectory: home,
	}
}

// settle makes a drafted VM a member of the inventory.
func (w *World) settle(ctx *simulator.Context, draft *Draft, seat Seat) *simulator.VirtualMachine {
	w.machineCount++
	vm := &simulator.VirtualMachine{DataSets: map[string]*simulator.DataSet{}}
	vm.Self = types.ManagedObjectReference{Type: "VirtualMachine", Value: fmt.Sprintf("vm-%d", w.machineCount)}
	vm.ResourcePool = seat.pool
	vm.Guest = &types.GuestInfo{GuestState: "notRunning"}
	vm.Storage = &types.VirtualMachineStorageInfo{Timestamp: time.Now()}
	vm.GuestHeartbeatStatus = types.ManagedEntityStatusGray
	vm.Runtime = types.VirtualMachineRuntimeInfo{
		Host:                &seat.host,
		ConnectionState:     types.VirtualMachineConnectionStateConnected,
		PowerState:          types.VirtualMachinePowerStatePoweredOff,
		FaultToleranceState: types.VirtualMachineFaultToleranceStateNotConfigured,
		RecordReplayState:   types.VirtualMachineRecordReplayStateInactive,
		ConsolidationNeeded: false,
	}
	vm.Summary.Vm = &vm.Self
	vm.Summary.QuickStats.GuestHeartbeatStatus = types.ManagedEntityStatusGray
	vm.Summary.OverallStatus = types.ManagedEntityStatusGreen
	if cluster, ok := get[*simulator.ClusterComputeResource](w, draft.cluster); ok && cluster.EnvironmentBrowser != nil {
		vm.EnvironmentBrowser = *cluster.EnvironmentBrowser
	}
	vm.AvailableField = simulator.GetCustomFieldsAvailable(ctx, &vm.Self)
	w.guests[vm.Self] = &Guest{tools: true}
	w.put(draft, vm)
	folder, _ := get[*simulator.Folder](w, seat.folder)
	ctx.WithLock(folder, func() { folder.ChildEntity = append(folder.ChildEntity, vm.Self) })
	w.registry.PutEntity(folder, vm)
	if seat.pool != nil {
		w.joinPool(ctx, *seat.pool, vm.Self)
	}
	host, _ := get[*simulator.HostSystem](w, seat.host)
	ctx.WithLock(host, func() { host.Vm = append(host.Vm, vm.Self) })
	w.link(ctx, vm.Self, nil, vm.Datastore)
	w.link(ctx, vm.Self, nil, vm.Network)
	w.commit(ctx, draft.storage)
	return vm
}

// publish makes a draft the VM's configuration and says so in the journal.
func (w *World) publish(ctx *simulator.Context, vm *simulator.VirtualMachine, draft *Draft) {
	stores, networks := vm.Datastore, vm.Network
	ctx.WithLock(vm, func() {
		w.put(draft, vm)
		ctx.Update(vm, []types.PropertyChange{
			{Name: "name", Val: vm.Name},
			{Name: "config.name", Val: vm.Name},
			{Name: "config.changeVersion", Val: vm.Config.ChangeVersion},
			{Name: "config.instanceUuid", Val: vm.Config.InstanceUuid},
			{Name: "config.extraConfig", Val: vm.Config.ExtraConfig},
			{Name: "config.hardware.numCPU", Val: vm.Config.Hardware.NumCPU},
			{Name: "config.hardware.memoryMB", Val: vm.Config.Hardware.MemoryMB},
			{Name: "config.hardware.device", Val: vm.Config.Hardware.Device},
			{Name: "summary.config.numCpu", Val: vm.Summary.Config.NumCpu},
			{Name: "summary.config.memorySizeMB", Val: vm.Summary.Config.MemorySizeMB},
		})
	})
	w.link(ctx, vm.Self, stores, vm.Datastore)
	w.link(ctx, vm.Self, networks, vm.Network)
	w.commit(ctx, draft.storage)
	w.tell(ctx, vm.Self, draft.events)
}

func (w *World) tell(ctx *simulator.Context, ref types.ManagedObjectReference, events []event) {
	for _, each := range events {
		w.journal.write(userOf(ctx), each.name, w.path(ref), each.detail)
	}
}

// put copies a draft into the VM's properties, and what follows from it into the summary.
func (w *World) put(draft *Draft, vm *simulator.VirtualMachine) {
	config := draft.config
	config.Name = draft.name
	config.Modified = time.Now()
	config.ChangeVersion = w.nextVersion()
	connect(config.Hardware.Device, draft.running)
	wire(config.Hardware.Device)
	vm.Name = draft.name
	vm.Config = &config
	vm.Network = w.networksOf(config.Hardware.Device)
	vm.Datastore = nil
	disks, cards := int32(0), int32(0)
	committed := int64(0)
	if home := draft.storage.named(draft.home.Datastore); home != nil {
		vm.Datastore = append(vm.Datastore, home.ref)
	}
	for _, device := range config.Hardware.Device {
		if disk, backing := flatBacking(device); backing != nil {
			vm.Datastore = withReference(vm.Datastore, *backing.Datastore)
			disks++
			committed += disk.CapacityInBytes
		}
		if _, ok := device.(types.BaseVirtualEthernetCard); ok {
			cards++
		}
	}
	vm.Summary.Runtime = vm.Runtime
	vm.Summary.Guest = &types.VirtualMachineGuestSummary{
		ToolsStatus: vm.Guest.ToolsStatus, ToolsRunningStatus: vm.Guest.ToolsRunningStatus,
	}
	vm.Summary.Storage = &types.VirtualMachineStorageSummary{
		Committed: committed, Unshared: committed, Timestamp: time.Now(),
	}
	vm.Summary.Config = types.VirtualMachineConfigSummary{
		Name: config.Name, Template: config.Template, VmPathName: config.Files.VmPathName,
		MemorySizeMB: config.Hardware.MemoryMB, NumCpu: config.Hardware.NumCPU,
		NumEthernetCards: cards, NumVirtualDisks: disks, Uuid: config.Uuid, InstanceUuid: config.InstanceUuid,
		GuestId: config.GuestId, GuestFullName: config.GuestFullName, Annotation: config.Annotation,
		HwVersion: config.Version,
	}
}

// link keeps the lists of VMs that datastores and networks have.
func (w *World) link(ctx *simulator.Context, vm types.ManagedObjectReference, before, after []types.ManagedObjectReference) {
	for _, ref := range before {
		if simulator.FindReference(after, ref) == nil {
			w.list(ctx, ref, func(vms *[]types.ManagedObjectReference) { simulator.RemoveReference(vms, vm) })
		}
	}
	for _, ref := range after {
		if simulator.FindReference(before, ref) == nil {
			w.list(ctx, ref, func(vms *[]types.ManagedObjectReference) { *vms = withReference(*vms, vm) })
		}
	}
}

func (w *World) list(
	ctx *simulator.Context, ref types.ManagedObjectReference, change func(*[]types.ManagedObjectReference),
) {
	switch holder := w.registry.Get(ref).(type) {
	case *simulator.Datastore:
		ctx.WithLock(holder, func() { change(&holder.Vm) })
	case *simulator.DistributedVirtualPortgroup:
		ctx.WithLock(holder, func() { change(&holder.Vm) })
	case *simulator.ResourcePool:
		ctx.WithLock(holder, func() { change(&holder.Vm) })
	case *simulator.HostSystem:
		ctx.WithLock(holder, func() { change(&holder.Vm) })
	}
}

func (w *World) joinPool(ctx *simulator.Context, pool, vm types.ManagedObjectReference) {
	w.list(ctx, pool, func(vms *[]types.ManagedObjectReference) { *vms = withReference(*vms, vm) })
}

// machine is the VM of that reference.
func (w *World) machine(ref types.ManagedObjectReference) (*simulator.VirtualMachine, types.BaseMethodFault) {
	if vm, ok := get[*simulator.VirtualMachine](w, ref); ok {
		return vm, nil
	}
	return nil, gone(ref)
}
