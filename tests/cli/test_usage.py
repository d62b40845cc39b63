"""Arguments that do not parse are told in the language asked for, and wrong usage is exit code 2."""

from __future__ import annotations

import json

import pytest

from wpf_infra.cli import main


@pytest.mark.parametrize(
    ("arguments", "english", "japanese"),
    [
        (["onboard", "--nope"], "no such option: --nope", "`--nope` というオプションはありません"),
        (["onboard", "--now"], "option '--now' requires an argument", "オプション `--now` の使い方"),
        (["onboard", "a", "b"], "unexpected extra argument", "引数が正しくありません"),
        (
            ["check", "--format", "x"],
            "value for '--format': 'x' is not one",
            "`--format` の値が正しくありません",
        ),
        (["simulator"], "no subcommand is named", "サブコマンドの指定がありません"),
        (["onboard", "--\x1b[31m"], "\\x1b[31m", "\\x1b[31m"),
    ],
)
def test_wrong_usage_is_told_in_both_languages(
    capsys: pytest.CaptureFixture[str], arguments: list[str], english: str, japanese: str
) -> None:
    for language, words in (("en", english), ("ja", japanese)):
        assert main([*arguments, "--lang", language]) == 2
        said = capsys.readouterr()
        assert words in said.err and "→" in said.err and not said.out


def test_programs_read_it_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["onboard", "--json", "--nope"]) == 2
    assert "--nope" in json.loads(capsys.readouterr().out)["errors"][0]
