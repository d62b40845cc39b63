"""What people agreed and put on record: dated, and where it is needed (FAQ 2, 13, 15, 22, 23, 26, 30).

Here: rules about `agreed`, `consent`, `confirmed`, `delivered` as records. Not here: what they excuse (`line`,
`retirement`, `maintenance`, `reverse`, `software`, `wpf_infra.plan`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.line import FixedLine, MobileLine
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule

_Record = tuple[str, date]
"""Where it stands, and which day it names."""


def not_in_the_future(context: Context, records: Callable[[Context], Iterator[_Record]]) -> Iterator[Objection]:
    for path, day in records(context):
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


def _maintenance(context: Context) -> Iterator[_Record]:
    for name, maintenance in context.platform.maintenance.items():
        if maintenance.agreed is not None:
            yield f"{PLATFORM}.maintenance.{name}.agreed.on", maintenance.agreed.on


def _retirements(context: Context) -> Iterator[_Record]:
    for server in context.servers:
        ends = [(f"{server.path}.disks.{name}.retire", disk.retire) for name, disk in server.vm.disks.items()]
        for path, retirement in ((f"{server.path}.retire", server.vm.retire), *ends):
            if retirement is not None and retirement.agreed is not None:
                yield f"{path}.agreed.on", retirement.agreed.on


def _allowances(context: Context) -> Iterator[_Record]:
    for owner, declared in context.owners:
        for name, allowance in declared.allowances.items():
            if allowance.agreed is not None:
                yield f"{owner}.allowances.{name}.agreed.on", allowance.agreed.on


def _consents(context: Context) -> Iterator[_Record]:
    for server in context.servers:
        if server.vm.consent is not None:
            yield f"{server.path}.consent.on", server.vm.consent.on


def _software(context: Context) -> Iterator[_Record]:
    for server in context.servers:
        for name, terms in server.vm.software.items():
            if terms.confirmed is not None:
                yield f"{server.path}.software.{name}.confirmed", terms.confirmed


def _lines(context: Context, kind: type[FixedLine] | type[MobileLine]) -> Iterator[_Record]:
    for owner, tenant in context.tenants.items():
        for name, line in tenant.lines.items():
            if not isinstance(line, kind):
                continue
            if line.agreed is not None:
                yield f"{owner}.lines.{name}.agreed.on", line.agreed.on
            if line.delivered is not None:
                yield f"{owner}.lines.{name}.delivered", line.delivered


RULES = (
    Rule(
        "maintenance-agreed-dated",
        2,
        Severity.WARNING,
        Text(en="what was agreed of a maintenance has happened", ja="メンテナンスの合意の日付が未来でない"),
        partial(not_in_the_future, records=_maintenance),
    ),
    Rule(
        "retire-agreed-dated",
        13,
        Severity.WARNING,
        Text(en="what was agreed of an end has happened", ja="終了の合意の日付が未来でない"),
        partial(not_in_the_future, records=_retirements),
    ),
    Rule(
        "consent-dated",
        15,
        Severity.WARNING,
        Text(en="a consent has been given", ja="同意の日付が未来でない"),
        partial(not_in_the_future, records=_consents),
    ),
    Rule(
        "allowance-agreed-dated",
        22,
        Severity.WARNING,
        Text(en="what was agreed of an allowance has happened", ja="通信許可の合意の日付が未来でない"),
        partial(not_in_the_future, records=_allowances),
    ),
    Rule(
        "software-confirmed-dated",
        23,
        Severity.WARNING,
        Text(en="what a vendor confirmed has happened", ja="ライセンスの確認の日付が未来でない"),
        partial(not_in_the_future, records=_software),
    ),
    Rule(
        "fixed-line-dated",
        26,
        Severity.WARNING,
        Text(en="what is on record of a fixed line has happened", ja="固定回線の記録の日付が未来でない"),
        partial(not_in_the_future, records=partial(_lines, kind=FixedLine)),
    ),
    Rule(
        "mobile-line-dated",
        30,
        Severity.WARNING,
        Text(en="what is on record of a mobile line has happened", ja="モバイル回線の記録の日付が未来でない"),
        partial(not_in_the_future, records=partial(_lines, kind=MobileLine)),
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
