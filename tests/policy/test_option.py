"""Options: what an option gives needs the option."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import GONE, NOW, catalogue, lay
from wpf_infra.loading.catalogue import load
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.policy import judge

U, V, P = "minami-suido", "kawa-systems", "platform"
RELAY = {f"{P}.services": {"ntp": ["ntp-1", "ntp-2"], "smtp": ["ntp-1"]}}
PING = {"alive": {"kind": "ping", "severity": "minor"}}
MAIL = {"to": "platform/ntp-1", "ports": ["tcp/25"], "reason": "alarms"}


def judged(changes: dict[str, Any]) -> list[Finding]:
    return [finding for finding in judge(catalogue(changes), NOW) if finding.rule.startswith("option")]


@pytest.mark.parametrize(
    ("option", "row", "path", "value"),
    [
        ("monitoring", 17, f"{U}.vms.app-1.monitoring", PING),
        ("monitoring", 17, f"{U}.gateways.north-gw.monitoring", PING),
        ("snapshot", 25, f"{U}.images.golden", {"of": "app-1"}),
        ("antivirus", 19, f"{U}.vms.app-1.antivirus", True),
        ("backup", 23, f"{U}.vms.app-1.backup", True),
    ],
)
def test_what_an_option_gives_needs_it(option: str, row: int, path: str, value: object) -> None:
    """FAQ-17, FAQ-19, FAQ-23, FAQ-25"""
    (finding,) = judged({path: value, f"{U}.options": []})
    assert (finding.rule, finding.row, finding.path) == (f"option-{option}", row, path)
    assert finding.severity is Severity.ERROR
    assert judged({path: value, f"{U}.options": [option]}) == []


def test_a_server_from_an_image_needs_snapshots() -> None:
    """FAQ-25"""
    findings = judged({f"{V}.options": []})
    assert [finding.path for finding in findings] == [f"{V}.images.golden", f"{V}.vms.collector-2.from_image"]


def test_mail_needs_its_option_whoever_sends_it() -> None:
    """FAQ-24"""
    allowance = {f"{V}.allowances.mail": {"from": "collector", **MAIL}}
    (finding,) = judged({**RELAY, **allowance})
    assert (finding.rule, finding.row, finding.path) == ("option-smtp", 24, f"{V}.allowances.mail.to")
    assert judged({**RELAY, **allowance, f"{V}.options": ["smtp", "snapshot"]}) == []
    assert judged(allowance) == []  # that server is no relay


def test_the_platforms_own_servers_need_no_option() -> None:
    own = f"{P}.vms.ntp-1"
    assert judged({f"{own}.monitoring": PING, f"{own}.antivirus": True, f"{own}.backup": True}) == []


def test_an_option_that_could_not_be_read_is_not_said_to_be_missing(tmp_path: Any) -> None:
    for options in (["monitorng"], "monitoring", GONE):
        changes: dict[str, Any] = {f"{U}.vms.app-1.monitoring": PING, f"{U}.options": options}
        loaded = load(lay(tmp_path / str(options), changes))
        assert loaded.catalogue is not None
        said = [finding.rule for finding in judge(loaded.catalogue, NOW)]
        assert said == (["option-monitoring"] if options is GONE else [])
