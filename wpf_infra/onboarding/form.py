"""The application form: a tenant's file in which what is allocated may be left out.

Here: what may be left out, what a first application has no word for, the form's schema. Not here: reading a form
(`form_file`), filling in what is left out (`allocation`).
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from wpf_infra.language import Text
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.rule import CONSENT

Steps = tuple[str, ...]

_EACH = "*"
MAY_BE_LEFT_OUT: tuple[Steps, ...] = (
    ("network",),
    ("network", "cidr"),
    ("network", "vlan"),
    ("endpoints", _EACH, "cidr"),
    ("vms", _EACH, "address"),
    ("lines", _EACH, "cidr"),
    ("gateways", _EACH, "address"),
)
"""What onboarding allocates where the form does not say it; `*` stands for every name."""
_MODELS = {
    "Tenant": ("network",),
    "TenantNetwork": ("cidr", "vlan"),
    "Endpoint": ("cidr",),
    "VirtualMachine": ("address",),
    "FixedLine": ("cidr",),
    "MobileLine": ("cidr",),
    "Gateway": ("address",),
}
"""The same, by the schema's definitions."""


def left_out(data: Any) -> Iterator[Steps]:
    """The places of what is to be allocated, outer ones first."""
    for steps in MAY_BE_LEFT_OUT:
        if steps[0] == "network":
            yield from _absent(data, steps)
        else:
            group, _, key = steps
            parts = data.get(group) if isinstance(data, dict) else None
            for name, part in parts.items() if isinstance(parts, dict) else ():
                if isinstance(part, dict) and key not in part:
                    yield group, str(name), key


def _absent(data: Any, steps: Steps) -> Iterator[Steps]:
    """The place itself where it, or what it would stand in, is not there."""
    for step in steps:
        if not isinstance(data, dict):
            return
        if step not in data:
            yield steps
            return
        data = data[step]


def consents(data: Any, owner: str) -> Iterator[Finding]:
    """A consent is given to one stop of a server that runs: a first application has none to give (FAQ 15)."""
    servers = data.get("vms") if isinstance(data, dict) else None
    for name, server in servers.items() if isinstance(servers, dict) else ():
        if isinstance(server, dict) and "consent" in server:
            yield Finding(
                rule=CONSENT.id,
                row=CONSENT.row,
                path=f"{owner}.vms.{name}.consent",
                severity=Severity.ERROR,
                summary=Text(
                    en="a consent is given to the stop of a server that runs, and this one is yet to be built",
                    ja="同意は稼働中のサーバの停止に対するものです。このサーバはまだ構築されていません",
                ),
                remedy=Text(
                    en="leave it out; write it into the tenant's file when a stop is announced",
                    ja="消してください。停止が必要になったときに、テナントのファイルに書きます",
                ),
            )


def form_schema() -> dict[str, Any]:
    """The JSON Schema of the form: the tenant file's, with what onboarding allocates not required."""
    schema = deepcopy(Tenant.model_json_schema(by_alias=True, mode="validation"))
    for title, keys in _MODELS.items():
        model = schema if title == "Tenant" else schema["$defs"][title]
        model["required"] = [key for key in model.get("required", ()) if key not in keys]
        if not model["required"]:
            del model["required"]
    schema["$defs"]["VirtualMachine"]["properties"].pop("consent")
    schema["$defs"].pop("Consent", None)
    return schema
