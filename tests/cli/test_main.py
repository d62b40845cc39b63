"""The `wpf` command around its verbs."""

from __future__ import annotations

import os

import pytest

from wpf_infra.cli import VERBS, main


def test_help_lists_every_verb_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert main(["--lang=ja", "--help"]) == 0
    japanese = capsys.readouterr().out
    for name, verb in VERBS.items():
        assert f"  {name}" in english
        assert verb.does.en in english
        assert verb.does.ja in japanese


def test_the_language_asked_for_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WPF_LANG", raising=False)
    main(["--lang", "ja", "--help"])
    assert "WPF_LANG" not in os.environ


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("wpf 0.")


def test_a_verb_has_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    assert "--json" in capsys.readouterr().out
