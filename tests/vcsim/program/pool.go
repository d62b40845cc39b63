package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

func (w *World) poolNameIsFree(parent *simulator.ResourcePool, name string) types.BaseMethodFault {
	for _, ref := range parent.ResourcePool.ResourcePool {
		if child, ok := get[*simulator.ResourcePool](w, ref); ok && child.Name == name {
			return &types.DuplicateName{Name: name, Object: ref}
		}
	}
	return nil
}

// createPool makes a resource pool: every field of both allocations has to be set, and no reservation may exceed what
// the parent has left.
func (w *World) createPool(
	ctx *simulator.Context, req *types.CreateResourcePool,
) (types.ManagedObjectReference, types.BaseMethodFault) {
	var none types.ManagedObjectReference
	parent, ok := get[*simulator.ResourcePool](w, req.This)
	if !ok {
		return none, gone(req.This)
	}
	if req.Name == "" {
		return none, &types.InvalidName{Name: req.Name}
	}
	if fault := w.poolNameIsFree(parent, req.Name); fault != nil {
		return none, fault
	}
	spec := req.Spec
	if !complete(&spec.CpuAllocation) {
		return none, &types.InvalidArgument{InvalidProperty: "spec.cpuAllocation"}
	}
	if !complete(&spec.MemoryAllocation) {
		return none, &types.InvalidArgument{InvalidProperty: "spec.memoryAllocation"}
	}
	if fault := w.reservable(parent, nil, &spec); fault != nil {
		return none, fault
	}
	pool := simulator.NewResourcePool(ctx)
	pool.Name = req.Name
	pool.Owner = parent.Owner
	w.registry.NewEntity(pool)
	summarizePool(pool, spec)
	ctx.WithLock(parent, func() {
		parent.ResourcePool.ResourcePool = append(parent.ResourcePool.ResourcePool, pool.Self)
	})
	w.registry.PutEntity(parent, pool)
	w.journal.write(userOf(ctx), "created", w.path(pool.Self), "ResourcePool")
	return pool.Self, nil
}

func summarizePool(pool *simulator.ResourcePool, spec types.ResourceConfigSpec) {
	spec.Entity = &pool.Self
	pool.Config = spec
	pool.Runtime = types.ResourcePoolRuntimeInfo{OverallStatus: types.ManagedEntityStatusGreen}
	pool.Summary = &types.ResourcePoolSummary{Name: pool.Name, Config: spec, Runtime: pool.Runtime}
}

func complete(info *types.ResourceAllocationInfo) bool {
	return info.Reservation != nil && *info.Reservation >= 0 && info.Limit != nil && *info.Limit >= -1 &&
		info.ExpandableReservation != nil && info.Shares != nil
}

// reservable refuses reservations beyond what a parent pool has left. own: the pool that is being changed.
func (w *World) reservable(parent, own *simulator.ResourcePool, spec *types.ResourceConfigSpec) types.BaseMethodFault {
	cpu, memory := *parent.Config.CpuAllocation.Reservation, *parent.Config.MemoryAllocation.Reservation
	for _, ref := range parent.ResourcePool.ResourcePool {
		if child, ok := get[*simulator.ResourcePool](w, ref); ok && child != own {
			cpu -= *child.Config.CpuAllocation.Reservation
			memory -= *child.Config.MemoryAllocation.Reservation
		}
	}
	if asked := spec.CpuAllocation.Reservation; asked != nil && *asked > cpu {
		return &types.InsufficientCpuResourcesFault{Unreserved: cpu, Requested: *asked}
	}
	if asked := spec.MemoryAllocation.Reservation; asked != nil && *asked > memory {
		return &types.InsufficientMemoryResourcesFault{Unreserved: memory << 20, Requested: *asked << 20}
	}
	return nil
}

// updatePool carries out ResourcePool.UpdateConfig: unset fields stay.
func (w *World) updatePool(ctx *simulator.Context, req *types.UpdateConfig) types.BaseMethodFault {
	pool, ok := get[*simulator.ResourcePool](w, req.This)
	if !ok {
		return gone(req.This)
	}
	parent, inner := get[*simulator.ResourcePool](w, *pool.Parent)
	name, spec := pool.Name, pool.Config
	if req.Name != "" && req.Name != name {
		if !inner {
			return &types.NotSupported{}
		}
		if fault := w.poolNameIsFree(parent, req.Name); fault != nil {
			return fault
		}
		name = req.Name
	}
	if asked := req.Config; asked != nil {
		if inner {
			if fault := w.reservable(parent, pool, asked); fault != nil {
				return fault
			}
		}
		mergeAllocation(&spec.CpuAllocation, &asked.CpuAllocation)
		mergeAllocation(&spec.MemoryAllocation, &asked.MemoryAllocation)
	}
	ctx.WithLock(pool, func() {
		pool.Name = name
		summarizePool(pool, spec)
		ctx.Update(pool, []types.PropertyChange{{Name: "name", Val: name}, {Name: "config", Val: spec}})
	})
	w.journal.write(userOf(ctx), "reconfigured", w.path(pool.Self), "ResourcePool")
	return nil
}

// moveIntoPool carries out ResourcePool.MoveIntoResourcePool for VMs and pools.
func (w *World) moveIntoPool(ctx *simulator.Context, req *types.MoveIntoResourcePool) types.BaseMethodFault {
	pool, ok := get[*simulator.ResourcePool](w, req.This)
	if !ok {
		return gone(req.This)
	}
	for _, ref := range req.List {
		switch member := w.registry.Get(ref).(type) {
		case *simulator.VirtualMachine:
			host, _ := get[*simulator.HostSystem](w, *member.Runtime.Host)
			if w.known(member).Template || *host.Parent != pool.Owner {
				return &types.InvalidArgument{InvalidProperty: "list"}
			}
			w.changePool(ctx, ref, pool.Self)
		case *simulator.ResourcePool:
			if fault := w.poolNameIsFree(pool, member.Name); fault != nil {
				return fault
			}
			old, inner := get[*simulator.ResourcePool](w, *member.Parent)
			if !inner || member.Owner != pool.Owner {
				return &types.InvalidArgument{InvalidProperty: "list"}
			}
			ctx.WithLock(old, func() { simulator.RemoveReference(&old.ResourcePool.ResourcePool, ref) })
			ctx.WithLock(pool, func() { pool.ResourcePool.ResourcePool = append(pool.ResourcePool.ResourcePool, ref) })
			ctx.WithLock(member, func() { member.Parent = &pool.Self })
		default:
			return gone(ref)
		}
		w.journal.write(userOf(ctx), "relocated", w.path(ref), w.path(pool.Self))
	}
	return nil
}
