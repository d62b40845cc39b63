"""The machine room under the estate, and the configuration that points a stack at it.

Here: values and one command. Not here: the server (`tests.vcsim`), the stories.
"""

from __future__ import annotations

from pathlib import Path

from tests.contract.vsphere import machine_room
from tests.engine.estate import Estate
from tests.vcsim.server import PASSWORD, USER, MachineRoom
from wpf_infra.declare.lowering import resources_of
from wpf_infra.loading.catalogue import load
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import ClusterResource, StorageClassResource

ROOM = machine_room(
    [
        ClusterResource.model_validate(
            {
                "name": "east",
                "hosts": {f"east-{n}": {"cpu": 32, "memory_gib": 128} for n in (1, 2, 3)},
                "admission_control": {"failover_hosts": 1},
            }
        )
    ],
    [
        StorageClassResource.model_validate(
            {"name": "raid6", "groups": {"east-a": {"cluster": "east", "disks": 8, "disk_gb": 2000}}}
        )
    ],
)


def room_of(root: Path) -> MachineRoom:
    """What people rack for the platform that is declared below `root`."""
    catalogue = load(root).catalogue
    assert catalogue is not None
    declared = list(resources_of(catalogue, PLATFORM))
    return machine_room(
        [one for one in declared if isinstance(one, ClusterResource)],
        [one for one in declared if isinstance(one, StorageClassResource)],
    )


def point_at_vcenter(estate: Estate, stack: str, host: str, datacenter: str = ROOM.datacenter) -> None:
    """As a platform engineer does it, the password as a secret. Its CA is `vcenter.pem` beside Pulumi.yaml."""
    plain = {"host": host, "user": USER, "datacenter": datacenter, "ca_file": "vcenter.pem"}
    settings = [f"--plaintext=wpf:vsphere.{name}={value}" for name, value in plain.items()]
    secret = f"--secret=wpf:vsphere.password={PASSWORD}"
    estate.pulumi("config", "set", "wpf:backend", "vsphere", "--stack", stack).good()
    estate.pulumi("config", "set-all", "--path", *settings, secret, "--stack", stack).good()
