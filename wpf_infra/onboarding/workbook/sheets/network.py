"""The sheets of lines and gateways, terminals and allowances.

Here: what conversations run over, and between whom. Not here: the tenant's own network (`tenant`).
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.choices import LINES
from wpf_infra.onboarding.workbook.column import Column, Kind, Menu, Needed, Sheet, name_of


def _visit(en: str, ja: str, path: str) -> Column:
    return Column(
        label=Text(en=en, ja=ja),
        path=f"visits.{path}",
        kind=Kind.DATES,
        width=18,
        note=Text(
            en="Fixed lines: the day somebody of yours is there; several with commas between.",
            ja="固定回線だけ。立ち会う日。分かれる場合は 2026-05-11、2026-05-12 のように並べます。",
        ),
    )


LINES_SHEET = Sheet(
    title="回線",
    hint=Text(
        en="A line of the closed network a row. Fixed lines take 3 to 6 months, mobile ones about one.",
        ja="閉域網の回線を1行に1つずつ書きます。固定は概ね3～6か月、モバイルは約1か月かかります。",
    ),
    path="lines.{name}",
    tags=tuple(LINES),
    columns=(
        name_of("line", "回線名"),
        Column(
            label=Text(en="kind", ja="回線の種類"),
            path="kind",
            kind=Kind.CHOICE,
            choices=LINES,
            needed=Needed.YES,
            width=14,
            note=Text(en="固定 (fixed) or モバイル (mobile).", ja="固定かモバイルか。"),
        ),
        Column(
            label=Text(en="ordered on", ja="申込日"),
            path="ordered",
            kind=Kind.DATE,
            needed=Needed.YES,
            note=Text(en="The day of this application.", ja="この申込の日。"),
        ),
        Column(
            label=Text(en="wanted on", ja="希望日"),
            path="wanted",
            kind=Kind.DATE,
            needed=Needed.YES,
            note=Text(en="The day it is wanted.", ja="利用を始めたい日。"),
        ),
        Column(
            label=Text(en="delivered on", ja="開通日"),
            path="delivered",
            kind=Kind.DATE,
            note=Text(en="Where the line is there already.", ja="すでに開通している場合だけ書きます。"),
        ),
        Column(
            label=Text(en="line network", ja="回線ネットワーク"),
            path="cidr",
            kind=Kind.CODE,
            needed=Needed.ALLOCATED,
            width=18,
            note=Text(
                en="Leave it empty: it is allocated. Where one is agreed already, such as 10.160.8.0/28.",
                ja="空欄なら自動で割り当てます。決まっている場合だけ書きます（例: 10.160.8.0/28）。",
            ),
        ),
        Column(
            label=Text(en="spare router", ja="予備ルータ"),
            path="spare_router",
            kind=Kind.FLAG,
            width=12,
            note=Text(
                en="Fixed lines: ○ for a cold-standby router that you swap yourselves.",
                ja="固定回線だけ。お客様が交換するコールドスタンバイ機器を置く場合に○。",
            ),
        ),
        Column(
            label=Text(en="volume (GB a month)", ja="月間容量（GB）"),
            path="capacity_gb",
            kind=Kind.NUMBER,
            needed=Needed.SOMETIMES,
            note=Text(
                en="Mobile lines: the contracted volume; beyond it 30 kbps until the month ends.",
                ja="モバイル回線だけ。契約容量。超えると月末まで30kbpsになります。",
            ),
        ),
        Column(
            label=Text(en="Wi-Fi clients", ja="Wi-Fi台数"),
            path="wifi_clients",
            kind=Kind.NUMBER,
            width=12,
            note=Text(en="Mobile lines: at most 16; 1 when empty.", ja="モバイル回線だけ。16台まで。空欄は1台。"),
        ),
        _visit("site survey", "現地調査日", "site_survey"),
        _visit("line work", "回線工事日", "line_work"),
        _visit("router installation", "ルータ設置日", "router_installation"),
        Column(
            label=Text(en="agreed by", ja="短納期の合意者"),
            path="agreed.by",
            kind=Kind.TEXT,
            note=Text(
                en="Where a shorter time than usual was agreed: with whom.",
                ja="通常より短い納期を合意している場合だけ。合意した相手。",
            ),
        ),
        Column(
            label=Text(en="agreed on", ja="合意日"),
            path="agreed.on",
            kind=Kind.DATE,
            note=Text(en="The day it was agreed.", ja="短納期を合意した日。"),
        ),
        Column(
            label=Text(en="agreed because", ja="合意の理由"),
            path="agreed.reason",
            kind=Kind.TEXT,
            width=24,
            note=Text(en="Why it was agreed.", ja="短納期を合意した理由。"),
        ),
    ),
)

GATEWAYS = Sheet(
    title="ゲートウェイ",
    hint=Text(en="An IoT gateway at a plant a row.", ja="浄水場などのIoTゲートウェイを1行に1台ずつ書きます。"),
    path="gateways.{name}",
    columns=(
        name_of("gateway", "ゲートウェイ名"),
        Column(
            label=Text(en="line", ja="回線名"),
            path="line",
            kind=Kind.CODE,
            menu=Menu.FIXED_AND_MOBILE,
            needed=Needed.YES,
            note=Text(en="A name of the sheet 回線.", ja="「回線」シートに書いた回線名。"),
        ),
        Column(
            label=Text(en="IP address", ja="IPアドレス"),
            path="address",
            kind=Kind.CODE,
            needed=Needed.ALLOCATED,
            note=Text(
                en="Leave it empty: it is allocated from the line's network.",
                ja="空欄なら回線のネットワークから自動で割り当てます。",
            ),
        ),
        Column(
            label=Text(en="agent", ja="エージェント"),
            path="agent",
            kind=Kind.FLAG,
            needed=Needed.SOMETIMES,
            width=14,
            note=Text(
                en="Can it carry the Zabbix agent, which its vendor installs? Every monitoring but ping needs it.",
                ja="ベンダーがZabbixエージェントを入れられる機器なら○。ping以外の監視に必要です。",
            ),
        ),
    ),
)

ENDPOINTS = Sheet(
    title="端末",
    hint=Text(
        en="A range of terminals in the tenant's network a row, such as the maintenance terminals.",
        ja="保守端末など、テナントのネットワーク内の端末の範囲を1行に1つずつ書きます。",
    ),
    path="endpoints.{name}",
    columns=(
        name_of("terminals", "端末名"),
        Column(
            label=Text(en="range", ja="アドレス範囲"),
            path="cidr",
            kind=Kind.CODE,
            needed=Needed.ALLOCATED,
            width=18,
            note=Text(
                en="Leave it empty: it is allocated in the tenant's network. Where one is agreed already, such as "
                "10.96.4.240/28.",
                ja="空欄ならテナントのネットワークから自動で割り当てます（決まっていれば 10.96.4.240/28 のように）。",
            ),
        ),
    ),
)


def _end(en: str, ja: str, path: str) -> Column:
    return Column(
        label=Text(en=en, ja=ja),
        path=path,
        kind=Kind.CODE,
        needed=Needed.YES,
        width=26,
        note=Text(
            en="A server, terminals, a line or a gateway; another tenant's as TENANT/NAME. Never an address.",
            ja="サーバ・端末・回線・ゲートウェイの名前。他テナントは テナントID/名前。アドレスは書けません。",
        ),
    )


ALLOWANCES = Sheet(
    title="通信許可",
    hint=Text(
        en="A conversation with another tenant a row. Inside a tenant traffic is free.",
        ja="他テナントとの通信を1行に1つずつ書きます。テナント内の通信は自由です。",
    ),
    path="allowances.{name}",
    columns=(
        name_of("allowance", "許可名"),
        _end("from", "通信元", "from"),
        _end("to", "通信先", "to"),
        Column(
            label=Text(en="ports", ja="ポート"),
            path="ports",
            kind=Kind.CODES,
            needed=Needed.YES,
            width=24,
            note=Text(
                en="tcp/443, udp/123, tcp/8883-8884 or icmp; several with commas between.",
                ja="tcp/443、udp/123、tcp/8883-8884、icmp の形。複数は「、」か「,」で区切ります。",
            ),
        ),
        Column(
            label=Text(en="reason", ja="理由"),
            path="reason",
            kind=Kind.TEXT,
            needed=Needed.YES,
            width=36,
            note=Text(
                en="Why, for whoever reads it in two years.", ja="何のための通信か。後から見て分かるように書きます。"
            ),
        ),
    ),
)
