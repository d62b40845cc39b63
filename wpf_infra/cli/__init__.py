"""The `wpf` command: which verbs there are, and what all of them share.

Here: finding the verb, its language, and turning what a user can cause into one sentence and an exit code. A verb is a
module with an attribute `app`, a `typer.Typer`; it is imported only when it is asked for. Not here: what verbs do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module

from wpf_infra.cli.output import NobodyReads, asks_for_json, close_output, prepare_streams, say, say_data
from wpf_infra.cli.system import refused_by_the_system
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Language, Text, spoken


@dataclass(frozen=True, slots=True)
class Verb:
    """module: what holds the verb's `app`; does: one line for the list of verbs."""

    module: str
    does: Text


VERBS: Mapping[str, Verb] = {
    "check": Verb(
        "wpf_infra.cli.check",
        Text(en="judge what is declared, without changing anything", ja="宣言を検査します（何も変更しません）"),
    ),
    "rules": Verb(
        "wpf_infra.cli.rules",
        Text(en="what is judged and why, with examples", ja="検査の規則とその例を表示します"),
    ),
    "schema": Verb(
        "wpf_infra.cli.schema",
        Text(en="print the JSON Schema of a file, for editors", ja="ファイルのJSON Schemaを表示します（エディタ用）"),
    ),
    "onboard": Verb(
        "wpf_infra.cli.onboard",
        Text(en="turn an application form into a tenant's file", ja="申込書からテナントのファイルを作ります"),
    ),
    "reach": Verb(
        "wpf_infra.cli.reach.command",
        Text(
            en="answer who may talk to whom, and what a change does to that",
            ja="通信の可否と、変更による違いを調べます",
        ),
    ),
    "up": Verb(
        "wpf_infra.cli.up",
        Text(en="apply the platform and its tenants through the engine", ja="基盤とテナントをエンジン経由で適用します"),
    ),
    "log": Verb(
        "wpf_infra.cli.log",
        Text(
            en="show who did what and why, what was erased, who was told",
            ja="操作・消去・通知の記録を表示します",
        ),
    ),
    "calendar": Verb(
        "wpf_infra.cli.calendar",
        Text(en="show a month's business days and deadlines", ja="営業日と期限を月ごとに表示します"),
    ),
    "simulator": Verb(
        "wpf_infra.cli.simulator",
        Text(
            en="look into the embedded simulator, and break things in it",
            ja="内蔵シミュレータの状態を見たり、障害を起こしたりします",
        ),
    ),
}

