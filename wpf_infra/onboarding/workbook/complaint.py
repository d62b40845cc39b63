"""What is wrong with rows, columns and sheets, in words.

Here: the sentences. Not here: finding it out (`table`, `tenant_rows`), and what is wrong with one value (`value`).
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from wpf_infra.language import Text, visible
from wpf_infra.onboarding.workbook.column import Column, Sheet
from wpf_infra.onboarding.workbook.form import Cell
from wpf_infra.onboarding.workbook.value import Problem


def no_key(column: Column) -> Problem:
    return Problem(
        Text(
            en=f"{column.label.ja} is empty in a row that is filled in",
            ja=f"記入のある行の「{column.label.ja}」が空です",
        ),
        Text(en="fill it in, or clear the row", ja="記入するか、行の内容を消してください"),
    )


def dangling(name: str) -> Problem:
    return Problem(
        Text(en=f"`{visible(name)}` is not in the form", ja=f"`{visible(name)}` はこの様式のどのシートにもありません"),
        Text(
            en="write the name as in its own sheet, or add it there",
            ja="元のシートと同じ名前にするか、元のシートに追加してください",
        ),
    )


def twice(name: str, first: Cell) -> Problem:
    return Problem(
        Text(en=f"`{visible(name)}` stands at {first} already", ja=f"`{visible(name)}` は {first} にもあります"),
        Text(en="give one of the two another name, or remove it", ja="どちらかの名前を変えるか、消してください"),
    )


def unknown_label(written: str, sheet: Sheet, missing: Sequence[Column]) -> Problem:
    """missing: the columns, or rows, of which it may be one."""
    labels = [column.label.ja for column in sheet.columns]
    close = get_close_matches(written[:50], labels, n=1)
    summary = Text(
        en=f"`{visible(written[:50])}` is no column of this sheet", ja=f"`{visible(written[:50])}` という列はありません"
    )
    if close:
        return Problem(summary, Text(en=f"did you mean {close[0]}?", ja=f"「{close[0]}」の誤りではありませんか"))
    if missing:
        gone = "・".join(column.label.ja for column in missing)
        return Problem(
            summary,
            Text(
                en=f"remove it, or write the label that is missing again ({gone})",
                ja=f"消すか、見当たらない見出し（{gone}）に書き直してください",
            ),
        )
    return Problem(
        summary,
        Text(
            en="remove the column; notes may stand in the sheet はじめに",
            ja="列を消してください（メモは「はじめに」シートに書けます）",
        ),
    )


def missing_column(column: Column) -> Problem:
    return Problem(
        Text(en=f"the column {column.label.ja} is gone", ja=f"列「{column.label.ja}」がありません"),
        Text(en="write its label into the header again", ja="見出しの行に列を戻してください"),
    )


def label_twice(written: str) -> Problem:
    return Problem(
        Text(en=f"the column {written} stands here twice", ja=f"列「{written}」が2つあります"),
        Text(en="keep one of the two", ja="どちらか一方を消してください"),
    )


NO_HEADER = Problem(
    Text(en="the row with the columns' labels is gone", ja="列の見出しの行が見つかりません"),
    Text(
        en="copy the values into an empty form of `wpf onboard --template`",
        ja="`wpf onboard --template` の空の様式に値を貼り付けてください",
    ),
)
MERGED = Problem(
    Text(en="merged cells: which rows they mean cannot be told", ja="セルが結合されていて、どの行の値か分かりません"),
    Text(en="split them and write the value in each row", ja="結合を解除し、行ごとに値を書いてください"),
)
_LOOK = Text(
    en="show it and check that it is meant; it is read like the others",
    ja="再表示して内容を確かめてください（非表示でも読み込みます）",
)
HIDDEN_ROW = Problem(Text(en="this row is hidden", ja="この行は非表示になっています"), _LOOK)
HIDDEN_COLUMN = Problem(Text(en="this column is hidden", ja="この列は非表示になっています"), _LOOK)
HIDDEN_SHEET = Problem(Text(en="this sheet is hidden", ja="このシートは非表示になっています"), _LOOK)


def missing_row(column: Column) -> Problem:
    return Problem(
        Text(en=f"the row {column.label.ja} is gone", ja=f"項目「{column.label.ja}」の行がありません"),
        Text(en="write its label into the column 項目 again", ja="「項目」の列に戻してください"),
    )


def unknown_sheet(title: str, missing: list[str]) -> Problem:
    """missing: the form's sheets that the workbook has not got, one of which it may be."""
    close = get_close_matches(title, missing, n=1)
    gone = "・".join(missing)
    return Problem(
        Text(en=f"the form has no sheet `{visible(title)}`", ja=f"様式に「{visible(title)}」というシートはありません"),
        Text(en=f"did you mean {close[0]}?", ja=f"「{close[0]}」の誤りではありませんか")
        if close
        else Text(
            en=f"remove it, or give it its name again ({gone})",
            ja=f"シートを消すか、元の名前（{gone}）に戻してください",
        )
        if missing
        else Text(en="remove the sheet", ja="シートを消してください"),
    )


def other_edition(found: str, wanted: int) -> Problem:
    return Problem(
        Text(
            en=f"this is edition {visible(found)} of the form; edition {wanted} is read here",
            ja=f"様式の版が {visible(found)} です（読み込めるのは {wanted} です）",
        ),
        Text(
            en="copy the values into an empty form of `wpf onboard --template`",
            ja="`wpf onboard --template` の空の様式に値を貼り付けてください",
        ),
    )
