"""A firewall policy's plan: which conversations begin, change and end (FAQ 22).

Here: allowances by key; their order never matters. Not here: rules (`wpf_infra.network`).
"""

from __future__ import annotations

from collections.abc import Iterable

from wpf_infra.language import Text
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import FirewallResource, ResolvedAllowance
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.step import Build, Settle

_ROW = 22


def diff_firewall(observed: FirewallResource | None, desired: FirewallResource) -> Plan:
    if observed is None:
        what = Text(
            en="is gone from the backend: its conversations with other tenants are allowed again",
            ja="の通信許可がバックエンドから失われています。他テナントとの通信を改めて許可します",
        )
        return Plan(desired.identity, (Change("", Disturbance.ONLINE, what, _ROW),), (Build(desired),))
    changes = tuple(
        _change(key, before, after)
        for key in sorted({*observed.allowances, *desired.allowances})
        if (before := observed.allowances.get(key)) != (after := desired.allowances.get(key))
    )
    return Plan(desired.identity, changes, (Settle(desired),) if changes else ())


def ended(observed: FirewallResource) -> Change:
    """The whole policy is left out."""
    held = observed.allowances
    follows = _follows(held.values())
    keys = ", ".join(sorted(held))
    if not held:
        what = Text(
            en="(firewall policy) is taken away; it allows no conversation",
            ja="通信許可を取り除きます。許可中の通信はありません",
        )
    else:
        what = Text(
            en=f"(firewall policy) is taken away: {keys} no longer allowed{follows.en}",
            ja=f"通信許可を取り除きます。{keys} の通信は許可されなくなります{follows.ja}",
        )
    return Change("", Disturbance.ONLINE, what, _ROW)


def _change(key: str, before: ResolvedAllowance | None, after: ResolvedAllowance | None) -> Change:
    path = f'allowances["{key}"]'
    follows = _follows(each for each in (before, after) if each is not None)
    if before is None:
        assert after is not None
        flow = _flow(after)
        what = Text(en=f"{key} begins: {flow.en} is allowed", ja=f"{key} を開始: {flow.ja}を許可します")
    elif after is None:
        flow = _flow(before)
        what = Text(
            en=f"{key} ends: {flow.en} is no longer allowed", ja=f"{key} を終了: {flow.ja}は許可されなくなります"
        )
    elif before.model_copy(update={"reason": after.reason}) == after:
        what = Text(
            en=f"{key} keeps its ports and ends; its reason is now: {after.reason}",
            ja=f"{key} の理由だけを改めます: {after.reason}",
        )
        return Change(path, Disturbance.NONE, Text(en=what.en + follows.en, ja=what.ja + follows.ja), _ROW)
    else:
        old, new = _flow(before), _flow(after)
        what = Text(
            en=f"{key} changes: {new.en} is allowed instead of {old.en}",
            ja=f"{key} を変更: {old.ja}に代えて、{new.ja}を許可します",
        )
    return Change(path, Disturbance.ONLINE, Text(en=what.en + follows.en, ja=what.ja + follows.ja), _ROW)


def _follows(allowances: Iterable[ResolvedAllowance]) -> Text:
    """The other side has a policy of its own, in its own stack; the platform has none."""
    peers = sorted({each.peer for each in allowances} - {PLATFORM})
    if not peers:
        return Text(en="", ja="")
    listed = ", ".join(peers)
    return Text(
        en=f"; the stack{'s' if len(peers) > 1 else ''} {listed} {'have' if len(peers) > 1 else 'has'} to follow",
        ja=f"（スタック {listed} にも適用が必要です）",
    )


def _flow(allowance: ResolvedAllowance) -> Text:
    ports = ", ".join(str(port) for port in allowance.ports)
    return Text(
        en=f"{ports} from {allowance.source} to {allowance.destination}",
        ja=f"{allowance.source} から {allowance.destination} への {ports} ",
    )
