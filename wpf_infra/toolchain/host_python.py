"""The Python that the engine's language host starts: the checkout's own, with one answer kept.

Here: a script in the environment's `bin`, named to the host by a variable (`environment`). Not here: the host.

Before each run the host asks pip for the list of packages, to learn which plug-ins they need; that takes pip half a
second and more, as long as the rest of a small preview. The list only changes when something is installed or removed.
"""

from __future__ import annotations

import shlex
from pathlib import Path

NAME = "wpf-python"

_SCRIPT = """\
#!/bin/sh
# Python as the engine's language host starts it. pip's list of packages is kept until a package comes or goes.
python={python}
packages={packages}
kept={kept}
if [ "$*" = "-m pip list -v --format json" ]; then
    if [ ! "$kept" -nt "$packages" ]; then
        "$python" "$@" >"$kept.$$" && mv -f "$kept.$$" "$kept" || exec "$python" "$@"
    fi
    exec cat "$kept"
fi
exec "$python" "$@"
"""


def write_host_python(venv: Path, packages: Path) -> None:
    """Put the script into the virtual environment `venv`, whose packages lie in `packages`; once."""
    script = venv / "bin" / NAME
    wanted = _SCRIPT.format(
        python=shlex.quote(str(venv / "bin" / "python3")),
        packages=shlex.quote(str(packages)),
        kept=shlex.quote(str(venv / "wpf-packages.json")),
    )
    if script.is_file() and script.read_text(encoding="utf-8") == wanted:
        return
    temporary = script.with_name(script.name + ".new")
    temporary.write_text(wanted, encoding="utf-8")
    temporary.chmod(0o755)
    temporary.replace(script)
