"""The workbook that people fill in, with the platform's menus in it: empty, or with what a form says.

Here: where it goes. Not here: what is in it (`workbook`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Language, Text
from wpf_infra.loading.catalogue import STACKS, load
from wpf_infra.loading.file import shown
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.onboarding.form import left_out
from wpf_infra.onboarding.form_file import WORKBOOK, Form, read_form
from wpf_infra.onboarding.judging import newcomer
from wpf_infra.onboarding.paper import not_written
from wpf_infra.onboarding.placing import NewFile, place


def write_template(root: Path, path: Path, form: Path | None) -> tuple[Finding, ...]:
    """Writes the workbook to `path`, never over a file. Returns what is to be said of the form's content; with an error
    among it nothing is written.

    Raises WpfError: the platform or the form is unreadable, the name is taken or is no workbook's, the system refuses.
    """
    from wpf_infra.onboarding.workbook import unwritable, write_workbook  # loads openpyxl

    where = shown(path, root)
    _can_stand(path, where)
    loaded = load(root)
    if loaded.catalogue is None:
        raise loaded.unreadable[0] if loaded.unreadable else _platform_refused(loaded.findings[0])
    read = read_form(form, root) if form is not None else None
    findings = _findings(read, unwritable) if read is not None else ()
    if any(finding.severity is Severity.ERROR for finding in findings):
        return findings
    vendors = sorted(name for name, each in loaded.catalogue.tenants.items() if each.kind is TenantKind.VENDOR)
    content = write_workbook(loaded.catalogue.platform, vendors, read.data if read is not None else None)
    try:
        place([NewFile(path, content)])
    except FileExistsError:
        raise _taken(where) from None
    except OSError as error:
        raise not_written(error, root) from None
    return findings


def _can_stand(path: Path, where: str) -> None:
    if path.suffix.lower() != WORKBOOK:
        raise Unreadable(
            Text(en="the workbook is no .xlsx by its name", ja="ワークブックの拡張子が .xlsx ではありません"),
            remedy=Text(en="call it NAME.xlsx", ja="NAME.xlsx のような名前にしてください"),
            where=where,
        )
    if not path.parent.is_dir():
        raise Unreadable(
            Text(en="there is no such folder to write it to", ja="書き込み先のフォルダがありません"),
            remedy=Text(en="make the folder, or name another", ja="フォルダを作るか、別の場所を指定してください"),
            where=where,
        )
    if os.path.lexists(path):
        raise _taken(where)


def _findings(form: Form, unwritable: Callable[[str, Mapping[str, Any]], Iterable[Finding]]) -> tuple[Finding, ...]:
    """What the form's cells, the schema and the workbook, which has no cell for everything, have against it."""
    refused = newcomer(form.data, form.owner, {".".join(steps) for steps in left_out(form.data)}).findings
    beyond = unwritable(form.owner, form.data) if isinstance(form.data, dict) else ()
    told = {finding.path for finding in refused}
    found = (*refused, *(finding for finding in beyond if not any(_related(finding.path, path) for path in told)))
    return (*form.findings, *form.located(found))


def _related(one: str, other: str) -> bool:
    """Is it one place, or one inside of the other?"""
    return f"{one}.".startswith(f"{other}.") or other.startswith(f"{one}.")


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
