"""A running vCenter for tests, and the handle by which a test watches and disturbs it.

Here: start and end, the control calls. Not here: the room (`room`), the program's source (`program/`) and its building
(`building`), anything that speaks SOAP.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tests.vcsim.building import build, built
from tests.vcsim.room import Datastore, HostHardware, MachineRoom, Template

__all__ = [
    "Datastore", "DiskFile", "Entry", "Fault", "HostHardware", "MachineRoom", "Template", "VCenter", "build", "started",
]  # fmt: skip

USER, PASSWORD = "wpf@vsphere.local", "library pass word"
"""What the library logs in with."""
HANDS_USER, HANDS_PASSWORD = "hands@vsphere.local", "people pass word"
"""What people log in with who reach in by hand."""


@dataclass(frozen=True)
class Fault:
    """A fault that the server is to raise.

    methods: SOAP names ("ReconfigVM_Task"); none means any. object: the end of an inventory path ("hill/app-1"; for a
    clone, folder and name of the new VM; for a zero-fill, the disk's path or its VM's); None means any. fault: the name
    of its type. times: how often, None for ever; skip: how many calls that fit go well before. when: "call": the call
    itself fails and nothing is done; "task": the task ends in error and nothing is done; "drop-reply": all is done, but
    the connection is cut before the reply. only: of ReconfigVM_Task and CloneVM_Task those that do something:
    "adds-device", "edits-device", "removes-device", "cpu-memory", "extra-config", "extra-config:<key>".
    """

    methods: Sequence[str] = ()
    object: str | None = None
    fault: str = "NoPermission"
    times: int | None = 1
    skip: int = 0
    when: Literal["call", "task", "drop-reply"] = "call"
    only: str | None = None


@dataclass(frozen=True)
class Entry:
    """One thing that truly happened.

    user: whose session did it; "DRS" for a migration that nobody asked for. path: where the object was at that time,
    below the datacenter's folder of its kind ("wpf/hill/app-1", "tokyo-1/Resources/hill", "wpf-vlan-0100").

    event, and what its detail says: of a VM cloned (from which), created, destroyed, unregistered, powered-on, powered-
    off, guest-shut-down, cpu-memory-changed (before and after), extra-config-changed (keys), disk-added, disk-grown
    (file and bytes), disk-removed (file and kept or destroyed), disk-zero-filled (file), network-card-changed,
    suspended, renamed (new name), relocated, migrated (host), snapshot-created, snapshots-removed; of other objects
    created, reconfigured, destroyed (their type), renamed, relocated; of any attribute-set (name=value). What a clone
    brings with it is in "cloned".
    """

    seq: int
    user: str
    event: str
    path: str
    detail: str


@dataclass(frozen=True)
class DiskFile:
    """A disk file on a datastore: bytes, UUID, and whether it was overwritten with zeros."""

    capacity: int
    uuid: str
    zeroed: bool


class VCenter:
    """A running server. It ends with the `with` block, and at the latest with this process.

    folder: an existing folder of the test's own.
    """

    def __init__(self, room: MachineRoom, folder: Path) -> None:
        self.datacenter = room.datacenter
        self.user, self.password = USER, PASSWORD
        self.hands_user, self.hands_password = HANDS_USER, HANDS_PASSWORD
        self.ca_file = folder / "vcenter-ca.pem"
        users = [
            {"name": name, "password": password} for name, password in ((USER, PASSWORD), (HANDS_USER, HANDS_PASSWORD))
        ]
        order = {**room.wire(), "users": users, "ca_file": str(self.ca_file)}
        self._process = subprocess.Popen([built()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        ready = self._process.stdout.readline()
        if not ready:
            self.close()
            raise AssertionError("the test vCenter did not start; its error stream says why")
        addresses = json.loads(ready)
        self.host: str = addresses["vcenter"]
        self._control: str = addresses["control"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the server; safe twice."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream and not stream.closed:
                stream.close()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def calls(self) -> Counter[str]:
        """How often each SOAP method was called, whoever called it. A hidden property read counts as `Fetch`."""
        return Counter(self._ask("calls"))

    def reset_calls(self) -> None:
        """Count from nought again."""
        self._ask("reset-calls")

    def latency(self, ms: float, *, methods: Sequence[str] = ()) -> None:
        """Every call (or only those methods) is answered that much later. Without methods it replaces all delays."""
        self._ask("latency", ms=ms, methods=list(methods))

    def task_duration(self, ms: float, *, methods: Sequence[str] = ()) -> None:
        """Every task (or only those of these methods) runs that long before it takes effect."""
        self._ask("task-duration", ms=ms, methods=list(methods))

    def fail(self, fault: Fault) -> None:
        """Ask for a fault. Of several that fit a call the oldest that is not used up counts."""
        wire = asdict(fault) | {
            "methods": list(fault.methods),
            "object": fault.object or "",
            "only": fault.only or "",
            "times": -1 if fault.times is None else fault.times,
        }
        self._ask("fail", fault=wire)

    def clear_faults(self) -> None:
        """No more faults."""
        self._ask("clear-faults")

    def met(self) -> int:
        """How many calls have met one of the faults, since they were last cleared."""
        return int(self._ask("met"))

    def journal(self) -> tuple[Entry, ...]:
        """All that happened since the room was furnished, in order, with the user whose session did it."""
        return tuple(Entry(**entry) for entry in self._ask("journal"))

    def sessions(self) -> tuple[str, ...]:
        """The users of the live sessions, sorted."""
        return tuple(self._ask("sessions"))

    def expire_sessions(self) -> None:
        """End every session, as idleness does."""
        self._ask("expire-sessions")

    def disks(self) -> dict[str, DiskFile]:
        """Every disk file that lies on a datastore, by its path: "[raid6] app-1/app-1.vmdk"."""
        return {path: DiskFile(**file) for path, file in self._ask("disks").items()}

    def guest(self, path: str, *, tools: bool | None = None, deaf: bool | None = None) -> None:
        """Of the VM whose path ends so: do its tools run while it runs, does its guest ignore a shutdown."""
        self._ask("guest", path=path, tools=tools, deaf=deaf)

    def connection(self, path: str, state: Literal["connected", "orphaned", "inaccessible", "invalid"]) -> None:
        """Of the VM whose path ends so; while it is not connected it has no `config`."""
        self._ask("connection", path=path, state=state)

    def _ask(self, what: str, **order: Any) -> Any:
        request = urllib.request.Request(f"http://{self._control}/{what}", json.dumps(order).encode(), method="POST")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)


@contextmanager
def started(room: MachineRoom, folder: Path) -> Iterator[VCenter]:
    """A server with that room; it ends with the block."""
    with VCenter(room, folder) as vcenter:
        yield vcenter
