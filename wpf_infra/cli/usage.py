"""A command's arguments that do not parse, in the operator's words.

Here: the parser's complaints turned into ours. Not here: parsing, and what verbs refuse themselves.
"""

from __future__ import annotations

from typing import Any

import typer

from wpf_infra.cli.output import say, say_data
from wpf_infra.errors import Unreadable
from wpf_infra.language import Text, spoken, visible

Complaint: type[Exception] = next(each for each in typer.BadParameter.__mro__ if each.__name__ == "ClickException")
"""What the parser raises; the library has it under another name in every few of its versions."""
_NOISE = "Value error, "


def misused(error: Any, command: str, *, as_json: bool) -> Unreadable:
    """error: the Complaint that `command` met. as_json: programs get it on standard output too."""
    empty = type(error).__name__ == "NoArgsIsHelpError"
    refused = _no_arguments(error, command) if empty else _refused(error, command)
    if as_json:
        say_data({"errors": [refused.sentence(spoken())]})
    return refused


def _no_arguments(error: Any, command: str) -> Unreadable:
    """The command consists of others, which are listed first."""
    say(error.format_message(), error=True)
    return Unreadable(
        Text(en="no subcommand is named", ja="サブコマンドの指定がありません"),
        remedy=Text(en="name one of those above", ja="上の一覧から指定してください"),
        where=command,
    )


def _refused(error: Any, command: str) -> Unreadable:
    said = visible(error.format_message()).replace(_NOISE, "").rstrip(".")
    return Unreadable(
        Text(en=_lowered(said), ja=_japanese(error) or f"引数が正しくありません（{said}）"),
        remedy=Text(en=f"`{command} --help` says what there is", ja=f"使い方は `{command} --help` で確かめてください"),
        where=command,
    )


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _japanese(error: Any) -> str | None:
    """By the kind of complaint; None for one of no kind known here."""
    match type(error).__name__:
        case "NoSuchOption":
            return f"`{visible(error.option_name)}` というオプションはありません"
        case "BadOptionUsage":
            return f"オプション `{visible(error.option_name)}` の使い方が正しくありません"
        case "MissingParameter":
            return f"{_hint(error)} の指定が必要です"
        case "BadParameter":
            return f"{_hint(error)} の値が正しくありません（{visible(error.message).removeprefix(_NOISE)}）"
    return None


def _hint(error: Any) -> str:
    """The option or argument that it is about."""
    return " / ".join(f"`{visible(name)}`" for name in getattr(error.param, "opts", ())) or "引数"
