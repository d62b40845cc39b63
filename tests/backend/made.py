"""One of each kind that the registry and the issuer carry, and another like it that says something else.

Here: values. Not here: carrying them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wpf_infra.calendar import TOKYO
from wpf_infra.model.identity import Kind
from wpf_infra.model.resource import RESOURCES, Resource

NOW = datetime(2026, 11, 24, 10, tzinfo=TOKYO)
WORLD = "simulator:0d9ff4f6-7d1b-4d9c-8f6c-3b3a2f0e9d11"

_INPUTS: dict[Kind, tuple[dict[str, Any], dict[str, Any]]] = {
    Kind.USER: (
        {
            "tenant": "hill",
            "name": "sato",
            "full_name": {"kanji": "佐藤 花子", "kana": "サトウ ハナコ", "romaji": "SATO HANAKO"},
            "email": "sato@hill.example.jp",
            "phone": "+81-3-0000-0000",
            "role": "admin",
        },
        {"role": "general"},
    ),
    Kind.USER_ROLL: ({"tenant": "hill", "count": 1}, {"count": 2}),
    Kind.LINE: (
        {
            "tenant": "hill",
            "name": "car",
            "line_kind": "mobile",
            "ordered": "2026-07-01",
            "wanted": "2026-09-01",
            "delivered": "2026-08-31",
            "cidr": "10.176.1.0/28",
            "capacity_gb": 7,
            "wifi_clients": 4,
        },
        {"capacity_gb": 20},
    ),
    Kind.MONITORING: (
        {
            "tenant": "hill",
            "target": "vm",
            "name": "app-1",
            "address": "10.64.1.11",
            "agent": True,
            "monitors": {"alive": {"kind": "ping", "severity": "major"}},
            "vendor_mail": "noc@apps.example.jp",
            "owner_mail": "ops@hill.example.jp",
        },
        {"monitors": {"alive": {"kind": "ping", "severity": "minor"}}},
    ),
    Kind.MAINTENANCE: (
        {
            "name": "firmware",
            "title": {"ja": "更新", "en": "firmware"},
            "announced": "2026-11-20",
            "starts": "2026-12-12T22:00:00+09:00",
            "ends": "2026-12-13T02:00:00+09:00",
            "targets": {"hosts": ["h1"]},
            "affected": {"hill": {"name": {"ja": "丘水道", "en": "Hill"}, "notify": "ops@hill.example.jp"}},
        },
        {"starts": "2026-12-12T23:00:00+09:00"},
    ),
    Kind.AUTHORITY: (
        {
            "name": "ca",
            "domains": ["wpf.internal"],
            "root_days": 7300,
            "issuing_days": 3650,
            "crl_days": 30,
            "renew_before_days": 395,
        },
        {"domains": ["wpf.internal", "water.internal"]},
    ),
    Kind.CERTIFICATE: (
        {
            "tenant": "hill",
            "name": "plant-gw",
            "path": "gateway-to-platform",
            "usage": "client",
            "common_name": "plant-gw.hill.wpf.internal",
            "dns_names": ["plant-gw.hill.wpf.internal"],
            "days": 365,
            "renew_before_days": 30,
        },
        {"dns_names": ["plant-gw-2.hill.wpf.internal", "plant-gw.hill.wpf.internal"]},
    ),
}


@dataclass(frozen=True)
class Made:
    one: Resource
    other: Resource


def made(kind: Kind, **more: Any) -> Made:
    """more: fields of both that are set otherwise."""
    inputs, other = _INPUTS[kind]
    model = RESOURCES[kind]
    return Made(model.model_validate({**inputs, **more}), model.model_validate({**inputs, **more, **other}))
