"""The sheets of servers and what they are made of.

Here: servers, disks, software, images. Not here: what is watched on them (`hearing`).
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.choices import LICENCES, PRIORITIES
from wpf_infra.onboarding.workbook.column import Column, Kind, Menu, Needed, Sheet, name_of

SERVERS = Sheet(
    title="サーバ",
    hint=Text(en="One virtual server a row.", ja="仮想サーバを1行に1台ずつ書きます。"),
    path="vms.{name}",
    columns=(
        Column(
            label=Text(en="server", ja="サーバ名"),
            path="{name}",
            kind=Kind.CODE,
            needed=Needed.YES,
            note=Text(
                en="Lower-case letters, digits and hyphens, at most 15, such as app-1.",
                ja="英小文字・数字・ハイフンで15文字まで（例: app-1）。",
            ),
        ),
        Column(
            label=Text(en="OS", ja="OS"),
            path="os",
            kind=Kind.CODE,
            menu=Menu.OS,
            needed=Needed.YES,
            width=22,
            note=Text(
                en="From the menu. A version is never upgraded in place.",
                ja="メニューから選びます。構築後のバージョンアップはできません（新しいサーバを申し込みます）。",
            ),
        ),
        Column(
            label=Text(en="CPUs", ja="CPU数"),
            path="cpu",
            kind=Kind.NUMBER,
            menu=Menu.CPU,
            needed=Needed.YES,
            width=10,
            note=Text(en="Virtual CPUs, from the menu.", ja="仮想CPUの数。メニューから選びます。"),
        ),
        Column(
            label=Text(en="memory (GiB)", ja="メモリ（GiB）"),
            path="memory_gib",
            kind=Kind.NUMBER,
            menu=Menu.MEMORY,
            needed=Needed.YES,
            width=14,
            note=Text(en="From the menu; the number alone.", ja="メニューから選びます。単位は付けません。"),
        ),
        Column(
            label=Text(en="IP address", ja="IPアドレス"),
            path="address",
            kind=Kind.CODE,
            needed=Needed.ALLOCATED,
            note=Text(
                en="Leave it empty: it is allocated. Where one is agreed already, such as 10.64.8.11.",
                ja="空欄なら自動で割り当てます。決まっている場合だけ書きます（例: 10.64.8.11）。",
            ),
        ),
        Column(
            label=Text(en="restart priority", ja="再起動の優先度"),
            path="restart_priority",
            kind=Kind.CHOICE,
            choices=PRIORITIES,
            width=16,
            note=Text(
                en="The order of restarts on another host after a host failed; 中 (medium) when empty.",
                ja="ホスト障害時に待機系で再起動する順番。空欄は「中」です。",
            ),
        ),
        Column(
            label=Text(en="redundant group", ja="冗長グループ"),
            path="anti_affinity",
            kind=Kind.CODE,
            note=Text(
                en="Servers with the same word here never share a host.",
                ja="同じ語を書いたサーバどうしは、同じホストに載りません（例: app）。",
            ),
        ),
        Column(
            label=Text(en="antivirus", ja="ウイルス対策"),
            path="antivirus",
            kind=Kind.FLAG,
            width=14,
            note=Text(
                en="○ to install the platform's antivirus; needs the tenant's option.",
                ja="基盤のウイルス対策を入れる場合に○。テナントのオプション申込が必要です。",
            ),
        ),
        Column(
            label=Text(en="backup", ja="バックアップ"),
            path="backup",
            kind=Kind.FLAG,
            width=14,
            note=Text(
                en="○ to have the platform's backup take the server; needs the tenant's option.",
                ja="基盤のバックアップを使う場合に○。テナントのオプション申込が必要です。",
            ),
        ),
        Column(
            label=Text(en="from image", ja="複製元イメージ"),
            path="from_image",
            kind=Kind.CODE,
            menu=Menu.IMAGES,
            note=Text(
                en="The image (sheet イメージ) it is deployed from; needs the snapshot option.",
                ja="「イメージ」シートの名前。スナップショットのオプション申込が必要です。",
            ),
        ),
    ),
)

_SERVER = Column(
    label=Text(en="server", ja="サーバ名"),
    path="{server}",
    kind=Kind.CODE,
    menu=Menu.SERVERS,
    needed=Needed.YES,
    note=Text(en="A name of the sheet サーバ.", ja="「サーバ」シートに書いたサーバ名。"),
)

DISKS = Sheet(
    title="ディスク",
    hint=Text(
        en="One disk a row; every server needs at least one.",
        ja="ディスクを1行に1つずつ書きます。どのサーバにも1つ以上必要です。",
    ),
    path="vms.{server}.disks.{name}",
    columns=(
        _SERVER,
        Column(
            label=Text(en="disk", ja="ディスク名"),
            path="{name}",
            kind=Kind.CODE,
            needed=Needed.YES,
            note=Text(
                en="Says which data it holds, such as system or data; never renamed afterwards.",
                ja="system や data など、中身が分かる名前。後から変えられません。",
            ),
        ),
        Column(
            label=Text(en="size (GB)", ja="容量（GB）"),
            path="size_gb",
            kind=Kind.NUMBER,
            menu=Menu.DISK,
            needed=Needed.YES,
            width=12,
            note=Text(
                en="From the menu. It can grow later and never shrink.",
                ja="メニューから選びます。後から増やせますが、減らせません。",
            ),
        ),
        Column(
            label=Text(en="storage class", ja="ストレージ種別"),
            path="storage_class",
            kind=Kind.CODE,
            menu=Menu.STORAGE,
            needed=Needed.YES,
            note=Text(en="From the menu.", ja="メニューから選びます。"),
        ),
    ),
)

SOFTWARE = Sheet(
    title="ソフトウェア",
    hint=Text(
        en="Software to be installed on a server and whose licence it is.",
        ja="サーバに入れるソフトウェアと、そのライセンスの持ち主を書きます。",
    ),
    path="vms.{server}.software.{name}",
    columns=(
        _SERVER,
        Column(
            label=Text(en="software", ja="ソフトウェア名"),
            path="{name}",
            kind=Kind.CODE,
            menu=Menu.SOFTWARE,
            needed=Needed.YES,
            width=24,
            note=Text(
                en="From the menu, or another product's name in lower-case letters, digits and hyphens.",
                ja="メニューから選びます。メニューにない製品は英小文字・数字・ハイフンで書きます。",
            ),
        ),
        Column(
            label=Text(en="licence", ja="ライセンス"),
            path="licence",
            kind=Kind.CHOICE,
            choices=LICENCES,
            needed=Needed.YES,
            note=Text(
                en="基盤 (the platform's) or ベンダー (brought by the vendor).",
                ja="基盤が用意するか、ベンダーが持ち込むか。OracleとSQL Serverは基盤が用意します。",
            ),
        ),
        Column(
            label=Text(en="Software Assurance", ja="SA"),
            path="software_assurance",
            kind=Kind.FLAG,
            width=8,
            needed=Needed.SOMETIMES,
            note=Text(
                en="○ when a brought SQL Server carries Software Assurance.",
                ja="SQL Serverを持ち込む場合、ソフトウェアアシュアランスがあれば○。",
            ),
        ),
        Column(
            label=Text(en="confirmed on", ja="確認日"),
            path="confirmed",
            kind=Kind.DATE,
            needed=Needed.SOMETIMES,
            note=Text(
                en="The day the vendor confirmed that the licence allows a public cloud.",
                ja="ベンダーが、パブリッククラウドで使えるライセンスだと確認した日。",
            ),
        ),
    ),
)

IMAGES = Sheet(
    title="イメージ",
    hint=Text(
        en="A captured server to deploy further ones from; needs the option スナップショット.",
        ja="複製元にするサーバを書きます。「スナップショット」のオプション申込が必要です。",
    ),
    path="images.{name}",
    columns=(
        name_of("image", "イメージ名"),
        Column(
            label=Text(en="captured server", ja="複製元サーバ名"),
            path="of",
            kind=Kind.CODE,
            menu=Menu.SERVERS,
            needed=Needed.YES,
            note=Text(en="A name of the sheet サーバ.", ja="「サーバ」シートに書いたサーバ名。"),
        ),
    ),
)
