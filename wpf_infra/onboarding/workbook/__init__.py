"""The application form as an Excel workbook: written empty, filled in by people, read back as a form's data.

    choices, column, sheets/, guide  what the form consists of: one description for writing and reading
    package, scan, grid              a file's bytes, measured and refused, to cells
    value, table, reading            cells to data, every wrong cell a finding
    filling, look, writing           a description, and perhaps a form's data, to a file's bytes

Not here: allocation and judging (`wpf_infra.onboarding`), and YAML forms.
"""

from wpf_infra.onboarding.workbook.form import CELL_RULE, Cell, WorkbookForm
from wpf_infra.onboarding.workbook.reading import read_workbook
from wpf_infra.onboarding.workbook.writing import unwritable, write_workbook

__all__ = ["CELL_RULE", "Cell", "WorkbookForm", "read_workbook", "unwritable", "write_workbook"]
