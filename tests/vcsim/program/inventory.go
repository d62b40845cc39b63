package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/esx"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// furnish makes exactly the room's inventory: nothing else stands there but what every vCenter has.
func (w *World) furnish(room Room) error {
	ctx := w.maker
	ctx.Session.UserName = "nobody"
	root := w.registry.Get(w.registry.Get(types.ManagedObjectReference{
		Type: "ServiceInstance", Value: "ServiceInstance",
	}).(*simulator.ServiceInstance).Content.RootFolder).(*simulator.Folder)
	made := root.CreateDatacenter(ctx, &types.CreateDatacenter{Name: room.Datacenter}).(*methods.CreateDatacenterBody)
	w.datacenter, _ = get[*simulator.Datacenter](w, made.Res.Returnval)
	w.datacenter.Name = room.Datacenter
	dvs := w.hangSwitch(ctx, room.Switch)
	clusters := map[string]*simulator.ClusterComputeResource{}
	for _, each := range room.Clusters {
		cluster, fault := w.rack(ctx, each)
		if fault != nil {
			return fmt.Errorf("cluster %s: %T", each.Name, fault)
		}
		clusters[each.Name] = cluster
	}
	w.joinSwitch(dvs)
	for _, each := range room.Datastores {
		cluster, known := clusters[each.Cluster]
		if !known {
			return fmt.Errorf("datastore %s: no cluster %s", each.Name, each.Cluster)
		}
		w.mount(ctx, each, cluster)
	}
	folder, _ := get[*simulator.Folder](w, w.datacenter.VmFolder)
	shelf, fault := w.createFolder(ctx, &types.CreateFolder{This: folder.Self, Name: "templates"})
	if fault != nil {
		return fmt.Errorf("templates: %T", fault)
	}
	for _, each := range room.Templates {
		if fault = w.makeTemplate(ctx, each, shelf, clusters[room.Clusters[0].Name]); fault != nil {
			return fmt.Errorf("template %s: %T", each.Name, fault)
		}
	}
	w.journal.begin()
	return nil
}

// rack makes a cluster with HA and DRS on, and its hosts.
func (w *World) rack(
	ctx *simulator.Context, room ClusterRoom,
) (*simulator.ClusterComputeResource, types.BaseMethodFault) {
	folder, _ := get[*simulator.Folder](w, w.datacenter.HostFolder)
	cluster, fault := simulator.CreateClusterComputeResource(ctx, folder, room.Name, types.ClusterConfigSpecEx{})
	if fault != nil {
		return nil, fault
	}
	summary := cluster.Summary.(*types.ClusterComputeResourceSummary)
	summary.OverallStatus = types.ManagedEntityStatusGreen
	for _, each := range room.Hosts {
		w.rackHost(cluster, each)
		summary.NumHosts++
		summary.NumEffectiveHosts++
		summary.NumCpuThreads += int16(each.CPU)
		summary.NumCpuCores += int16(each.CPU)
		summary.TotalCpu += int32(each.CPU * hostMhz)
		summary.EffectiveCpu = summary.TotalCpu
		summary.TotalMemory += each.MemoryGiB * gigabyte
		summary.EffectiveMemory = summary.TotalMemory >> 20
	}
	config := cluster.ConfigurationEx.(*types.ClusterConfigInfoEx)
	config.DasConfig = types.ClusterDasConfigInfo{
		Enabled: types.NewBool(true), VmMonitoring: "vmMonitoringDisabled", HostMonitoring: "enabled",
		AdmissionControlEnabled: types.NewBool(false),
		DefaultVmSettings:       &types.ClusterDasVmSettings{RestartPriority: "medium", IsolationResponse: "none"},
	}
	config.DrsConfig = types.ClusterDrsConfigInfo{
		Enabled: types.NewBool(true), EnableVmBehaviorOverrides: types.NewBool(true),
		DefaultVmBehavior: types.DrsBehaviorFullyAutomated, VmotionRate: 3,
	}
	w.configureCluster(ctx, cluster, config)
	pool, _ := get[*simulator.ResourcePool](w, *cluster.ResourcePool)
	spec := types.DefaultResourceConfigSpec()
	spec.CpuAllocation.Reservation = types.NewInt64(int64(summary.TotalCpu))
	spec.CpuAllocation.Limit = spec.CpuAllocation.Reservation
	spec.MemoryAllocation.Reservation = types.NewInt64(summary.TotalMemory >> 20)
	spec.MemoryAllocation.Limit = spec.MemoryAllocation.Reservation
	summarizePool(pool, spec)
	return cluster, nil
}

