"""The workbook's first sheet: what it is, how it is filled in, which edition of the form it is.

Here: its words. Not here: the sheets it speaks of.
"""

from __future__ import annotations

from wpf_infra.language import Text

TITLE = "はじめに"
LISTS = "選択肢"
"""The hidden sheet that long drop-downs take their words from."""
EDITION = 1
EDITION_LABEL = "様式の版"

STEPS = (
    Text(
        en="Fill in the sheets テナント, サーバ and ディスク, and of the others those that you need.",
        ja="「テナント」「サーバ」「ディスク」を記入し、ほかのシートは必要なものだけ記入します。",
    ),
    Text(
        en="Yellow columns are needed in every row that is used; white ones are not. "
        "条件付き: the note of the column says when.",
        ja="黄色の列（必須）は、使う行では必ず記入します。「条件付き」は、必要な場合が列見出しのメモに書いてあります。",
    ),
    Text(
        en="Addresses, networks and VLANs (空欄可) are best left empty: the platform allocates them.",
        ja="「空欄可」のアドレス・ネットワーク・VLANは、空欄のままにすると基盤が割り当てます。",
    ),
    Text(
        en="Names (ids) are lower-case letters, digits and hyphens, beginning with a letter.",
        ja="名前（ID）は英小文字で始め、英小文字・数字・ハイフンだけを使います。",
    ),
    Text(
        en="Choose from the list where there is one; ○ where something is wanted, else leave the cell empty.",
        ja="一覧のある欄は一覧から選び、○の欄は希望する場合だけ○を入れます。",
    ),
    Text(
        en="Write values, no formulas. Do not merge cells, and do not add columns or sheets.",
        ja="数式は使わず、値を入力してください。セルの結合や、列・シートの追加はしないでください。",
    ),
    Text(
        en="Point at a column's label to read what belongs there, and the FAQ row that says why.",
        ja="列見出しにマウスを置くと、書き方とFAQの番号が表示されます。",
    ),
    Text(
        en="Save it as an Excel workbook (.xlsx), without password or macros.",
        ja="Excelブック（.xlsx）形式で、パスワードやマクロを付けずに保存してください。",
    ),
    Text(
        en="Notes for the platform may stand below on this sheet; nothing here is read but the edition.",
        ja="連絡事項はこのシートの下の方に自由に書けます（版の番号のほかは読み込みません）。",
    ),
)
