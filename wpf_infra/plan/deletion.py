"""What it means that something is left out: erased when its end is due, refused otherwise (FAQ 13).

Here: the pure decision for every kind. Not here: who asks (the engine's hook in `declare`, the provider's Delete).
"""

from __future__ import annotations

from datetime import date

from wpf_infra.language import Text
from wpf_infra.model.availability import Power
from wpf_infra.model.identity import Kind
from wpf_infra.model.observation import Observed, ObservedVm
from wpf_infra.model.resource import FirewallResource, Resource, VmResource
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.plan.firewall import ended


def diff_deletion(observed: Observed | None, recorded: Resource, today: date) -> Plan:
    """recorded: the inputs of the last run; they hold the retirement that makes an erasure due."""
    row = _ROWS[recorded.kind]
    if observed is None:
        what = Text(en="is gone already", ja="は既に存在しません")
        return Plan(recorded.identity, (Change("", Disturbance.NONE, what, row),))
    if isinstance(recorded, VmResource):
        assert isinstance(observed, ObservedVm)
        return Plan(recorded.identity, (_server(observed, recorded, today),))
    if isinstance(observed.resource, FirewallResource):
        return Plan(recorded.identity, (ended(observed.resource),))
    disturbance = Disturbance.ERASE if recorded.kind is Kind.IMAGE else Disturbance.ONLINE
    return Plan(recorded.identity, (Change("", disturbance, _TAKEN[recorded.kind], row),))


_ROWS = {
    Kind.STORAGE_CLASS: 12,
    Kind.CLUSTER: 12,
    Kind.TENANT: 13,
    Kind.VM: 13,
    Kind.FIREWALL: 22,
    Kind.IMAGE: 25,
    Kind.AUTHORITY: 3,
    Kind.CERTIFICATE: 3,
    Kind.ANCHOR: 3,
    Kind.LINE: 26,
    Kind.MONITORING: 17,
    Kind.USER: 10,
    Kind.USER_ROLL: 10,
    Kind.MAINTENANCE: 2,
}
_TAKEN = {
    Kind.STORAGE_CLASS: Text(
        en="(storage class) is taken away; refused while a disk stands on it",
        ja="ストレージクラスを取り除きます。ディスクが残っていれば拒否されます",
    ),
    Kind.CLUSTER: Text(
        en="(cluster) is taken away; refused while a tenant stands in it",
        ja="クラスタを取り除きます。テナントが残っていれば拒否されます",
    ),
    Kind.TENANT: Text(
        en="(tenant) is taken away with its folder, pool and network; refused while a server stands in it",
        ja="テナントをフォルダ・リソースプール・ネットワークとともに取り除きます。サーバが残っていれば拒否されます",
    ),
    Kind.IMAGE: Text(
        en="(image) is deleted, its disks overwritten; servers made of it stay",
        ja="イメージのディスクを上書き消去して削除します。このイメージから作ったサーバは残ります",
    ),
    Kind.AUTHORITY: Text(
        en="(certificate authority) is taken away with its keys; refused while a certificate of it stands",
        ja="認証局を鍵とともに取り除きます。証明書が残っていれば拒否されます",
    ),
    Kind.CERTIFICATE: Text(en="(certificate) is revoked, its key destroyed", ja="証明書を失効させ、鍵を破棄します"),
    Kind.ANCHOR: Text(
        en="(trust anchor) is no longer kept; who trusts it has to be told",
        ja="ベンダーの証明書の保管をやめます。信頼している側への連絡が必要です",
    ),
    Kind.LINE: Text(en="(line) is given up", ja="回線を解約します"),
    Kind.MONITORING: Text(en="is no longer monitored", ja="の監視を終了します"),
    Kind.USER: Text(
        en="(user) is deleted; the ID is never issued again", ja="利用者を削除します。IDは再利用されません"
    ),
    Kind.USER_ROLL: Text(en="(number of users) is no longer kept", ja="利用者数の記録をやめます"),
    Kind.MAINTENANCE: Text(
        en="(maintenance) is withdrawn; those affected are told, unless it is over",
        ja="メンテナンスを取り消します。終了していなければ対象者に通知します",
    ),
}
"""What it means that each is taken away."""


def _server(observed: ObservedVm, recorded: VmResource, today: date) -> Change:
    if observed.built:
        if recorded.retire is None:
            return Change("", Disturbance.REFUSED, _NO_END, 13)
        if not recorded.retire.due(today):
            return Change("", Disturbance.REFUSED, _not_yet(recorded.retire.ends), 13)
    if observed.power is Power.ON:
        return Change("", Disturbance.REFUSED, _RUNS if observed.built else _RUNS_HALF_BUILT, 13)
    if observed.foreign_disks:
        return Change("", Disturbance.REFUSED, _foreign(", ".join(observed.foreign_disks)), 13)
    disks = ", ".join(f"{name} {disk.size_gb} GB" for name, disk in sorted(observed.resource.disks.items()))
    if not observed.built or recorded.retire is None:
        what = Text(
            en=f"was never built to its end: it is deleted, its disks ({disks}) overwritten",
            ja=f"は作成が完了していません。ディスク（{disks}）を上書き消去して削除します",
        )
    else:
        what = Text(
            en=f"is deleted, its disks ({disks}) overwritten; its retirement of {recorded.retire.ends} is due",
            ja=f"は {recorded.retire.ends} の解約日を過ぎています。ディスク（{disks}）を上書き消去して削除します",
        )
    return Change("", Disturbance.ERASE, what, 13)


_NO_END = Text(
    en="is left out of its file and its data would be lost: put it back, declare its end (retire: {ordered, ends}, "
    "ordered a month ahead), run up, and leave it out after that day",
    ja="が宣言から外れ、データが失われます。宣言に戻し、解約日の1か月前までに retire: {ordered, ends} を宣言して "
    "up し、解約日を過ぎてから外してください",
)
_RUNS = Text(
    en="runs, and a running server is never erased: its customer shuts it down first; then run again",
    ja="は稼働中のため消去しません。お客様がシャットダウンした後に再実行してください",
)
_RUNS_HALF_BUILT = Text(
    en="runs, though its build was cut off, and a running server is never erased: put it back and run up to finish it, "
    "or have it shut down and run again",
    ja="は作成が途中で止まったまま稼働中のため消去しません。宣言に戻して up で完成させるか、"
    "シャットダウン後に再実行してください",
)


def _foreign(names: str) -> Text:
    return Text(
        en=f"has disks that were added by hand ({names}) and are not ours to erase: have them taken off, "
        "then run again",
        ja=f"には手作業で追加されたディスク（{names}）があり、消去の対象ではありません。取り外してから再実行してください",
    )


def _not_yet(ends: date) -> Text:
    return Text(
        en=f"is left out of its file, and its end is {ends}, not yet over: put it back until then",
        ja=f"が宣言から外れていますが、解約日 {ends} を過ぎていません。それまで宣言に戻してください",
    )
