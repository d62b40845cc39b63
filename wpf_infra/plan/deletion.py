"""What it means that something is left out: erased when its end is due, refused otherwise (FAQ 13).

Here: the pure decision for every kind. Not here: who asks (the engine's hook in `declare`, the provider's Delete).
"""

from __future__ import annotations

from datetime import date

from wpf_infra.language import Text
from wpf_infra.model.observation import Observed, ObservedVm
from wpf_infra.model.resource import Resource, VmResource
from wpf_infra.model.vm import Power
from wpf_infra.plan.disturbance import Change, Disturbance, Plan


def diff_deletion(observed: Observed | None, recorded: Resource, today: date) -> Plan:
    """recorded: the inputs of the last run; they hold the retirement that makes an erasure due."""
    if observed is None:
        what = Text(en="is gone already", ja="既に存在しません")
        return Plan(recorded.identity, (Change("", Disturbance.NONE, what),))
    if isinstance(recorded, VmResource):
        assert isinstance(observed, ObservedVm)
        return Plan(recorded.identity, (_server(observed, recorded, today),))
    what = Text(
        en=f"the {recorded.kind.replace('-', ' ')} is taken away; refused while anything stands in it",
        ja=f"{recorded.kind} を取り除きます。使用中であれば拒否されます",
    )
    return Plan(recorded.identity, (Change("", Disturbance.ONLINE, what),))


def _server(observed: ObservedVm, recorded: VmResource, today: date) -> Change:
    disks = ", ".join(f"{name} {disk.size_gb} GB" for name, disk in sorted(observed.resource.disks.items()))
    if not observed.built:
        what = Text(
            en=f"its build never came to its end: it is taken away, its disks ({disks}) overwritten",
            ja=f"作成が完了していないサーバです。ディスク（{disks}）を上書き消去して取り除きます",
        )
        return Change("", Disturbance.ERASE, what, 13)
    if recorded.retire is None:
        what = Text(
            en="is left out of its file and its data would be lost: put it back, declare its end "
            "(retire: {ordered, ends}, ordered a month ahead), run up, and leave it out after that day",
            ja="宣言から外れ、データが失われます。宣言に戻し、1か月前までに retire: {ordered, ends} を宣言して up し、"
            "期日後に外してください",
        )
        return Change("", Disturbance.REFUSED, what, 13)
    if not recorded.retire.due(today):
        what = Text(
            en=f"its end is {recorded.retire.ends} and not yet over: put it back until then",
            ja=f"解約日は {recorded.retire.ends} で、まだ過ぎていません。それまで宣言に戻してください",
        )
        return Change("", Disturbance.REFUSED, what, 13)
    if observed.power is Power.ON:
        what = Text(
            en="runs, and a running server is never erased: its customer shuts it down first; then run again",
            ja="稼働中です。稼働中のサーバは消去しません。お客様がシャットダウンした後に再実行してください",
        )
        return Change("", Disturbance.REFUSED, what, 13)
    what = Text(
        en=f"is deleted and its disks ({disks}) are overwritten; its retirement of {recorded.retire.ends} is due",
        ja=f"を削除し、ディスク（{disks}）を上書き消去します。{recorded.retire.ends} の解約日を過ぎています",
    )
    return Change("", Disturbance.ERASE, what, 13)