_INTERRUPTED = 130
_BROKEN_PIPE = 141
"""What a shell reports for a program that SIGINT or SIGPIPE ended."""
STOPPED = Text(
    en="interrupted: what was under way has ended, and what stands stays → run it again, and it goes on from there",
    ja="中断しました。実行中だった処理は終了し、できたものはそのまま残っています → 再実行すると続きから進みます",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one verb and returns its exit code: 0, 1 findings or differences, 2 unreadable input or wrong usage,
    3 backend failure, 4 (`reach`) passes, but only as a residue. Nothing a user can cause ends in a traceback.
    """
    prepare_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments, language = _language_asked_for(words)
    except WpfError as error:
        return _complain(error, as_json=asks_for_json(words))
    with _speaking(language):
        return _guarded(arguments)


def _guarded(arguments: list[str]) -> int:
    """What a user can cause, as one sentence and a code."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except WpfError as error:
        return _complain(error)
    except (NobodyReads, BrokenPipeError):
        close_output()
        return _BROKEN_PIPE
    except OSError as error:
        code = _complain(refused_by_the_system(error), as_json=asks_for_json(arguments))
        close_output()
        return code
    except KeyboardInterrupt:
        with suppress(NobodyReads):
            say(f"wpf: {STOPPED.in_(spoken())}", error=True)
        return _INTERRUPTED
    return code


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        say(_help())
        return 0 if arguments else Unreadable.exit_code
    if arguments[0] == "--version":
        from importlib.metadata import version

        say(f"wpf {version('wpf-infra')}")
        return 0
    verb = VERBS.get(arguments[0])
    if verb is None:
        return _complain(_no_verb(arguments[0]), as_json=asks_for_json(arguments))
    return _run_verb(verb, arguments)


def _run_verb(verb: Verb, arguments: list[str]) -> int:
    """The verb's own arguments are its own business, wrong ones included (exit code 2)."""
    from typer import Abort
    from typer.main import get_command

    from wpf_infra.cli.usage import Complaint, misused

    name = f"wpf {arguments[0]}"
    command = get_command(import_module(verb.module).app)
    try:
        code = command.main(args=arguments[1:], prog_name=name, standalone_mode=False)
    except Abort:
        raise KeyboardInterrupt from None
    except Complaint as error:
        raise misused(error, name, as_json=asks_for_json(arguments)) from None
    if code == _INTERRUPTED:  # what typer makes of it
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def _language_asked_for(arguments: list[str]) -> tuple[list[str], Language | None]:
    """Takes `--lang X` out, wherever it stands before a `--`: every verb has it."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    head, tail = arguments[:end], arguments[end:]
    asked: Language | None = None
    rest: list[str] = []
    words = iter(head)
    for word in words:
        if word == "--lang" or word.startswith("--lang="):
            value = word.partition("=")[2] if "=" in word else next(words, "")
            if value not in list(Language):
                raise Unreadable(
                    Text(en=f"`{value}` is no language here", ja=f"`{value}` という言語は使えません"),
                    remedy=Text(en="say --lang en or --lang ja", ja="--lang en か --lang ja を指定してください"),
                    where="--lang",
                )
            asked = Language(value)
        else:
            rest.append(word)
    return rest + tail, asked


@contextmanager
def _speaking(language: Language | None) -> Iterator[None]:
    """The language asked for, in the environment, so that programs started by a verb speak it too."""
    before = os.environ.get("WPF_LANG")
    if language is not None:
        os.environ["WPF_LANG"] = language.value
    try:
        yield
    finally:
        if language is not None:
            if before is None:
                del os.environ["WPF_LANG"]
            else:
                os.environ["WPF_LANG"] = before


def _complain(error: WpfError, *, as_json: bool = False) -> int:
    """as_json: no verb has said it to programs."""
    sentence = error.sentence(spoken())
    if as_json:
        with suppress(OSError, NobodyReads):  # it may be just standard output that is refused
            say_data({"errors": [sentence]})
    say(f"wpf: {sentence}", error=True)
    return error.exit_code


def _no_verb(name: str) -> Unreadable:
    known = ", ".join(VERBS)
    return Unreadable(
        Text(en=f"there is no verb `{name}`", ja=f"`{name}` というコマンドはありません"),
        remedy=Text(en=f"use one of {known}", ja=f"{known} のどれかを使ってください"),
    )


def _help() -> str:
    language = spoken()
    width = max(map(len, VERBS))
    lines = [
        Text(en="Usage: wpf VERB [ARGUMENTS]", ja="使い方: wpf コマンド [引数]").in_(language),
        "",
        *(f"  {name:<{width}}  {verb.does.in_(language)}" for name, verb in VERBS.items()),
        "",
        Text(
            en="Every verb has --help, --json, --now INSTANT and --lang en|ja.",
            ja="どのコマンドにも --help、--json、--now 日時、--lang en|ja があります。",
        ).in_(language),
        Text(
            en="What --help and the schemas say of each option and key is in English.",
            ja="--help の各項目とスキーマの説明文は英語です。",
        ).in_(language),
        Text(
            en="Exit codes: 0 fine, 1 errors or differences, 2 unreadable input or wrong usage, 3 backend failure;\n"
            "of reach also 1 for blocked, and 4 where nothing is blocked, but some of it passes only as a residue.",
            ja="終了コード: 0 問題なし、1 エラー・違いあり、2 入力を読めない・使い方の誤り、3 バックエンドの失敗。\n"
            "reach ではほかに、1 遮断あり、4 遮断はないが残留としてしか通らないものあり。",
        ).in_(language),
    ]
    return "\n".join(lines)
