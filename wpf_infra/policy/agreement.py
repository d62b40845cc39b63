"""What people agreed and put on record: dated, and where it is needed (FAQ 15).

Here: rules about `agreed`, `consent`, `confirmed`, `delivered` as records. Not here: what they excuse (`line`,
`retirement`, `maintenance`, `software`, `wpf_infra.plan`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wpf_infra.language import Text
from wpf_infra.model.agreement import Retirement
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.policy.context import Context, Server
from wpf_infra.policy.rule import Objection, Rule


def not_in_the_future(context: Context) -> Iterator[Objection]:
    for path, day in _records(context):
        if day > context.today:
            yield Objection(
                path,
                Text(
                    en=f"{day} is still to come: this records what has happened",
                    ja=f"{day} は未来の日付です。ここには済んだことを記録します",
                ),
                Text(en="write the day it happened, once it has", ja="済んでから、その日付を書いてください"),
            )


def consent_where_needed(context: Context) -> Iterator[Objection]:
    for server in context.servers:
        tenant = context.tenants.get(server.owner)
        if server.vm.consent is None or (tenant is not None and tenant.kind is TenantKind.VENDOR):
            continue
        whose = (
            Text(en="the platform", ja="基盤") if tenant is None else Text(en="a utility tenant", ja="事業者テナント")
        )
        yield Objection(
            f"{server.path}.consent",
            Text(
                en=f"the platform stops and starts the servers of {whose.en} itself: it needs nobody's consent here",
                ja=f"{whose.ja}のサーバの停止・起動は基盤運用者が行うため、ここに同意は要りません",
            ),
            Text(en="leave `consent` out", ja="`consent` を消してください"),
        )


def _records(context: Context) -> Iterator[tuple[str, date]]:
    for server in context.servers:
        yield from _of_server(server)
    for owner, tenant in context.tenants.items():
        for name, line in tenant.lines.items():
            if line.agreed is not None:
                yield f"{owner}.lines.{name}.agreed.on", line.agreed.on
            if line.delivered is not None:
                yield f"{owner}.lines.{name}.delivered", line.delivered
    for name, maintenance in context.platform.maintenance.items():
        if maintenance.agreed is not None:
            yield f"{PLATFORM}.maintenance.{name}.agreed.on", maintenance.agreed.on


def _of_server(server: Server) -> Iterator[tuple[str, date]]:
    if server.vm.consent is not None:
        yield f"{server.path}.consent.on", server.vm.consent.on
    for name, terms in server.vm.software.items():
        if terms.confirmed is not None:
            yield f"{server.path}.software.{name}.confirmed", terms.confirmed
    yield from _of_retirement(f"{server.path}.retire", server.vm.retire)
    for name, disk in server.vm.disks.items():
        yield from _of_retirement(f"{server.path}.disks.{name}.retire", disk.retire)


def _of_retirement(path: str, retirement: Retirement | None) -> Iterator[tuple[str, date]]:
    if retirement is not None and retirement.agreed is not None:
        yield f"{path}.agreed.on", retirement.agreed.on


RULES = (
    Rule(
        "record-dated",
        None,
        Severity.WARNING,
        Text(en="what is on record has happened", ja="記録の日付が未来でない"),
        not_in_the_future,
    ),
    Rule(
        "consent-needed",
        15,
        Severity.WARNING,
        Text(
            en="a consent stands where the vendor stops its servers itself", ja="同意の記録はベンダーテナントにだけ書く"
        ),
        consent_where_needed,
    ),
)
