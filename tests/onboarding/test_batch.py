"""The order of a folder of forms: by name, each after those it names, rings together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.errors import Unreadable
from wpf_infra.model.finding import Position
from wpf_infra.onboarding.batch import form_files, groups, in_order, named_by
from wpf_infra.onboarding.form_file import Form

names = st.sampled_from("abcdefg")
graphs = st.dictionaries(names, st.frozensets(names), max_size=7)


def reaches(graph: dict[str, frozenset[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for each in graph.get(waiting.pop(), frozenset()):
            if each in graph and each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen


@given(graphs)
def test_each_comes_once_after_what_it_names_and_only_rings_come_together(graph: dict[str, frozenset[str]]) -> None:
    order = list(groups(graph))
    assert sorted(each for group in order for each in group) == sorted(graph)
    done: set[str] = set()
    for group in order:
        for each in group:
            assert reaches(graph, each) <= done | set(group)
            assert len(group) == 1 or set(group) <= reaches(graph, each)
        done |= set(group)


def test_by_name_where_nothing_speaks_against_it() -> None:
    nothing: frozenset[str] = frozenset()
    assert list(groups({"a": nothing, "b": frozenset("d"), "c": nothing, "d": nothing})) == [
        ("a",),
        ("d",),
        ("b",),
        ("c",),
    ]


def test_what_a_form_names() -> None:
    rules = {"x": {"from": "a", "to": "v/b"}, "y": {"from": "w/a", "to": 3}, "z": None}
    assert named_by({"vendor": "u", "allowances": rules}) == {"u", "v", "w"}
    assert named_by(None) == named_by({"vendor": 3, "allowances": []}) == frozenset()


def form(name: str, tenant: str, **more: str) -> Form:
    return Form(Path(name), name, {"tenant": tenant, **more}, lambda _: Position(name))


def test_a_second_form_for_a_tenant_comes_last() -> None:
    forms = [form("1", "a", vendor="b"), form("2", "a"), form("3", "b")]
    assert [[each.file for each in group] for group in in_order(forms)] == [["3"], ["1"], ["2"]]


def test_which_files_of_a_folder_are_forms(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.XLSX", ".hidden.yaml", "~$a.xlsx", "readme.txt", "c.yml", "old.xls"):
        (tmp_path / name).touch()
    (tmp_path / "folder.yaml").mkdir()
    assert [path.name for path in form_files(tmp_path, tmp_path)] == ["a.XLSX", "b.yaml", "c.yml", "old.xls"]


@pytest.mark.parametrize("folder", ["nothing", "a-file", "empty"])
def test_a_folder_without_forms_is_wrong_usage(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a-file").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unreadable):
        form_files(tmp_path / folder, tmp_path)
