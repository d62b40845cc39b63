"""The monitoring hearing sheet (FAQ 4, 17).

Here: its description. Not here: who is mailed; that follows from the severity.
"""

from __future__ import annotations

from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.choices import METRICS, MONITORED, MONITORS, SEVERITIES
from wpf_infra.onboarding.workbook.column import Column, Kind, Menu, Needed, Sheet

MONITORING = Sheet(
    title="監視ヒアリングシート",
    hint=Text(
        en="One condition a row; needs the option 監視 (monitoring).",
        ja="監視条件を1行に1つずつ書きます。「監視」のオプション申込が必要です。",
    ),
    path="{target}.{of}.monitoring.{name}",
    tags=tuple(MONITORS),
    columns=(
        Column(
            label=Text(en="monitored", ja="対象の種類"),
            path="{target}",
            kind=Kind.CHOICE,
            choices=MONITORED,
            needed=Needed.YES,
            width=14,
            note=Text(en="サーバ (server) or ゲートウェイ (gateway).", ja="サーバか、IoTゲートウェイか。"),
        ),
        Column(
            label=Text(en="its name", ja="対象の名前"),
            path="{of}",
            kind=Kind.CODE,
            menu=Menu.MONITORED,
            needed=Needed.YES,
            note=Text(
                en="A name of the sheet サーバ or ゲートウェイ.",
                ja="「サーバ」または「ゲートウェイ」シートに書いた名前。",
            ),
        ),
        Column(
            label=Text(en="item", ja="監視名"),
            path="{name}",
            kind=Kind.CODE,
            needed=Needed.YES,
            note=Text(
                en="A short name in lower-case letters, such as alive.",
                ja="英小文字・数字・ハイフンの短い名前（例: alive）。",
            ),
        ),
        Column(
            label=Text(en="kind", ja="監視の種類"),
            path="kind",
            kind=Kind.CHOICE,
            choices=MONITORS,
            needed=Needed.YES,
            note=Text(
                en="Ping, process, resource or log; the columns to fill in depend on it.",
                ja="ping・プロセス・リソース・ログの4種類。種類により記入する列が違います。",
            ),
        ),
        Column(
            label=Text(en="severity", ja="重要度"),
            path="severity",
            kind=Kind.CHOICE,
            choices=SEVERITIES,
            needed=Needed.YES,
            note=Text(
                en="警告 (warning): no mail. 軽度の障害 (minor): mail to the vendor. 重度の障害 (major): mail to both, "
                "and on the portal.",
                ja="警告はメールなし、軽度の障害はベンダーにメール、重度の障害は事業者とベンダーにメールし"
                "ポータルにも表示します。",
            ),
        ),
        Column(
            label=Text(en="process", ja="プロセス名"),
            path="process",
            kind=Kind.TEXT,
            needed=Needed.SOMETIMES,
            width=22,
            note=Text(en="For プロセス監視.", ja="プロセス監視だけに書きます（例: iisexpress.exe）。"),
        ),
        Column(
            label=Text(en="metric", ja="指標"),
            path="metric",
            kind=Kind.CHOICE,
            choices=METRICS,
            needed=Needed.SOMETIMES,
            note=Text(en="For リソース監視.", ja="リソース監視だけに書きます。"),
        ),
        Column(
            label=Text(en="threshold (%)", ja="しきい値（%）"),
            path="above",
            kind=Kind.NUMBER,
            needed=Needed.SOMETIMES,
            width=14,
            note=Text(
                en="For リソース監視: a fault when above, 1 to 99; the number alone.",
                ja="リソース監視だけに書きます。これを超えたら障害とする値（1～99）。%は付けません。",
            ),
        ),
        Column(
            label=Text(en="log file", ja="ログファイル"),
            path="file",
            kind=Kind.TEXT,
            needed=Needed.SOMETIMES,
            width=30,
            note=Text(en="For ログ監視: its full path.", ja="ログ監視だけに書きます。ファイルのフルパス。"),
        ),
        Column(
            label=Text(en="pattern", ja="検知する文字列"),
            path="match",
            kind=Kind.TEXT,
            needed=Needed.SOMETIMES,
            width=22,
            note=Text(
                en="For ログ監視: the regular expression that is a fault.",
                ja="ログ監視だけに書きます。障害とみなす文字列（正規表現）。",
            ),
        ),
    ),
)
