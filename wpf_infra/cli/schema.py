"""`wpf schema`: the JSON Schema of a file that people write, for their editor.

Here: the verb, and which files there are. Not here: the schema itself (`wpf_infra.model.json_schema`).
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from wpf_infra.calendar import instant
from wpf_infra.cli.output import say
from wpf_infra.errors import WpfError
from wpf_infra.loading.catalogue import STACKS
from wpf_infra.loading.python_file import run
from wpf_infra.loading.root import find_root
from wpf_infra.model.json_schema import json_schema, with_menu
from wpf_infra.model.platform import Platform
from wpf_infra.model.tenant import Tenant

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class File(StrEnum):
    """tenant: stacks/tenants/NAME.yaml; form: an application form; platform: what `stacks/platform.py` exposes."""

    TENANT = "tenant"
    FORM = "form"
    PLATFORM = "platform"


@app.command()
def schema(
    file: Annotated[File, typer.Argument(metavar="[tenant | form | platform]", help="Of which file.")] = File.TENANT,
    as_json: Annotated[bool, typer.Option("--json", help="It is JSON anyway.")] = False,  # noqa: ARG001 - of every verb
    now: Annotated[str | None, typer.Option("--now", help="An instant; nothing here depends on it.")] = None,
) -> None:
    """Print the JSON Schema (draft 2020-12) of a file, with descriptions and FAQ rows.

    Inside a project whose platform can be read, its menus stand in it as examples, which editors complete.
    """
    if now is not None:
        instant(now, "--now")
    made = _schema(file)
    offered = _platform()
    if offered is not None and file is not File.PLATFORM:
        made = with_menu(made, offered)
    say(json.dumps(made, ensure_ascii=False, indent=2))


def _schema(file: File) -> dict[str, Any]:
    if file is File.FORM:
        from wpf_infra.onboarding.form import form_schema  # not needed for the others

        return json_schema(form_schema(), file, "An application for a tenant")
    if file is File.PLATFORM:
        return json_schema(Platform.model_json_schema(), file, "The platform")
    return json_schema(Tenant.model_json_schema(), file, "A tenant of the platform")


def _platform() -> Platform | None:
    """The platform of the project around here, where there is a sound one; a schema is of use without it too."""
    try:
        stacks = find_root(Path.cwd()) / STACKS
        return run(stacks / "platform.py", "platform.py", "platform", Platform, stacks).value
    except WpfError:
        return None
