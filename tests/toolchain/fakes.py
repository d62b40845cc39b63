"""Stand-ins for the programs the toolchain runs: real executables in a folder of the test's, not patches of our code.

Here: `pulumi`, its language host, `go`, and a Python without pip or SDK. Not here: what is expected of them.
"""

from __future__ import annotations

import io
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

from wpf_infra.language import Language
from wpf_infra.toolchain.progress import Progress
from wpf_infra.toolchain.way import Traveller


def executable(path: Path, python: str) -> Path:
    """An executable at `path` whose body is `python`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Read by sh as a command and by Python as a string: a first line with our Python's path may not hold a space.
    start = f"#!/bin/sh\n'''exec' '{sys.executable}' -I \"$0\" \"$@\"\n' '''\n"
    path.write_text(start + textwrap.dedent(python), encoding="utf-8")
    path.chmod(0o755)
    return path


def pulumi(folder: Path, version: str, *, companions: bool = True) -> Path:
    """A `pulumi` that says `version`, with or without its language host."""
    if companions:
        executable(folder / "pulumi-language-python", "")
        executable(folder / "pulumi-language-python-exec", "")
    return executable(folder / "pulumi", f"print({version!r})")


def go(folder: Path, *, version: str = "go1.99.0", before_build: str = "") -> Path:
    """A `go` that builds small programs, and writes each call to `calls` beside it.

    before_build: Python that runs at the start of each `go build`.
    """
    module = folder / "module"
    before = folder / "before-build"
    folder.mkdir(parents=True, exist_ok=True)
    before.write_text(before_build, encoding="utf-8")
    executable(module / "python" / "cmd" / "pulumi-language-python-exec", "").chmod(0o444)
    return executable(
        folder / "go",
        f"""
        import os, sys, time
        from pathlib import Path

        arguments = sys.argv[1:]
        with Path({str(folder / "calls")!r}).open("a") as calls:
            calls.write(" ".join(arguments[:1] + arguments[-1:]) + "\\n")
        if arguments[0] == "env":
            print({version!r})
        elif "-m" in arguments:
            print({str(module)!r})
        elif arguments[0] == "list":
            print("go: downloading example.test/module v1.0.0")
            print("example.test/module")
        elif arguments[0] == "build":
            exec(Path({str(before)!r}).read_text())
            result = Path(arguments[arguments.index("-o") + 1])
            result.write_text("#!/bin/sh\\necho v3.259.0\\n")
            result.chmod(0o755)
        """,
    )


def python_without_network(folder: Path) -> Path:
    """A Python whose pip and whose SDK installer both fail as they do where there is no network."""
    return executable(
        folder / "python",
        """
        import sys
        sys.stderr.write("URLError: <urlopen error [Errno -2] Name or service not known>\\n")
        sys.exit(1)
        """,
    )


class Heard:
    """A progress, and what it said."""

    def __init__(self, language: Language = Language.ENGLISH) -> None:
        self._stream = io.StringIO()
        self.progress = Progress(self._stream, language)

    def text(self) -> str:
        return self._stream.getvalue()


def traveller(home: Path, *path: Path, python: Path, heard: Heard | None = None) -> Traveller:
    """Somebody at `home` with these folders on the PATH."""
    return Traveller(environment(home, *path), python, (heard or Heard()).progress)


def environment(home: Path, *path: Path) -> Mapping[str, str]:
    """HOME and PATH, so that the machine's own engine, Go and cache are not seen; its network is a closed port."""
    home.mkdir(exist_ok=True)
    closed = "http://127.0.0.1:1"
    folders = ":".join(str(folder) for folder in path)
    return {"HOME": str(home), "PATH": folders, "https_proxy": closed, "http_proxy": closed, "no_proxy": ""}
