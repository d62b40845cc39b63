"""What is on record: dated in the past, and where it is needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.policy.judged import found, sentence, told
from wpf_infra.calendar import TOKYO
from wpf_infra.model.finding import Severity

U, V = "minami-suido", "kawa-systems"
TODAY, TOMORROW = "2026-11-24", "2026-11-25"


def _agreed(on: str) -> dict[str, str]:
    return {"by": "x", "on": on, "reason": "y"}


def _retire(on: str) -> dict[str, Any]:
    return {"ordered": "2026-10-30", "ends": "2026-11-30", "agreed": _agreed(on)}


RULES = {
    "consent": ("consent-dated", 15), "retire": ("retire-agreed-dated", 13), "north": ("fixed-line-dated", 26),
    "car": ("mobile-line-dated", 30), "sqlserver-standard": ("software-confirmed-dated", 23),
    "m": ("maintenance-agreed-dated", 2),
}  # fmt: skip
"""Rule and row, by what the record stands in."""
RECORDS: dict[str, Callable[[str], dict[str, Any]]] = {
    f"{V}.vms.collector.consent.on": lambda on: {f"{V}.vms.collector.consent": {"by": "x", "on": on}},
    f"{U}.vms.app-1.retire.agreed.on": lambda on: {f"{U}.vms.app-1.retire": _retire(on)},
    f"{U}.vms.app-1.disks.data.retire.agreed.on": lambda on: {
        f"{U}.vms.app-1.disks.data": {"size_gb": 100, "storage_class": "raid6", "retire": _retire(on)}
    },
    f"{U}.lines.north.agreed.on": lambda on: {f"{U}.lines.north.agreed": _agreed(on)},
    f"{U}.lines.car.delivered": lambda on: {f"{U}.lines.car.delivered": on},
    f"{U}.vms.app-1.software.sqlserver-standard.confirmed": lambda on: {
        f"{U}.vms.app-1.software": {
            "sqlserver-standard": {"licence": "vendor", "software_assurance": True, "confirmed": on}
        }
    },
    "platform.maintenance.m.agreed.on": lambda on: {
        "platform.maintenance.m": {
            "title": {"ja": "更新", "en": "update"},
            "announced": "2026-12-10",
            "starts": "2026-12-12T22:00+09:00",
            "ends": "2026-12-13T02:00+09:00",
            "targets": {"clusters": ["c1"]},
            "agreed": _agreed(on),
        }
    },
}


@pytest.mark.parametrize("path", RECORDS)
def test_a_record_of_the_future_is_warned_of(path: str) -> None:
    """FAQ-2, FAQ-13, FAQ-15, FAQ-23, FAQ-26, FAQ-30"""
    assert told(RECORDS[path](TODAY)) == []
    rule, row = next(rule for of, rule in RULES.items() if of in path.split("."))
    (finding,) = found(RECORDS[path](TOMORROW))
    assert (finding.rule, finding.row, finding.severity, finding.path) == (rule, row, Severity.WARNING, path)


def test_today_is_tokyos() -> None:
    changes = RECORDS[f"{V}.vms.collector.consent.on"](TOMORROW)
    assert told(changes, datetime.fromisoformat("2026-11-24T15:00:00+00:00").astimezone(TOKYO)) == []
    assert told(changes, datetime.fromisoformat("2026-11-24T15:00:00+00:00")) == []


@pytest.mark.parametrize(
    ("server", "says"),
    [(f"{U}.vms.app-1", "servers of a utility tenant"), ("platform.vms.ntp-1", "servers of the platform")],
)
def test_a_consent_where_the_platform_stops_servers_is_warned_of(server: str, says: str) -> None:
    """FAQ-15"""
    changes = {f"{server}.consent": {"by": "x", "on": TODAY}}
    assert told(changes) == [("consent-needed", "warning", f"{server}.consent")]
    assert says in sentence(changes, "consent-needed")
