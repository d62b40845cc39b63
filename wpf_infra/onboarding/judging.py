"""Newcomers judged in the whole catalogue, as if their files stood among the tenants already.

Here: what keeps a form from becoming a tenant. Not here: the rules (`wpf_infra.policy`), and refusals of what could not
be allocated (`allocation`).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from wpf_infra.language import Text
from wpf_infra.loading.catalogue import STACKS, TENANTS
from wpf_infra.loading.tenant_file import partly
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding, Position, Severity
from wpf_infra.model.refusals import refusals
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.rule import ALLOCATION
from wpf_infra.policy import judge

_HOLDING = ("network", "lines")
"""What of a tenant holds addresses and VLANs of the platform's spaces."""


@dataclass(frozen=True)
class Newcomer:
    """tenant: what can be judged of it, None when nothing can; left_out: dotted paths that the schema refused;
    findings: the schema's; missing: those of it that only follow from something else that is wrong; otherwise: the
    tenant with other values in place of what was refused.
    """

    owner: str
    tenant: Tenant | None
    left_out: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    missing: tuple[Finding, ...] = ()
    otherwise: Tenant | None = None

    @property
    def whole(self) -> Tenant | None:
        """The tenant where nothing of the form was refused."""
        return self.tenant if not self.findings and not self.missing else None


def newcomer(data: Any, owner: str, allocatable: Collection[str]) -> Newcomer:
    """A completed form's data as a tenant. allocatable: paths, without the owner, that the form may leave out: one that
    is still missing could not be allocated, and the reason has been told.
    """
    try:
        return Newcomer(owner, Tenant.model_validate(data))
    except ValidationError as error:
        said = {f"{owner}.{path}" for path in allocatable}
        part = partly(data, error)
        own = part.value if part.value is not None and part.value.tenant == owner else None
        refused = refusals(error, Tenant, owner)
        return Newcomer(
            owner,
            own,
            frozenset(f"{owner}.{path}" for path in part.left_out),
            tuple(each for each in refused if each.path not in said),
            tuple(each for each in refused if each.path in said),
            part.otherwise if own is not None else None,
        )


def judged(
    catalogue: Catalogue,
    newcomers: Sequence[Newcomer],
    anchors: Mapping[str, AnchorFile],
    now: datetime,
) -> tuple[tuple[Finding, ...], Catalogue]:
    """Everything found about the newcomers, and every error of others that was none without them; and the catalogue
    with them.
    """
    joined = replace(
        catalogue,
        tenants={**catalogue.tenants, **{each.owner: each.tenant for each in newcomers if each.tenant is not None}},
        unjudged=catalogue.unjudged
        | {path for each in newcomers for path in each.left_out}
        | {each.owner for each in newcomers if each.tenant is None and catalogue.owner(each.owner) is None},
        otherwise=_without(catalogue.otherwise, {each.owner for each in newcomers})
        | {each.owner: each.otherwise for each in newcomers if each.otherwise is not None},
        anchors={**catalogue.anchors, **anchors},
    )
    own = {each.owner for each in newcomers if each.tenant is not None}
    found = judge(joined, now)
    theirs = [finding for finding in found if _owner(finding) in own]
    errors = [finding for finding in found if finding.severity is Severity.ERROR and _owner(finding) not in own]
    before = {_known(finding) for finding in judge(catalogue, now)} if errors else set()
    return (*theirs, *(finding for finding in errors if _known(finding) not in before)), joined


def _without(tenants: Mapping[str, Tenant], names: Collection[str]) -> dict[str, Tenant]:
    return {name: tenant for name, tenant in tenants.items() if name not in names}


def unsure(catalogue: Catalogue, files: Mapping[str, str], without_network: Container[str]) -> Iterator[Finding]:
    """Why nothing can be allocated: tenants of which it is not known what they hold. files: by tenant;
    without_network: tenants of whose file the schema refuses, or misses, just the network.
    """
    for path in sorted(catalogue.unjudged):
        owner, _, rest = path.partition(".")
        if owner in without_network and rest in ("", "network"):
            yield _no_network(f"{owner}.network", catalogue.position(path), files.get(owner))
        elif not rest or rest.partition(".")[0] in _HOLDING:
            yield Finding(
                rule=ALLOCATION.id,
                row=None,
                path=path,
                severity=Severity.ERROR,
                summary=Text(
                    en="this cannot be read, so that nobody knows which network or VLAN it holds",
                    ja="ここを読めないため、使用中のネットワークやVLANが分かりません",
                ),
                remedy=Text(
                    en="correct it first (`wpf check` says what is wrong), then apply again",
                    ja="先に直してから（`wpf check` で分かります）、もう一度申し込んでください",
                ),
                position=catalogue.position(path) or (Position(files[owner]) if owner in files else None),
            )


def _no_network(path: str, position: Position | None, file: str | None) -> Finding:
    """A tenant's file that says nothing of a network may be a form that was put there."""
    return Finding(
        rule=ALLOCATION.id,
        row=None,
        path=path,
        severity=Severity.ERROR,
        summary=Text(
            en="this file of a tenant has no network, so that nobody knows which one is taken",
            ja="このテナントのファイルにはネットワークがなく、使用中のものが分かりません",
        ),
        remedy=Text(
            en=f"write it there; if it is an application form, move it out of {STACKS}/{TENANTS} and onboard it",
            ja=f"そこに書いてください。申込書なら {STACKS}/{TENANTS} の外へ移して登録してください",
        ),
        position=position or (Position(file) if file is not None else None),
    )


def _owner(finding: Finding) -> str:
    return finding.path.partition(".")[0]


def _known(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.path, finding.summary.en
