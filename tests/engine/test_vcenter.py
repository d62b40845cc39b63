"""A vCenter under the engine: the sample's tenants from nothing to an erasure, a provider that is killed, other
people's things, and what is said when the vCenter cannot be used.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyVmomi import vim

from tests.contract.vsphere import VsphereHarness, harness_in
from tests.engine.carrier import OnVcenter
from tests.engine.estate import BIN, UTILITY, VENDOR, Estate, Ran, server
from tests.engine.vcenter import room_of
from tests.vcsim.server import PASSWORD
from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.model.identity import Identity, Kind

CHECKOUT = Path(__file__).parents[2]
HIGASHI, AQUA = "higashi-suido", "aqua-systems"


def wpf(estate: Estate, *arguments: str, **variables: str) -> Ran:
    done = subprocess.run(
        [BIN / "wpf", *arguments],
        cwd=estate.root,
        env={**estate.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


def harness_of(estate: Estate) -> VsphereHarness:
    assert isinstance(estate.carrier, OnVcenter)
    return estate.carrier.harness


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Estate]:
    """The checkout's own stacks, pointed at a vCenter by Pulumi.yaml, the password in the environment."""
    root = tmp_path / "sample"
    shutil.copytree(CHECKOUT / "stacks", root / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "vcenter").mkdir()
    (root / ".wpf" / "state").mkdir(parents=True)
    with harness_in(tmp_path / "vcenter", room_of(root)) as harness:
        vcenter = harness.vcenter
        project = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())
        project["plugins"]["providers"][0]["path"] = str(BIN)
        project["config"]["wpf:backend"] = "vsphere"
        project["config"]["wpf:vsphere"] = {
            "value": {
                "host": vcenter.host,
                "user": vcenter.user,
                "datacenter": vcenter.datacenter,
                "ca_file": str(vcenter.ca_file),
            }
        }
        (root / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        yield Estate(root, OnVcenter(harness), WPF_VSPHERE_PASSWORD=PASSWORD)


def test_the_sample_from_nothing_to_an_erasure(sample: Estate) -> None:
    """FAQ-13, FAQ-15, FAQ-16"""
    harness = harness_of(sample)
    stacks = ("platform", AQUA, HIGASHI)
    wpf(sample, "up", "platform").good()
    began = len(sample.happened())
    with_image = wpf(sample, "up", AQUA)  # images are the simulator's alone (FAQ-25)
    assert with_image.code == 1 and "refused: collector-golden" in with_image.said
    assert len(sample.happened()) == began
    _rewrite(sample, AQUA, "    from_image: collector-golden\n", "")
    _cut(sample, AQUA, "images:\n", "trust:\n")
    said = wpf(sample, "up", *stacks).good().said
    assert f"{HIGASHI}: 2 of 2 servers run on tk-esx-" in said
    assert f"{AQUA}: 3 of 3 servers run on tk-esx-" in said
    assert all(sample.is_settled(stack) for stack in stacks)

    began = len(sample.happened())
    _rewrite(sample, HIGASHI, "    cpu: 4\n", "    cpu: 8\n")
    _rewrite(sample, HIGASHI, "data: {size_gb: 300,", "data: {size_gb: 500,")
    lines = sample.preview(HIGASHI).good().disturbances()
    assert [line.partition(" → ")[0] for line in lines] == ["stop: app-1 cpu 4", "stop: app-1 disks.data.size_gb 300"]
    assert len(sample.happened()) == began
    sample.up(HIGASHI).good()
    app = f"{HIGASHI}/vm/app-1"
    assert sorted(sample.happened()[began:]) == sorted(
        (event, app) for event in ("guest-shut-down", "resized", "disk-grown", "powered-on")
    )
    assert sample.is_settled(HIGASHI)

    december = {"WPF_NOW": "2026-12-01T10:00:00+09:00"}
    _cut(sample, AQUA, "  old-batch:\n", "trust:\n")
    assert "refused: old-batch" in sample.preview(AQUA, **december).bad().said
    sample.power(AQUA, "old-batch", on=False)
    (line,) = sample.preview(AQUA, **december).good().disturbances()
    assert line.startswith("erase: old-batch ") and line.endswith(" FAQ-13")
    sample.up(AQUA, **december).good()
    batch = f"{AQUA}/vm/old-batch"
    assert [event for event, who in sample.happened() if who == batch][-2:] == ["disk-erased", "deleted"]
    assert not [path for path in harness.vcenter.disks() if "old-batch" in path]
    assert sample.preview(AQUA, "--expect-no-changes", **december).good()
    assert harness.vcenter.user not in harness.vcenter.sessions()


def test_a_provider_killed_between_a_clone_and_its_reply(estate_on_vcenter: Estate) -> None:
    estate, harness = estate_on_vcenter, harness_of(estate_on_vcenter)
    estate.edit(UTILITY, lambda tenant: tenant["vms"].update({"app-3": server("10.64.1.13")}))
    harness.vcenter.task_duration(1500, methods=["CloneVM_Task"])
    harness.vcenter.reset_calls()
    run = subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", UTILITY],
        cwd=estate.root,
        env=estate.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait(lambda: harness.vcenter.calls()["CloneVM_Task"] == 1)
    (provider,) = _providers(estate.root)
    os.kill(provider, signal.SIGKILL)
    assert run.wait(60) != 0
    app = f"{UTILITY}/vm/app-3"
    _wait(lambda: ("created", app) in estate.happened())
    harness.vcenter.task_duration(0)
    assert (UTILITY, "app-3") in estate.servers()

    estate.up(UTILITY).good()
    assert [event for event, who in estate.happened() if who == app] == ["created", "powered-on"]
    assert estate.servers() >= {(UTILITY, "app-1"), (UTILITY, "app-2"), (UTILITY, "app-3")}
    assert _names_in(harness, f"wpf/{UTILITY}") == {"app-1", "app-2", "app-3"}
    assert estate.is_settled(UTILITY)


def test_a_copy_by_hand_is_noted_and_other_peoples_things_are_as_they_were(estate_on_vcenter: Estate) -> None:
    estate, harness = estate_on_vcenter, harness_of(estate_on_vcenter)
    harness.copy(Identity(UTILITY, Kind.VM, "app-1"), "app-1-test")
    theirs = _theirs(harness)
    before = _pictures(harness, theirs)
    said = estate.preview(UTILITY, "--expect-no-changes").good().said
    assert f"note: app-1-test in {UTILITY} is a copy of {UTILITY}/vm/app-1" in said

    def change(tenant: dict[str, Any]) -> None:
        tenant["vms"]["app-1"].update(memory_gib=16, anti_affinity=None)
        tenant["vms"]["app-3"] = server("10.64.1.13")
        tenant["allowances"]["telemetry"]["ports"] = ["tcp/8443"]

    estate.edit(UTILITY, change)
    estate.up(UTILITY).good()
    estate.up(VENDOR).good()
    estate.power(VENDOR, "old-batch", on=False)
    estate.edit(VENDOR, lambda tenant: tenant["vms"].pop("old-batch"))
    estate.up(VENDOR).good()
    assert harness.copies() == {"app-1-test"}
    assert _pictures(harness, theirs) == before
    estate.edit(UTILITY, lambda tenant: tenant["vms"].update({"app-1-test": server("10.64.1.14")}))
    assert "is not ours" in estate.preview(UTILITY).bad().said


WRONG = "korrekt-pferd"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"host": "127.0.0.1:9"}, "127.0.0.1:9 is not reachable"),
        ({"password": WRONG}, "wrong user or password"),
        ({"ca_file": None}, "is not trusted"),
        ({"datacenter": "nowhere"}, "has no datacenter 'nowhere'"),
    ],
    ids=["host", "password", "certificate", "datacenter"],
)
def test_a_vcenter_that_cannot_be_used(sample: Estate, change: Mapping[str, str | None], sentence: str) -> None:
    _configure(sample, change)
    began = harness_of(sample).vcenter.journal()
    for ran in (wpf(sample, "up", "platform"), sample.preview("platform"), sample.up("platform", "--skip-preview")):
        assert ran.code == 3 if "wpf" in ran.said.splitlines()[0] else ran.code != 0
        (line,) = {each[each.index("wpf:vsphere") :] for each in ran.lines if sentence in each}
        assert " → " in line
        assert "Traceback" not in ran.said
        assert PASSWORD not in ran.said and WRONG not in ran.said
    assert harness_of(sample).vcenter.journal() == began
    assert harness_of(sample).vcenter.user not in harness_of(sample).vcenter.sessions()


