"""`wpf rules`: what is judged, for people, for programs and for the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from wpf_infra.cli import main
from wpf_infra.cli.rule_book import entries, findings_of, page
from wpf_infra.language import Language
from wpf_infra.loading.rule_examples import read_examples
from wpf_infra.policy import RULES

ROOT = Path(__file__).parents[2]
EXAMPLES = read_examples()
FAQ_ROWS_OF_DECLARATIONS = {*range(1, 7), 8, 9, 10, *range(12, 32), 34}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPF_LANG", "en")


def test_every_rule_is_listed_with_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    listed = capsys.readouterr().out
    for rule in RULES:
        row = f"FAQ-{rule.row}" if rule.row is not None else ""
        assert re.search(rf"^  {rule.id} +{row} +{rule.severity} +", listed, re.MULTILINE), rule.id


def test_one_rule_shows_both_sides_and_what_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "disk-size-menu"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("disk-size-menu · FAQ-15 · error\na disk has a size of the menu\n")
    assert "data: {size_gb: 200}" in said
    assert "200 GB is not on the menu (100, 300, 500 GB)\n  → order 300 GB" in said
    assert "data: {size_gb: 500}" in said


def test_a_part_of_the_schema_is_shown_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """FAQ-22"""
    assert main(["rules", "bare-address"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "bare-address · FAQ-22 · error\nan end of an allowance is a name, not an address\n\nbroken:\n"
    )
    assert "never a bare address" in said
    assert main(["rules", "bare-address", "--json", "--lang", "ja"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["rules"]
    assert (one["rule"], one["row"]) == ("bare-address", 22)
    assert one["title"] == "通信許可の端点は名前で書き、アドレスでは書かない"
    assert [example["name"] for example in one["examples"]] == ["bare-address"]
    assert main(["rules", "schema"]) == 0
    assert "\nbare-address · FAQ-22\nbroken:" in capsys.readouterr().out


def test_every_name_in_the_book_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    names = re.findall(r"\]\(#([^)]+)\)", page(EXAMPLES, Language.ENGLISH))
    for name in {example.name for example in EXAMPLES.every} | set(names):
        assert main(["rules", name]) == 0
        assert capsys.readouterr().out.startswith(name)


@pytest.mark.parametrize("row", ["15", "FAQ-15", "faq15"])
def test_a_row_shows_what_enforces_it(row: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", row]) == 0
    said = capsys.readouterr().out
    assert "disk-size-menu" in said
    assert re.search(r"^  disk-size-with-unit +FAQ-15 +error +a disk's size is", said, re.MULTILINE)
    assert "os-menu" not in said


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("disk-size-men", "did you mean `disk-size-menu`?"),
        ("bare-adress", "`bare-address`"),
        ("7", "no rule enforces `7`"),
        ("?", "`wpf rules` lists them"),
    ],
)
def test_what_is_no_rule_is_said(asked: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", asked]) == 2
    assert says in capsys.readouterr().err


def test_programs_read_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json"]) == 0
    every = json.loads(capsys.readouterr().out)["rules"]
    assert {rule.id for rule in RULES} <= {each["rule"] for each in every}
    assert "examples" not in every[0]
    assert main(["rules", "cpu-menu", "--json", "--now", "2026-11-24"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["rules"]
    assert (one["row"], one["severity"], one["topic"]) == (16, "error", "Orders")
    (example,) = one["examples"]
    assert example["broken"] == {"higashi-suido": {"vms": {"app-1": {"cpu": 3}}}}
    assert [found["path"] for found in example["findings"]] == ["higashi-suido.vms.app-1.cpu"]


def test_every_row_that_a_declaration_can_break_has_an_example_in_the_book() -> None:
    """FAQ-1, FAQ-2, FAQ-3, FAQ-4, FAQ-5, FAQ-6, FAQ-8, FAQ-9, FAQ-10, FAQ-12 to FAQ-31, FAQ-34"""
    shown = {finding.row for example in EXAMPLES.every for finding in findings_of(EXAMPLES, example)}
    assert shown >= FAQ_ROWS_OF_DECLARATIONS


def test_the_book_leads_from_every_row_to_its_rules() -> None:
    book = page(EXAMPLES, Language.ENGLISH)
    anchors = set(re.findall(r"^#{3,4} (.+)$", book, re.MULTILINE))
    assert set(re.findall(r"\]\(#([^)]+)\)", book)) <= anchors
    assert {entry.rule for entry in entries(EXAMPLES)} <= anchors


@pytest.mark.parametrize(("name", "language"), [("rules.md", Language.ENGLISH), ("rules.ja.md", Language.JAPANESE)])
def test_the_documentation_is_fresh(name: str, language: Language) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == page(EXAMPLES, language), "run `make docs`"
