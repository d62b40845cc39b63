"""A firewall policy's plan: which conversations begin, change and end (FAQ 22).

Here: allowances by key; their order never matters. Not here: rules (`wpf_infra.network`).
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.model.resource import Direction, FirewallResource, ResolvedAllowance
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import Build, Settle


def diff_firewall(observed: FirewallResource | None, desired: FirewallResource) -> Plan:
    if observed is None:
        what = Text(en="is gone from the backend: it is made again", ja="バックエンドから失われています。作り直します")
        return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, 22),), (Build(desired),))
    changes = tuple(
        _change(desired.tenant, key, observed.allowances.get(key), desired.allowances.get(key))
        for key in sorted({*observed.allowances, *desired.allowances})
        if observed.allowances.get(key) != desired.allowances.get(key)
    )
    return Plan(desired.identity, changes, (Settle(desired),) if changes else ())


def _change(tenant: str, key: str, before: ResolvedAllowance | None, after: ResolvedAllowance | None) -> Change:
    path = f'allowances["{key}"]'
    peer = (after or before).peer if (after or before) else tenant  # type: ignore[union-attr]
    follows = Text(en=f"the stack {peer} has to follow", ja=f"スタック {peer} も合わせて適用してください")
    if after is None:
        assert before is not None
        what = Text(
            en=f"{key} ends: {_flow(before)} is dropped; {follows.en}",
            ja=f"{key} を終了: {_flow(before)} は遮断されます。{follows.ja}",
        )
    elif before is None:
        what = Text(
            en=f"{key} begins: {_flow(after)} is allowed; {follows.en}",
            ja=f"{key} を開始: {_flow(after)} を許可します。{follows.ja}",
        )
    else:
        what = Text(
            en=f"{key}: {_flow(before)} → {_flow(after)}; {follows.en}",
            ja=f"{key}: {_flow(before)} → {_flow(after)}。{follows.ja}",
        )
    return Change(path, Disturbance.ONLINE, what, 22)


def _flow(allowance: ResolvedAllowance) -> str:
    ports = ", ".join(str(port) for port in allowance.ports)
    arrow = "to" if allowance.direction is Direction.OUT else "from"
    return f"{arrow} {allowance.peer} {allowance.source} > {allowance.destination} {ports}"