def test_an_os_without_a_template_is_said_in_preview(sample: Estate) -> None:
    """FAQ-20"""
    harness = harness_of(sample)
    template = harness.find("templates/rhel-9")
    harness.run(template.Destroy_Task)
    ran = wpf(sample, "up", "platform")
    assert "there is no OS template rhel-9 in datacenter" in ran.said
    assert ran.code in (1, 3), ran.said
    assert "Traceback" not in ran.said
    assert sample.happened() == []


def _rewrite(estate: Estate, tenant: str, old: str, new: str) -> None:
    file = estate.tenant_file(tenant)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def _cut(estate: Estate, tenant: str, first: str, behind: str) -> None:
    """Takes a tenant file's lines away, from one to before another."""
    text = estate.tenant_file(tenant).read_text()
    estate.tenant_file(tenant).write_text(text[: text.index(first)] + text[text.index(behind) :])


def _configure(estate: Estate, change: Mapping[str, str | None]) -> None:
    project = yaml.safe_load((estate.root / "Pulumi.yaml").read_text())
    options = project["config"]["wpf:vsphere"]["value"]
    for key, value in change.items():
        if value is None:
            del options[key]
        else:
            options[key] = value
    (estate.root / "Pulumi.yaml").write_text(yaml.safe_dump(project))


