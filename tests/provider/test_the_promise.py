"""In a world that stands still, what the preview says will be disturbed is exactly what the apply disturbs (FAQ 13-16).

Random lives of one server, through real calls, on the real simulator; its journal is what really happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.contract.estate import seen, server
from tests.provider.rig import Failed, Rig, running
from wpf_infra.model.availability import Power
from wpf_infra.model.resource import VmResource

VM = "wpf:compute:VirtualMachine"
_DUE, _NOT_DUE = {"ordered": "2026-09-20", "ends": "2026-10-31"}, {"ordered": "2026-11-20", "ends": "2026-12-31"}
_DISKS = st.fixed_dictionaries(
    {"size_gb": st.sampled_from((100, 300, 500)), "storage_class": st.just("raid6")},
    optional={"retire": st.sampled_from((_DUE, _DUE, _NOT_DUE))},
)
_ALTERATIONS: dict[str, st.SearchStrategy[Any]] = {
    "cpu": st.sampled_from((2, 4, 8)),
    "memory_gib": st.sampled_from((8, 16, 4096)),
    "address": st.sampled_from(("10.64.1.11", "10.64.1.12")),
    "os": st.sampled_from(("rhel-9", "rhel-9", "rhel-8")),
    "restart_priority": st.sampled_from(("low", "medium", "high")),
    "disks": st.dictionaries(st.sampled_from(("data", "logs")), _DISKS),
    "consent": st.sampled_from((None, {"by": "Kato", "on": "2026-11-20"}, {"by": "Kato", "on": "2026-11-01"})),
}


@dataclass(frozen=True)
class Move:
    """power: what somebody does by hand first; altered: properties declared otherwise; disks: besides the system's."""

    power: Power | None
    altered: Mapping[str, Any]


@st.composite
def _moves(draw: st.DrawFn) -> Move:
    names = draw(st.sets(st.sampled_from(sorted(_ALTERATIONS)), min_size=1, max_size=3))
    return Move(
        draw(st.sampled_from((None, None, Power.ON, Power.OFF))),
        {name: draw(_ALTERATIONS[name]) for name in sorted(names)},
    )


def _declared(before: VmResource, move: Move) -> VmResource:
    altered = dict(move.altered)
    if "disks" in altered:
        altered["disks"] = {"system": {"size_gb": 100, "storage_class": "raid6"}, **altered["disks"]}
    return VmResource.model_validate({**before.data(), **altered})


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tenant=st.sampled_from(("hill", "apps")), moves=st.lists(_moves(), min_size=1, max_size=4))
def test_what_is_said_is_what_happens(
    project: Path, monkeypatch: pytest.MonkeyPatch, tenant: str, moves: list[Move]
) -> None:
    folder = Path(mkdtemp(dir=project))
    monkeypatch.chdir(folder)
    with running(folder) as rig:
        rig.configure()
        recorded = server(of=tenant)
        rig.lay_ground(recorded)
        for move in moves:
            recorded = _lives(rig, recorded, move)


def _lives(rig: Rig, recorded: VmResource, move: Move) -> VmResource:
    """One move of the server's life. The declaration that is recorded after it."""
    identity, id = recorded.identity, str(recorded.identity)
    if move.power is not None:
        (rig.world.power_on if move.power is Power.ON else rig.world.power_off)(identity)
    desired = _declared(recorded, move)
    before = len(rig.world.journal())
    ran = seen(rig.simulator, recorded).power is Power.ON

    said, blocked = _preview(rig, id, recorded, desired)
    assert len(rig.world.journal()) == before, "a preview did something"
    rig.configure()
    try:
        rig.update(VM, id, recorded.data(), desired.data())
        failed = False
    except Failed:
        failed = True
    happened = rig.world.journal()[before:]
    events = [str(entry.event) for entry in happened]
    runs = seen(rig.simulator, recorded).power is Power.ON
    event(f"{'blocked' if blocked else 'failed' if failed else 'stopped' if 'guest-shut-down' in events else 'quiet'}")

    assert {entry.identity for entry in happened} <= {identity}, "somebody else was disturbed"
    words = [line.partition(":")[0] for line in said]
    if blocked:
        assert failed
        assert events == []
        return recorded
    assert ("guest-shut-down" in events) is ("stop" in words)
    assert "powered-off" not in events
    assert runs or not ran, "what ran before does not run after"
    if failed:
        return recorded
    assert events.count("disk-erased") == words.count("erase")
    assert (runs and not ran) is ("powered-on" in events and "stop" not in words)
    if "powered-on" in events:
        assert any("starts it" in line for line in said)
    if not [word for word in words if word != "none"]:
        assert events == []
    rig.configure()
    assert _preview(rig, id, desired, desired) == ([], False), "a second preview is not empty"
    return desired


def _preview(rig: Rig, id: str, recorded: VmResource, desired: VmResource) -> tuple[list[str], bool]:
    """What is said, and whether it blocks."""
    began = len(rig.lines())
    try:
        rig.diff(VM, id, recorded.data(), desired.data())
    except Failed as failed:
        assert failed.said.startswith(("waiting: ", "refused: "))
        return failed.said.splitlines(), True
    impossible = rig.invoke("wpf:plan:judge", {"objects": [{"type": VM, "inputs": desired.data()}]})["impossible"]
    return [*rig.lines()[began:], *impossible], bool(impossible)