const hostMhz = 2400

func (w *World) rackHost(cluster *simulator.ClusterComputeResource, room HostRoom) {
	template := mo.HostSystem{
		Runtime: types.HostRuntimeInfo{
			ConnectionState: types.HostSystemConnectionStateConnected,
			PowerState:      types.HostSystemPowerStatePoweredOn, StandbyMode: "none",
		},
		Config: &types.HostConfigInfo{Product: esx.HostSystem.Config.Product},
		Hardware: &types.HostHardwareInfo{
			SystemInfo: types.HostSystemInfo{Vendor: "maker", Model: "model", Uuid: uuid.NewString()},
			CpuInfo: types.HostCpuInfo{
				NumCpuPackages: 1, NumCpuCores: int16(room.CPU), NumCpuThreads: int16(room.CPU), Hz: hostMhz * 1000000,
			},
			MemorySize: room.MemoryGiB * gigabyte,
		},
	}
	template.Summary.Hardware = &types.HostHardwareSummary{
		Vendor: "maker", Model: "model", Uuid: template.Hardware.SystemInfo.Uuid, MemorySize: room.MemoryGiB * gigabyte,
		CpuModel: "cpu", CpuMhz: hostMhz, NumCpuPkgs: 1, NumCpuCores: int16(room.CPU), NumCpuThreads: int16(room.CPU),
	}
	template.Summary.Config = types.HostConfigSummary{
		Name: room.Name, Port: 443, Product: &template.Config.Product, VmotionEnabled: true,
	}
	template.Summary.OverallStatus = types.ManagedEntityStatusGreen
	host := &simulator.HostSystem{HostSystem: template}
	host.Name = room.Name
	host.Summary.Runtime = &host.Runtime
	w.registry.NewEntity(host)
	host.Summary.Host = &host.Self
	host.Config.Host = host.Self
	host.Network = cluster.Network
	cluster.Host = append(cluster.Host, host.Self)
	w.registry.PutEntity(cluster, host)
}

// mount makes a datastore on every host of a cluster.
func (w *World) mount(ctx *simulator.Context, room StoreRoom, cluster *simulator.ClusterComputeResource) {
	capacity := room.CapacityGB * gigabyte
	url := "ds:///vmfs/volumes/" + uuid.NewString() + "/"
	datastore := &simulator.Datastore{}
	datastore.Name = room.Name
	datastore.Summary = types.DatastoreSummary{
		Name: room.Name, Url: url, Capacity: capacity, FreeSpace: capacity, Accessible: true,
		MultipleHostAccess: types.NewBool(true), Type: "VMFS", MaintenanceMode: "normal",
	}
	datastore.Info = &types.VmfsDatastoreInfo{DatastoreInfo: types.DatastoreInfo{
		Name: room.Name, Url: url, FreeSpace: capacity, MaxFileSize: 64 << 40, Timestamp: types.NewTime(time.Now()),
	}}
	for _, host := range cluster.Host {
		datastore.Host = append(datastore.Host, types.DatastoreHostMount{Key: host, MountInfo: types.HostMountInfo{
			AccessMode: "readWrite", Mounted: types.NewBool(true), Accessible: types.NewBool(true),
		}})
	}
	folder, _ := get[*simulator.Folder](w, w.datacenter.DatastoreFolder)
	w.registry.NewEntity(datastore)
	datastore.Summary.Datastore = &datastore.Self
	w.adopt(ctx, folder, datastore)
	w.datacenter.Datastore = append(w.datacenter.Datastore, datastore.Self)
	cluster.Datastore = append(cluster.Datastore, datastore.Self)
	for _, ref := range cluster.Host {
		host, _ := get[*simulator.HostSystem](w, ref)
		host.Datastore = append(host.Datastore, datastore.Self)
	}
	w.storage.stores[datastore.Self.Value] = &Store{
		ref: datastore.Self, cluster: cluster.Self, name: room.Name, capacity: capacity, files: map[string]File{},
	}
}

