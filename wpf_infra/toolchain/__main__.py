"""`python -m wpf_infra.toolchain`: sets up a checkout, run by `make` with whatever Python the machine has.

Here: the refusal of a machine that cannot do it, in syntax that a Python from 3.6 on understands. Not here: the command
line (`command`), which is imported only after that.
"""

import os
import sys

OLDEST = (3, 11)


def refusal() -> "str | None":
    """A sentence, in both languages, when this machine cannot do it; else None."""
    if os.name != "posix":
        return "this needs Linux or macOS (on Windows: WSL) / Linux か macOS が必要です (Windows では WSL)"
    if sys.version_info < OLDEST:
        needed, found = (".".join(str(part) for part in version[:2]) for version in (OLDEST, sys.version_info))
        return (
            f"Python {needed} or newer is needed, {sys.executable} is {found}. "
            f"Name one, as in: make PYTHON=python{needed} up\n"
            f"Python {needed} 以上が必要です ({sys.executable} は {found})。"
            f"次のように指定してください: make PYTHON=python{needed} up"
        )
    return None


def main(arguments: "list[str]") -> int:
    sentence = refusal()
    if sentence:
        sys.stderr.write(sentence + "\n")
        return 2
    from wpf_infra.toolchain.command import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
