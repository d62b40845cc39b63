"""What a backend makes of the steps of a server's plan, as a pure function, as strict as a vCenter.

Here: one server. Not here: capacity, faults, other kinds; those are the simulator's (`tests/contract`).
"""

from __future__ import annotations

from dataclasses import replace

from wpf_infra.model.availability import Power
from wpf_infra.model.observation import ObservedVm
from wpf_infra.model.resource import VmResource
from wpf_infra.plan.disturbance import Plan
from wpf_infra.plan.step import (
    Build,
    EraseDisk,
    PowerOn,
    Reconfigure,
    SetAvailability,
    ShutDownGuest,
    Step,
    TellGuest,
)


def applied(observed: ObservedVm | None, plan: Plan) -> ObservedVm | None:
    """The server after the plan's steps. An AssertionError is what a vCenter would have refused."""
    for step in plan.steps:
        observed = _after(observed, step)
    return observed


def _after(observed: ObservedVm | None, step: Step) -> ObservedVm:
    if isinstance(step, Build):
        return _built(observed, step)
    assert observed is not None, f"{step} of a server that is gone"
    match step:
        case ShutDownGuest(owe_restart):
            return replace(observed, power=Power.OFF, restart_owed=owe_restart)
        case TellGuest():
            assert observed.power is Power.OFF, "a running guest is told what it does not read"
            return observed
        case PowerOn():
            return replace(observed, power=Power.ON, restart_owed=False)
        case SetAvailability(restart_priority, anti_affinity):
            update = {"restart_priority": restart_priority, "anti_affinity": anti_affinity}
            return replace(observed, resource=observed.resource.model_copy(update=update))
        case Reconfigure():
            return _reconfigured(observed, step)
        case EraseDisk(disk):
            assert observed.power is Power.OFF, "a disk of a running server is erased"
            disks = {name: held for name, held in observed.resource.disks.items() if name != disk}
            assert disks, "a server keeps a disk"
            return replace(observed, resource=observed.resource.model_copy(update={"disks": disks}))
    raise AssertionError(f"{step} is no step of a server")


def _built(observed: ObservedVm | None, step: Build) -> ObservedVm:
    assert isinstance(step.resource, VmResource)
    wanted = seen(step.resource)
    if observed is None:
        return ObservedVm(wanted, Power.ON)
    for name in ("os", "cluster", "cpu", "memory_gib", "address", "restart_priority", "anti_affinity", "from_image"):
        assert getattr(observed.resource, name) == getattr(wanted, name), f"a different server stands there: {name}"
    foreign = {name: disk for name, disk in observed.resource.disks.items() if name not in wanted.disks}
    resource = wanted.model_copy(update={"disks": {**wanted.disks, **foreign}})
    owed = observed.restart_owed and observed.power is Power.ON
    return replace(observed, resource=resource, power=Power.ON, built=True, restart_owed=owed)


def _reconfigured(observed: ObservedVm, step: Reconfigure) -> ObservedVm:
    assert observed.power is Power.OFF, "a running server is reconfigured"
    disks = dict(observed.resource.disks)
    for name, size_gb in step.grow.items():
        assert disks[name].size_gb < size_gb, "a disk shrinks"
        disks[name] = disks[name].model_copy(update={"size_gb": size_gb})
    for name, disk in step.add.items():
        assert name not in disks, "a disk is added twice"
        disks[name] = disk
    settings = {"cpu": step.cpu, "memory_gib": step.memory_gib, "address": step.address}
    update = {name: value for name, value in settings.items() if value is not None}
    resource = observed.resource.model_copy(update={**update, "disks": disks})
    return replace(observed, resource=resource, restart_owed=observed.restart_owed or step.owe_restart)


def seen(vm: VmResource) -> VmResource:
    """The server as a backend shows it: agreements and the like live in the state alone."""
    return vm.as_observed()
