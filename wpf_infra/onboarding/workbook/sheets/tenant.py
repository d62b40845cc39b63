"""The tenant's own sheet: one value a row.

Here: the description of its rows. Not here: tables; they have a thing a row.
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.choices import KINDS, OPTIONS
from wpf_infra.onboarding.workbook.column import Column, Kind, Menu, Needed, Sheet

_OPTION_NOTES = {
    "monitoring": Text(
        en="Zabbix watches servers and gateways; fill in the sheet 監視ヒアリングシート.",
        ja="サーバとゲートウェイを監視します。「監視ヒアリングシート」にも記入してください。",
    ),
    "smtp": Text(
        en="Servers send mail out through the platform's relay; no inbound mail.",
        ja="サーバから基盤の中継サーバ経由でメールを送信します（受信はできません）。",
    ),
    "snapshot": Text(
        en="A built server is captured and further ones deployed from it (sheet イメージ).",
        ja="構築済みサーバを複製元にして別のサーバを作ります（「イメージ」シート）。",
    ),
    "antivirus": Text(en="The platform's antivirus on servers.", ja="サーバに基盤のウイルス対策を入れます。"),
    "backup": Text(en="The platform's backup of servers.", ja="サーバを基盤のバックアップで保全します。"),
}

_OPTION_ROWS = {"monitoring": 17, "smtp": 24, "snapshot": 25, "antivirus": 19, "backup": 23}
_OPTION_COLUMNS = tuple(
    Column(
        label=Text(en=f"option {value}", ja=f"オプション：{word}"),
        path="options",
        kind=Kind.MEMBER,
        member=str(value),
        faq=_OPTION_ROWS[value],
        note=_OPTION_NOTES[value],
    )
    for value, word in OPTIONS.items()
)

TENANT = Sheet(
    title="テナント",
    hint=Text(en="The tenant itself; fill in the column 値.", ja="テナントそのものについて、「値」の列に記入します。"),
    path="",
    columns=(
        Column(
            label=Text(en="tenant id", ja="テナントID"),
            path="tenant",
            kind=Kind.CODE,
            needed=Needed.YES,
            note=Text(
                en="Lower-case letters, digits and hyphens, at most 32, such as higashi-suido; it never changes.",
                ja="英小文字・数字・ハイフンで32文字まで（例: higashi-suido）。後から変えられません。",
            ),
        ),
        Column(
            label=Text(en="kind", ja="種別"),
            path="kind",
            kind=Kind.CHOICE,
            choices=KINDS,
            needed=Needed.YES,
            note=Text(
                en="事業者 (utility) or ベンダー (application vendor).",
                ja="水道事業者のテナントか、アプリベンダーのテナントか。",
            ),
        ),
        Column(
            label=Text(en="name in Japanese", ja="名称（日本語）"),
            path="name.ja",
            kind=Kind.TEXT,
            needed=Needed.YES,
            note=Text(en="Such as 東水道事業団.", ja="例: 東水道事業団"),
        ),
        Column(
            label=Text(en="name in English", ja="名称（英語）"),
            path="name.en",
            kind=Kind.TEXT,
            needed=Needed.YES,
            note=Text(en="Such as Higashi Waterworks.", ja="例: Higashi Waterworks"),
        ),
        Column(
            label=Text(en="vendor", ja="担当ベンダー"),
            path="vendor",
            kind=Kind.CODE,
            menu=Menu.TENANT,
            note=Text(
                en="For a utility: the tenant id of the vendor that serves it.",
                ja="事業者の場合、アプリを担当するベンダーのテナントID。",
            ),
        ),
        Column(
            label=Text(en="cluster", ja="クラスタ"),
            path="cluster",
            kind=Kind.CODE,
            menu=Menu.CLUSTER,
            needed=Needed.YES,
            note=Text(en="Where the servers run; from the menu.", ja="サーバを置く場所。メニューから選びます。"),
        ),
        Column(
            label=Text(en="network", ja="ネットワーク"),
            path="network.cidr",
            kind=Kind.CODE,
            needed=Needed.ALLOCATED,
            note=Text(
                en="Leave it empty: it is allocated. Where one is agreed already, such as 10.64.8.0/24.",
                ja="空欄なら自動で割り当てます。決まっている場合だけ書きます（例: 10.64.8.0/24）。",
            ),
        ),
        Column(
            label=Text(en="VLAN", ja="VLAN ID"),
            path="network.vlan",
            kind=Kind.NUMBER,
            needed=Needed.ALLOCATED,
            note=Text(en="Leave it empty: it is allocated.", ja="空欄なら自動で割り当てます。"),
        ),
        Column(
            label=Text(en="CPUs ordered", ja="契約CPU数"),
            path="quota.cpu",
            kind=Kind.NUMBER,
            needed=Needed.YES,
            note=Text(
                en="Virtual CPUs that all servers together may have.", ja="全サーバで使える仮想CPU数の合計の上限。"
            ),
        ),
        Column(
            label=Text(en="memory ordered (GiB)", ja="契約メモリ（GiB）"),
            path="quota.memory_gib",
            kind=Kind.NUMBER,
            needed=Needed.YES,
            note=Text(en="For all servers together.", ja="全サーバのメモリの合計の上限。"),
        ),
        Column(
            label=Text(en="disks ordered (GB)", ja="契約ディスク（GB）"),
            path="quota.storage_gb",
            kind=Kind.NUMBER,
            needed=Needed.YES,
            note=Text(en="For all servers together.", ja="全サーバのディスク容量の合計の上限。"),
        ),
        Column(
            label=Text(en="mail address for notices", ja="通知先メールアドレス"),
            path="notify",
            kind=Kind.CODE,
            needed=Needed.YES,
            note=Text(
                en="One address; a group address is advised.",
                ja="1つだけ書きます。複数人に届けるにはグループアドレスにしてください。",
            ),
        ),
        *_OPTION_COLUMNS,
    ),
)
"""Not a table: its columns are rows, and there is one of it."""