def _wait(there: Any, patience_s: float = 60) -> None:
    end = time.monotonic() + patience_s
    while not there():
        assert time.monotonic() < end
        time.sleep(0.02)


def _providers(root: Path) -> list[int]:
    """Our provider's processes that run in the project."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (place / "cmdline").read_bytes()
            if b"pulumi-resource-wpf" in command and (place / "cwd").resolve().is_relative_to(root):
                found.append(int(place.name))
    return found


def _names_in(harness: VsphereHarness, folder: str) -> set[str]:
    hands: Connection = harness.hands
    return {each["name"] for each in hands.read(vim.VirtualMachine, ["name"], within=harness.find(folder)).values()}


def _theirs(harness: VsphereHarness) -> dict[str, Any]:
    """Things of other people's, beside ours: a folder with a server that runs, a pool, a portgroup."""
    hands = harness.hands
    top = harness.find("")
    folder = hands.call(lambda: top.CreateFolder("theirs"), where="by hand")
    template = harness.find("templates/rhel-9")
    cluster = hands.read(vim.ClusterComputeResource, ["resourcePool"], within=hands.datacenter)
    (root_pool,) = (each["resourcePool"] for each in cluster.values())
    allocation = vim.ResourceAllocationInfo(
        reservation=0, limit=-1, expandableReservation=True, shares=vim.SharesInfo(level="normal", shares=0)
    )
    spec = vim.ResourceConfigSpec(cpuAllocation=allocation, memoryAllocation=allocation)
    pool = hands.call(lambda: root_pool.CreateResourcePool("theirs", spec), where="by hand")
    clone = vim.vm.CloneSpec(location=vim.vm.RelocateSpec(pool=pool), powerOn=True, template=False)
    machine = harness.run(lambda: template.CloneVM_Task(folder, "their-server", clone))
    (switch,) = hands.read(vim.DistributedVirtualSwitch, ["name"], within=hands.datacenter)
    ports = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(name="theirs", type="earlyBinding", numPorts=8)
    harness.run(lambda: switch.AddDVPortgroup_Task([ports]))
    groups = hands.read(vim.dvs.DistributedVirtualPortgroup, ["name"], within=hands.datacenter)
    (portgroup,) = (ref for ref, each in groups.items() if each["name"] == "theirs")
    return {"folder": folder, "pool": pool, "machine": machine, "portgroup": portgroup, "template": template}


def _pictures(harness: VsphereHarness, theirs: Mapping[str, Any]) -> dict[str, str]:
    """All that the vCenter tells of them, as text."""
    paths = {
        "folder": ["name", "childEntity", "customValue"],
        "pool": ["name", "config", "vm", "customValue"],
        "machine": ["name", "config", "runtime.powerState", "runtime.host", "customValue", "parent"],
        "portgroup": ["name", "config", "customValue"],
        "template": ["name", "config", "customValue"],
    }
    return {
        name: repr(sorted(harness.hands.read_objects([ref], paths[name])[ref].items(), key=lambda item: item[0]))
        for name, ref in theirs.items()
    }


def test_a_portgroup_that_somebody_made_a_trunk_is_put_back(estate_on_vcenter: Estate) -> None:
    """FAQ-22"""
    estate, harness = estate_on_vcenter, harness_of(estate_on_vcenter)
    groups = harness.hands.read(
        vim.dvs.DistributedVirtualPortgroup, ["name", "config.configVersion"], within=harness.hands.datacenter
    )
    ((portgroup, found),) = ((ref, each) for ref, each in groups.items() if each["name"] == "wpf-vlan-0101")
    trunk = vim.dvs.VmwareDistributedVirtualSwitch.TrunkVlanSpec(
        vlanId=[vim.NumericRange(start=0, end=4094)], inherited=False
    )
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(
        configVersion=found["config.configVersion"],
        defaultPortConfig=vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(vlan=trunk),
    )
    harness.run(lambda: portgroup.ReconfigureDVPortgroup_Task(spec))
    (line,) = estate.preview(UTILITY).good().disturbances()
    assert line.startswith(f"online: {UTILITY} network.vlan 0 → 101: ") and line.endswith(" FAQ-22")
    estate.up(UTILITY).good()
    assert estate.is_settled(UTILITY)