// hangSwitch makes the distributed switch and its uplinks' portgroup.
func (w *World) hangSwitch(ctx *simulator.Context, name string) *Switch {
	dvs := &Switch{}
	dvs.Self.Type = "VmwareDistributedVirtualSwitch"
	dvs.Name = name
	dvs.Entity().Name = name
	dvs.Uuid = uuid.NewString()
	w.registry.NewEntity(dvs)
	dvs.Summary = types.DVSSummary{Name: name, Uuid: dvs.Uuid}
	dvs.Config = &types.VMwareDVSConfigInfo{
		DVSConfigInfo: types.DVSConfigInfo{
			Uuid: dvs.Uuid, Name: name, ConfigVersion: "1", DefaultPortConfig: defaultPortSetting(),
			UplinkPortPolicy: &types.DVSNameArrayUplinkPortPolicy{UplinkPortName: []string{"uplink1", "uplink2"}},
			Policy:           &types.DVSPolicy{},
		},
		MaxMtu: 1500,
	}
	folder, _ := get[*simulator.Folder](w, w.datacenter.NetworkFolder)
	w.adopt(ctx, folder, dvs)
	spec := types.DVPortgroupConfigSpec{Name: name + "-DVUplinks"}
	uplinks := w.addPortgroup(ctx, dvs, spec, true)
	dvs.Config.GetDVSConfigInfo().UplinkPortgroup = []types.ManagedObjectReference{uplinks.Self}
	return dvs
}

// joinSwitch makes every host a member of the switch.
func (w *World) joinSwitch(dvs *Switch) {
	for _, entity := range w.registry.All("HostSystem") {
		host := entity.(*simulator.HostSystem)
		dvs.Summary.HostMember = append(dvs.Summary.HostMember, host.Self)
		dvs.Config.GetDVSConfigInfo().Host = append(dvs.Config.GetDVSConfigInfo().Host, types.DistributedVirtualSwitchHostMember{
			Config: types.DistributedVirtualSwitchHostMemberConfigInfo{
				Host: &host.Self, MaxProxySwitchPorts: 512,
				Backing: &types.DistributedVirtualSwitchHostMemberPnicBacking{},
			},
			ProductInfo: &types.DistributedVirtualSwitchProductSpec{Version: "8.0.3"},
			Status:      "up",
		})
		host.Network = withReference(host.Network, dvs.Portgroup[0])
		cluster, _ := get[*simulator.ClusterComputeResource](w, *host.Parent)
		cluster.Network = withReference(cluster.Network, dvs.Portgroup[0])
	}
	for _, ref := range dvs.Portgroup {
		portgroup, _ := get[*simulator.DistributedVirtualPortgroup](w, ref)
		portgroup.Host = dvs.Summary.HostMember
	}
}

// makeTemplate makes an OS template on the cluster's first datastore: one disk on a controller, one card.
func (w *World) makeTemplate(
	ctx *simulator.Context, room TemplateRoom, folder types.ManagedObjectReference,
	cluster *simulator.ClusterComputeResource,
) types.BaseMethodFault {
	draft := &Draft{
		world: w, cluster: cluster.Self, name: room.Name, config: blank(), storage: w.storage.copy(),
		keys: map[int32]int32{},
	}
	draft.lodge(draft.storage.stores[cluster.Datastore[0].Value])
	draft.config.Template = true
	draft.config.Hardware.MemoryMB = 2048
	network := w.datacenter.Network[0]
	scsi := &types.ParaVirtualSCSIController{}
	scsi.Key = -1
	disk := &types.VirtualDisk{CapacityInBytes: room.DiskGB * gigabyte}
	disk.ControllerKey, disk.UnitNumber = -1, types.NewInt32(0)
	disk.Backing = &types.VirtualDiskFlatVer2BackingInfo{
		DiskMode: string(types.VirtualDiskModePersistent), ThinProvisioned: types.NewBool(true),
	}
	card := &types.VirtualVmxnet3{}
	card.Backing = &types.VirtualEthernetCardNetworkBackingInfo{
		VirtualDeviceDeviceBackingInfo: types.VirtualDeviceDeviceBackingInfo{DeviceName: "VM Network"}, Network: &network,
	}
	add := types.VirtualDeviceConfigSpecOperationAdd
	create := types.VirtualDeviceConfigSpecFileOperationCreate
	if fault := draft.change([]types.BaseVirtualDeviceConfigSpec{
		&types.VirtualDeviceConfigSpec{Operation: add, Device: scsi},
		&types.VirtualDeviceConfigSpec{Operation: add, Device: disk, FileOperation: create},
		&types.VirtualDeviceConfigSpec{Operation: add, Device: card},
	}); fault != nil {
		return fault
	}
	w.settle(ctx, draft, Seat{folder: folder, host: cluster.Host[0]})
	return nil
}
