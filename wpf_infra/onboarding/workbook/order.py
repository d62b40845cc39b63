"""The order of cells, as people go through a workbook: sheet by sheet, row by row.

Here: the order of two cells' names. Not here: what stands in them.
"""

from __future__ import annotations

import re

from wpf_infra.onboarding.workbook import guide
from wpf_infra.onboarding.workbook.scan import column_number
from wpf_infra.onboarding.workbook.sheets import SHEETS, TENANT

_NAME = re.compile(r"(?P<sheet>.*)!(?P<column>[A-Z]{0,3})(?P<row>[0-9]{0,7})(:.*)?", re.DOTALL)
_TITLES = (guide.TITLE, TENANT.title, *(sheet.title for sheet in SHEETS))


def cell_order(name: str) -> tuple[int, int, int]:
    """Sheet, row and column of `サーバ!C5`; sheets that are not the form's come last."""
    match = _NAME.fullmatch(name)
    if match is None:
        return len(_TITLES), 0, 0
    sheet = _TITLES.index(match["sheet"]) if match["sheet"] in _TITLES else len(_TITLES)
    return sheet, int(match["row"] or 0), column_number(match["column"])
