"""Platform functions: time servers, and servers behind what tenants order (FAQ 1, 12, 17, 19, 23, 24)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.judged import found, told
from tests.samples import GONE

U = "minami-suido"
SERVICES = "platform.services"
TOO_FEW = ("ntp-servers", "error", f"{SERVICES}.ntp")
TOGETHER = ("ntp-apart", "warning", f"{SERVICES}.ntp")
GROUP = "platform.vms.{}.anti_affinity"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{SERVICES}.ntp": ["ntp-1"]}, [TOO_FEW]),
        ({f"{SERVICES}.ntp": ["ntp-1", "ntp-1"]}, [TOO_FEW]),
        ({f"{SERVICES}.ntp": []}, [TOO_FEW]),
        ({f"{SERVICES}.ntp": GONE}, [TOO_FEW]),
        ({GROUP.format("ntp-2"): GONE}, [TOGETHER]),
        ({GROUP.format("ntp-1"): GONE, GROUP.format("ntp-2"): GONE}, [TOGETHER]),
        ({GROUP.format("ntp-2"): "other"}, [TOGETHER]),
        ({GROUP.format("ntp-1"): "other", GROUP.format("ntp-2"): "other"}, []),
    ],
)
def test_two_time_servers_on_two_hosts(changes: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """FAQ-1, FAQ-12"""
    assert told(changes) == expected


@pytest.mark.parametrize(
    ("option", "service", "row"),
    [("monitoring", "zabbix", 17), ("antivirus", "antivirus", 19), ("backup", "backup", 23), ("smtp", "smtp", 24)],
)
@pytest.mark.parametrize("servers", [GONE, []])
def test_what_is_ordered_has_its_servers(option: str, service: str, row: int, servers: object) -> None:
    """FAQ-17, FAQ-19, FAQ-23, FAQ-24"""
    with_servers = {f"{U}.options": [option], f"{SERVICES}.{service}": ["ntp-1"]}
    assert told(with_servers) == []
    without = {**with_servers, f"{SERVICES}.{service}": servers}
    if servers is GONE and service not in ("zabbix", "smtp"):
        del without[f"{SERVICES}.{service}"]
    (finding,) = found(without)
    assert (finding.rule, finding.row, finding.path) == (f"{option}-carried", row, f"{U}.options")
    assert told({**without, f"{U}.options": []}) == []
