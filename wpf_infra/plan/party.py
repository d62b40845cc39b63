"""Plans of users of the portal, their number, lines and maintenance (FAQ 2, 7-11, 26-35).

Here: what is different and who is told. Not here: notices themselves (`wpf_infra.backend.registry`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wpf_infra.calendar.month import first_of_next_month
from wpf_infra.language import Text, same
from wpf_infra.model.resource import LineResource, MaintenanceResource, UserResource, UserRollResource
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import Build, Settle

_SEEDED = ("full_name", "email", "phone", "role", "otp")
_GONE = Text(en="is gone from the registry: it is entered again", ja="が登録から失われています。改めて登録します")


def diff_user(observed: UserResource | None, desired: UserResource, recorded: UserResource | None) -> Plan:
    """Only what changed in the declaration: what people changed in the portal is theirs (FAQ 7). Without a record,
    what stands is taken over.
    """
    if observed is None:
        what = Text(
            en="is gone from the portal: it is entered again, with a new ID and no password",
            ja="がポータルから失われています。新しいIDで、パスワードのない状態で登録し直します",
        )
        return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, 10),), (Build(desired),))
    asked = [name for name in _SEEDED if recorded is not None and getattr(recorded, name) != getattr(desired, name)]
    altered = {name: getattr(desired, name) for name in asked if getattr(observed, name) != getattr(desired, name)}
    changes = [Change(name, Disturbance.ONLINE, _of_user(name), 9) for name in sorted(altered)]
    changes += [Change(name, Disturbance.NONE, _already(name), 7) for name in sorted(asked) if name not in altered]
    steps = (Settle(observed.model_copy(update=altered)),) if altered else ()
    return Plan(desired.identity, tuple(changes), steps)


def _of_user(name: str) -> Text:
    """Without the values: a person's name and number are nobody's reading in a log."""
    return Text(en=f"{name} is changed as declared", ja=f"{name} を宣言のとおり変更します")


def _already(name: str) -> Text:
    return Text(
        en=f"{name}: the portal has it already; only the record changes",
        ja=f"{name}: ポータルでは変更済みです。記録だけを改めます",
    )


def diff_user_roll(observed: UserRollResource | None, desired: UserRollResource) -> Plan:
    if observed is None:
        return Plan(desired.identity, (Change("", Disturbance.NONE, _GONE, 10),), (Build(desired),))
    if observed.count == desired.count:
        return Plan(desired.identity)
    what = Text(
        en=f"users {observed.count} → {desired.count}: the operator is told of the number",
        ja=f"利用者数 {observed.count} → {desired.count}: 人数の変更を弊社に通知します",
    )
    return Plan(desired.identity, (Change("count", Disturbance.NONE, what, 10),), (Settle(desired),))


_DATES = ("ordered", "wanted", "delivered", "wifi_clients", "spare_router", "visits", "agreed")


def diff_line(observed: LineResource | None, desired: LineResource, now: datetime) -> Plan:
    if observed is None:
        return Plan(desired.identity, (Change("", Disturbance.NONE, _GONE, 26),), (Build(desired),))
    changes = tuple(_of_line(observed, desired, now))
    return Plan(desired.identity, changes, (Settle(desired),) if changes else ())


def _of_line(observed: LineResource, desired: LineResource, now: datetime) -> Iterator[Change]:
    if observed.line_kind != desired.line_kind:
        before, after = observed.line_kind, desired.line_kind
        what = Text(
            en=f"line_kind {before} → {after}: a line stays what was ordered; order a new one beside it",
            ja=f"line_kind {before} → {after}: 回線種別は変更できません。新しい回線を別に申し込んでください",
        )
        yield Change("line_kind", Disturbance.REFUSED, what, 26)
        return
    if observed.cidr != desired.cidr:
        what = Text(
            en=f"cidr {observed.cidr} → {desired.cidr}: its router is given the new network",
            ja=f"cidr {observed.cidr} → {desired.cidr}: ルータのネットワークを変更します",
        )
        yield Change("cidr", Disturbance.ONLINE, what, 35)
    if (before_gb := observed.capacity_gb) != (after_gb := desired.capacity_gb):
        first = first_of_next_month(now.date())
        what = Text(
            en=f"capacity_gb {before_gb} → {after_gb}: counts from {first} on",
            ja=f"capacity_gb {before_gb} → {after_gb}: {first} から適用されます",
        )
        yield Change("capacity_gb", Disturbance.ONLINE, what, 32)
    for name in _DATES:
        if (before_value := getattr(observed, name)) != (after_value := getattr(desired, name)):
            shown = name if name in ("visits", "agreed") else f"{name} {_shown(before_value)} → {_shown(after_value)}"
            what = Text(en=f"{shown}: the record changes", ja=f"{shown}: 記録を改めます")
            yield Change(name, Disturbance.NONE, what, 27 if name == "visits" else 26)


def _shown(value: object) -> str:
    return "-" if value is None else str(value)


def diff_maintenance(observed: MaintenanceResource | None, desired: MaintenanceResource) -> Plan:
    """Whoever is affected is told, of a change too."""
    if observed is None:
        return Plan(desired.identity, (Change("", Disturbance.NONE, _GONE, 2),), (Build(desired),))
    changes = []
    told = ", ".join(sorted({*observed.affected, *desired.affected})) or "-"
    for name in ("title", "starts", "ends", "targets", "affected"):
        if getattr(observed, name) != getattr(desired, name):
            what = Text(en=f"{name} changes: told are {told}", ja=f"{name} を変更します。通知先: {told}")
            changes.append(Change(name, Disturbance.ONLINE, what, 2))
    changes.extend(
        Change(name, Disturbance.NONE, same(f"{name} {_shown(before)} → {_shown(after)}"), 2)
        for name in ("announced", "emergency")
        if (before := getattr(observed, name)) != (after := getattr(desired, name))
    )
    if observed.agreed != desired.agreed:
        what = Text(en="agreed: the record changes", ja="agreed: 記録を改めます")
        changes.append(Change("agreed", Disturbance.NONE, what, 2))
    return Plan(desired.identity, tuple(changes), (Settle(desired),) if changes else ())
