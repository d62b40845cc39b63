"""The workbook that people fill in, with the platform's menus in it: empty, or with what a form says.

Here: where it goes. Not here: what is in it (`workbook`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Language, Text
from wpf_infra.loading.catalogue import STACKS, load
from wpf_infra.loading.file import shown
from wpf_infra.model.finding import Finding
from wpf_infra.onboarding.form import left_out
from wpf_infra.onboarding.form_file import WORKBOOK, Form, read_form
from wpf_infra.onboarding.judging import newcomer
from wpf_infra.onboarding.paper import not_written
from wpf_infra.onboarding.placing import NewFile, place


def write_template(root: Path, path: Path, form: Path | None) -> None:
    """Writes the workbook to `path`, never over a file. Raises WpfError: the platform or the form is unreadable, the
    name is taken or is no workbook's, the system refuses.
    """
    from wpf_infra.onboarding.workbook import write_workbook  # loads openpyxl

    where = shown(path, root)
    if path.suffix.lower() != WORKBOOK:
        raise Unreadable(
            Text(en="the workbook is no .xlsx by its name", ja="ワークブックの拡張子が .xlsx ではありません"),
            remedy=Text(en="call it NAME.xlsx", ja="NAME.xlsx のような名前にしてください"),
            where=where,
        )
    loaded = load(root)
    if loaded.catalogue is None:
        raise loaded.unreadable[0] if loaded.unreadable else _platform_refused(loaded.findings[0])
    data = _sound(read_form(form, root)) if form is not None else None
    content = write_workbook(loaded.catalogue.platform, sorted(loaded.catalogue.tenants), data)
    try:
        place([NewFile(path, content)])
    except FileExistsError:
        raise _taken(where) from None
    except OSError as error:
        raise not_written(error, root) from None


def _sound(form: Form) -> dict[str, Any]:
    """The form's data, for which there are cells. Raises WpfError with the first thing that the schema refuses."""
    findings = form.findings or form.located(
        newcomer(form.data, form.owner, {".".join(steps) for steps in left_out(form.data)}).findings
    )
    for finding in findings:
        place = f"{finding.position}: " if finding.position else ""
        raise WpfError(finding.summary, remedy=finding.remedy, where=f"{place}{finding.path}", row=finding.row)
    assert isinstance(form.data, dict)
    return form.data


def _platform_refused(finding: Finding) -> WpfError:
    return WpfError(
        Text(
            en=f"the platform's declaration is refused: {finding.sentence(Language.ENGLISH)}",
            ja=f"基盤の宣言に誤りがあります: {finding.sentence(Language.JAPANESE)}",
        ),
        remedy=Text(
            en="correct it first; the workbook has its menus", ja="先に直してください。雛形に基盤のメニューが入ります"
        ),
        where=f"{STACKS}/platform.py",
    )


def _taken(where: str) -> WpfError:
    return WpfError(
        Text(en="there is a file of this name already", ja="同じ名前のファイルが既にあります"),
        remedy=Text(
            en="choose another name; a form that is being filled in is never written over",
            ja="別の名前を指定してください。記入中の申込書は上書きしません",
        ),
        where=where,
    )
