"""The activate script of a checkout's virtual environment: it also carries the engine's variables.

Here: the lines added to `bin/activate` (sh, bash, zsh), kept between markers and renewed in place; `deactivate` takes
back what they set. Not here: which variables and why (`environment`); csh, fish and PowerShell.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from wpf_infra.errors import WpfError
from wpf_infra.language import Text
from wpf_infra.toolchain.environment import DISPLACED_BY, MARK, checkout_variables

_BEGIN = "# wpf-infra begin"
_END = "# wpf-infra end"
_OURS = re.compile(rf"^ *{_BEGIN}\n.*?^ *{_END}\n", re.MULTILINE | re.DOTALL)
_DEACTIVATE = re.compile(r"^deactivate *\(\) *\{\n", re.MULTILINE)


def patch_activate(script: Path, root: Path) -> None:
    """Put this checkout's variables into `script`; writes nothing where they stand already."""
    present = script.read_text(encoding="utf-8")
    wanted = patched(present, root)
    if wanted != present:
        temporary = script.with_name(script.name + ".new")
        temporary.write_text(wanted, encoding="utf-8")
        temporary.replace(script)


def patched(script: str, root: Path) -> str:
    """The text of an activate script with our lines in it, once."""
    plain = _OURS.sub("", script)
    opening = _DEACTIVATE.search(plain)
    if not opening:
        raise WpfError(
            Text(
                "this activate script has no deactivate function", "activate スクリプトに deactivate 関数がありません"
            ),
            where=".venv/bin/activate",
            remedy=Text("remove .venv and run `make up`", ".venv を削除し、`make up` を実行してください"),
        )
    head, body = plain[: opening.end()], plain[opening.end() :]
    return head + _taking_back() + body.rstrip("\n") + "\n" + _setting(root)


def _taking_back() -> str:
    lines = [f"    {_BEGIN}"]
    for name in DISPLACED_BY:
        mark = MARK + name
        lines += [
            f'    if [ -n "${{{mark}:-}}" ] && [ "${{{name}:-}}" = "${{{mark}}}" ]; then',
            f"        unset {name}",
            "    fi",
            f"    unset {mark}",
        ]
    return "\n".join([*lines, f"    {_END}"]) + "\n"


def _setting(root: Path) -> str:
    lines = [_BEGIN]
    for name, value in checkout_variables(root).items():
        unset = " && ".join(f'[ -z "${{{displacer}+x}}" ]' for displacer in DISPLACED_BY[name])
        lines += [
            f"if {unset}; then",
            f"    export {name}={shlex.quote(value)}",
            f'    export {MARK}{name}="${{{name}}}"',
            "fi",
        ]
    return "\n".join([*lines, _END]) + "\n"
