"""One small stack that holds one of each kind, as it is made, changed and ended.

Here: values. Not here: carrying them out (`engine`), killing (`killer`).
"""

from __future__ import annotations

from typing import Any

from tests.backend.made import NOW, made
from tests.contract import estate
from wpf_infra.model.identity import Kind
from wpf_infra.model.resource import AnchorResource, ImageResource, Resource
from wpf_infra.pki.authority import make_root

ENDED = {"ordered": "2026-09-01", "ends": "2026-10-31"}
_GUEST = {
    "domain": "wpf.internal",
    "prefix_length": 24,
    "router": "10.64.1.1",
    "routes": ["10.32.0.0/24"],
    "ntp": {"ntp-1": "10.32.0.11"},
    "authority": True,
}


def _disk(size_gb: int, **more: Any) -> dict[str, Any]:
    return {"size_gb": size_gb, "storage_class": "raid6", **more}


def anchor_pem() -> str:
    """A vendor's CA; another at each call."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return make_root("vendor", 3650, NOW).certificate.public_bytes(Encoding.PEM).decode()


def first(pem: str) -> list[Resource]:
    """In the order in which they are made."""
    app: dict[str, Any] = {"guest": _GUEST, "retire": ENDED}
    return [
        estate.STORAGE,
        estate.CLUSTER,
        made(Kind.AUTHORITY).one,
        estate.HILL,
        estate.policy({"telemetry": "flow"}),
        made(Kind.MAINTENANCE).one,
        made(Kind.CERTIFICATE).one,
        AnchorResource.model_validate({"tenant": "hill", "name": "app", "path": "client-to-app", "pem": pem}),
        made(Kind.LINE).one,
        made(Kind.USER).one,
        made(Kind.USER_ROLL).one,
        estate.server(**app, disks={"system": _disk(100), "old": _disk(100, retire=ENDED)}),
        ImageResource(tenant="hill", name="golden", of="app-1", os="rhel-9"),
        estate.server("app-2", host=12, from_image="golden", **app, disks={"system": _disk(100), "old": _disk(100)}),
        made(Kind.MONITORING).one,
    ]


def second(pem: str) -> list[Resource]:
    """Everything that can change has changed; a disk whose end is past is left out."""
    app: dict[str, Any] = {"guest": _GUEST, "retire": ENDED}
    quota = {"cpu": 40, "memory_gib": 128, "storage_gb": 4000}
    changed: list[Resource] = [
        made(Kind.AUTHORITY).other,
        estate.tenant("hill", vlan=101, cidr="10.64.1.0/24", quota=quota),
        estate.policy({"telemetry": "flow", "control": "valves"}),
        made(Kind.MAINTENANCE).other,
        made(Kind.CERTIFICATE).other,
        AnchorResource.model_validate({"tenant": "hill", "name": "app", "path": "app-to-gateway", "pem": pem}),
        made(Kind.LINE).other,
        made(Kind.USER).other,
        made(Kind.USER_ROLL).other,
        estate.server(host=21, cpu=4, restart_priority="high", **app, disks={"system": _disk(300), "data": _disk(100)}),
        made(Kind.MONITORING).other,
    ]
    by_identity = {each.identity: each for each in changed}
    return [by_identity.get(each.identity, each) for each in first(pem)]
