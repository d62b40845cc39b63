"""The form's sheets for lines, gateways, terminals, allowances, people, certificates and images.

Here: their description. Not here: servers and what belongs to them (`sheets`).
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.choices import LINES, PATHS, ROLES
from wpf_infra.onboarding.workbook.column import Column, Kind, Menu, Needed, Sheet

_NAME_NOTE = Text(
    en="A short name in lower-case letters, digits and hyphens.", ja="英小文字・数字・ハイフンの短い名前。"
)


def _name(en: str, ja: str, note: Text = _NAME_NOTE) -> Column:
    """The column of a row's own key."""
    return Column(label=Text(en=en, ja=ja), path="{name}", kind=Kind.CODE, needed=Needed.YES, note=note)


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
        _name("line", "回線名"),
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
        _name("gateway", "ゲートウェイ名"),
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
        _name("terminals", "端末名"),
        Column(
            label=Text(en="range", ja="アドレス範囲"),
            path="cidr",
            kind=Kind.CODE,
            needed=Needed.YES,
            width=18,
            note=Text(
                en="Inside the tenant's network, such as 10.96.4.240/28.",
                ja="テナントのネットワークの中の範囲（例: 10.96.4.240/28）。",
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
        _name("allowance", "許可名"),
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

USERS = Sheet(
    title="利用者",
    hint=Text(
        en="A user of the portal a row. The system issues the user's ID.",
        ja="ポータルの利用者を1行に1人ずつ書きます。利用者IDはシステムが払い出します。",
    ),
    path="users.{name}",
    columns=(
        _name(
            "entry",
            "登録名",
            Text(
                en="Tells this form's users apart, such as sato; it is not the login.",
                ja="この様式の中で人を区別する名前（例: sato）。ログインIDではありません。",
            ),
        ),
        Column(
            label=Text(en="name", ja="氏名"),
            path="name.kanji",
            kind=Kind.TEXT,
            needed=Needed.YES,
            note=Text(en="Such as 佐藤 花子.", ja="例: 佐藤 花子"),
        ),
        Column(
            label=Text(en="reading", ja="フリガナ"),
            path="name.kana",
            kind=Kind.READING,
            needed=Needed.YES,
            note=Text(en="In full-width katakana.", ja="全角カタカナ（例: サトウ ハナコ）。"),
        ),
        Column(
            label=Text(en="romaji", ja="ローマ字"),
            path="name.romaji",
            kind=Kind.CODE,
            needed=Needed.YES,
            note=Text(en="Such as SATO HANAKO.", ja="例: SATO HANAKO"),
        ),
        Column(
            label=Text(en="mail address", ja="メールアドレス"),
            path="email",
            kind=Kind.CODE,
            needed=Needed.YES,
            width=32,
            note=Text(
                en="Its domain has to be on the platform's whitelist; public mail is not.",
                ja="登録済みドメインのアドレス。フリーメールや携帯メールは使えません。",
            ),
        ),
        Column(
            label=Text(en="phone", ja="電話番号"),
            path="phone",
            kind=Kind.PHONE,
            needed=Needed.YES,
            width=18,
            note=Text(en="Such as 03-0000-0000.", ja="例: 03-0000-0000"),
        ),
        Column(
            label=Text(en="role", ja="権限"),
            path="role",
            kind=Kind.CHOICE,
            choices=ROLES,
            needed=Needed.YES,
            width=12,
            note=Text(en="管理者 (admin) or 一般 (general).", ja="管理者か一般か。"),
        ),
        Column(
            label=Text(en="one-time passwords", ja="ワンタイムパスワード"),
            path="otp",
            kind=Kind.FLAG,
            width=20,
            note=Text(en="○ to ask for one at the login.", ja="ログイン時に使う場合に○。"),
        ),
    ),
)

_PATH = Column(
    label=Text(en="path", ja="通信経路"),
    path="path",
    kind=Kind.CHOICE,
    choices=PATHS,
    needed=Needed.YES,
    width=32,
    note=Text(
        en="Which way the TLS connection goes; it decides who issues the certificate.",
        ja="TLS通信の経路。誰が証明書を用意するかが決まります。",
    ),
)

CERTIFICATES = Sheet(
    title="証明書",
    hint=Text(
        en="A certificate that the platform issues a row (paths to platform functions).",
        ja="基盤が発行する証明書（基盤機能との通信用）を1行に1つずつ書きます。",
    ),
    path="certificates.{name}",
    columns=(
        _name("certificate", "証明書名"),
        _PATH,
        Column(
            label=Text(en="common name", ja="コモンネーム"),
            path="common_name",
            kind=Kind.CODE,
            needed=Needed.YES,
            width=44,
            note=Text(
                en="HOLDER.TENANT.DOMAIN, such as app-1.higashi-suido.wpf.internal.",
                ja="機器名.テナントID.ドメイン（例: app-1.higashi-suido.wpf.internal）。",
            ),
        ),
    ),
)

TRUST = Sheet(
    title="信頼する証明書",
    hint=Text(
        en="A vendor's own CA or self-signed certificate a row (paths to applications).",
        ja="ベンダーが用意した自己証明書やCA証明書（アプリとの通信用）を1行に1つずつ書きます。",
    ),
    path="trust.{name}",
    columns=(
        _name("anchor", "登録名"),
        _PATH,
        Column(
            label=Text(en="PEM file", ja="PEMファイル"),
            path="pem_file",
            kind=Kind.TEXT,
            needed=Needed.YES,
            width=36,
            note=Text(
                en="The file's name, from the folder of this workbook, such as trust/scada.pem; hand it in too.",
                ja="このブックと同じフォルダからのファイル名（例: trust/scada.pem）。ファイルも一緒に提出します。",
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
        _name("image", "イメージ名"),
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
