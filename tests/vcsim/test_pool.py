"""Resource pools: reservations, updates, moves."""

from __future__ import annotations

import pytest
from pyVmomi import vim, vmodl

from tests.vcsim.client import Client, allocation


def test_reservations_beyond_the_parent(client: Client) -> None:
    """ResourcePool.CreateResourcePool and .UpdateConfig: InsufficientResourcesFault, counting what sisters have."""
    root = client.cluster().resourcePool
    whole = root.config.memoryAllocation.reservation
    pool = root.CreateResourcePool("hill", allocation(memory=whole - 100))
    with pytest.raises(vim.fault.InsufficientMemoryResourcesFault):
        root.CreateResourcePool("lake", allocation(memory=200))
    with pytest.raises(vim.fault.InsufficientCpuResourcesFault):
        root.CreateResourcePool("lake", allocation(cpu=10**6))
    with pytest.raises(vim.fault.InsufficientMemoryResourcesFault):
        pool.UpdateConfig(None, allocation(memory=whole + 1))
    with pytest.raises(vim.fault.InsufficientMemoryResourcesFault):
        pool.CreateResourcePool("inner", allocation(memory=whole))
    assert [each.name for each in root.resourcePool] == ["hill"]


def test_every_field_is_asked_for(client: Client) -> None:
    """CreateResourcePool: every field of both allocations of ResourceConfigSpec has to be set; InvalidArgument."""
    incomplete = allocation()
    incomplete.cpuAllocation.limit = None
    with pytest.raises(vmodl.fault.InvalidArgument):
        client.cluster().resourcePool.CreateResourcePool("hill", incomplete)


def test_update(client: Client) -> None:
    """ResourcePool.UpdateConfig: what is unset stays."""
    pool = client.cluster().resourcePool.CreateResourcePool("hill", allocation(limit=5000))
    part = vim.ResourceConfigSpec(
        cpuAllocation=vim.ResourceAllocationInfo(limit=7000), memoryAllocation=vim.ResourceAllocationInfo()
    )
    pool.UpdateConfig("slope", part)
    assert pool.name == pool.summary.name == "slope"
    assert (pool.config.cpuAllocation.limit, pool.config.memoryAllocation.limit) == (7000, 5000)


def test_moves(client: Client) -> None:
    """ResourcePool.MoveIntoResourcePool, VirtualMachineRelocateSpec.pool: VMs and pools of the same cluster."""
    root = client.cluster().resourcePool
    hill, lake = root.CreateResourcePool("hill", allocation()), root.CreateResourcePool("lake", allocation())
    vm = client.cloned("app-1")
    hill.MoveIntoResourcePool([vm])
    assert vm.resourcePool == hill and list(hill.vm) == [vm] and not list(root.vm)
    client.wait(vm.RelocateVM_Task(vim.vm.RelocateSpec(pool=lake)))
    assert vm.resourcePool == lake and not list(hill.vm)
    lake.MoveIntoResourcePool([hill])
    assert hill.parent == lake and list(root.resourcePool) == [lake]
    with pytest.raises(vmodl.fault.InvalidArgument):
        client.cluster("osaka-1").resourcePool.MoveIntoResourcePool([vm])
