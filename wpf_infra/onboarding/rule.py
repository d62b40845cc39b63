"""The rules that a form is held to before, or beside, those of the policy: what they are called and what they say.

Here: their ids, titles and FAQ rows, for findings and for documentation. Not here: finding anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity

TOPIC = Text(en="Application forms", ja="申込書")


@dataclass(frozen=True, slots=True)
class FormRule:
    """id: stable, for people to refer to; row: the FAQ row it rests on, None for plain sense and where every cell has
    its own; severity: that of nearly all its findings; title: one line for the documentation.
    """

    id: str
    row: int | None
    severity: Severity
    title: Text


CELL = FormRule(
    "form-cell",
    None,
    Severity.ERROR,
    Text(
        en="every cell of the workbook holds what its column asks for, and stands where it counts",
        ja="ブックの各セルに列の求める値があり、様式の中に書かれている",
    ),
)
ALLOCATION = FormRule(
    "allocation",
    None,
    Severity.ERROR,
    Text(
        en="what the form leaves out can be allocated, and it is known what others hold",
        ja="申込書で省いたものを割り当てられ、ほかのテナントの使用状況が分かる",
    ),
)
DIFFERS = FormRule(
    "form-differs",
    None,
    Severity.ERROR,
    Text(
        en="a form for a tenant that is there already says what the tenant's file says",
        ja="登録済みのテナントの申込書は、そのファイルと同じ内容である",
    ),
)
GROUP = FormRule(
    "form-group",
    None,
    Severity.ERROR,
    Text(
        en="forms that name each other become tenants together, or none of them does",
        ja="互いを参照する申込書は、すべて一緒に登録される",
    ),
)
CONSENT = FormRule(
    "form-consent",
    15,
    Severity.ERROR,
    Text(en="a first application carries no consent to a stop", ja="最初の申込書に停止の同意は書かない"),
)
FILE = FormRule(
    "form-file",
    3,
    Severity.ERROR,
    Text(
        en="the files that come with a form can stand beside the tenants, and the form itself stands elsewhere",
        ja="申込書に付くファイルはテナントのフォルダに置け、申込書自体は別の場所にある",
    ),
)
RULES = (CELL, ALLOCATION, DIFFERS, GROUP, CONSENT, FILE)
