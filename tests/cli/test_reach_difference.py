"""`wpf reach --diff`: what a change opens and closes, and the proof that it does what it says."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.samples import GONE, lay, to_yaml, world
from wpf_infra.cli import main

U, V = "minami-suido", "kawa-systems"
SYSLOG = {f"{U}.allowances.syslog": {"from": "app-2", "to": f"{V}/collector-2", "ports": ["udp/514"], "reason": "logs"}}
ENDS = (f"{U}/app-2", f"{V}/collector-2:udp/514")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small world, committed and tagged, and we in it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "nobody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "nobody@example.jp")
    monkeypatch.chdir(lay(tmp_path))
    git("init", "--quiet", "--initial-branch", "main")
    commit()
    git("tag", "first")
    return tmp_path


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], capture_output=True, check=True)


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "a change")


def change(root: Path, changes: Mapping[str, Any], tenant: str = U) -> None:
    (root / "stacks" / "tenants" / f"{tenant}.yaml").write_text(to_yaml(world(changes)[tenant]), "utf-8")


def said(capsys: Capture, *arguments: str, code: int) -> str:
    assert main(["reach", *arguments]) == code, capsys.readouterr().err
    return capsys.readouterr().out


def data(capsys: Capture, *arguments: str, code: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, "--json", *arguments, code=code))
    return found


def test_nothing_changed(project: Path, capsys: Capture) -> None:
    assert said(capsys, "--diff", code=0) == "no difference in what passes · HEAD → the working tree\n"
    change(project, {f"{U}.vms.app-1.cpu": 4, f"{U}.allowances.telemetry.reason": "another word for it"})
    found = data(capsys, "--diff", code=0)
    assert found == {
        "before": "HEAD",
        "after": "the working tree",
        "gained": [],
        "lost": [],
        "residual_gained": [],
        "residual_lost": [],
    }


def test_what_is_gained_leaves_a_residue(project: Path, capsys: Capture) -> None:
    """FAQ-22"""
    change(project, SYSLOG)
    out = said(capsys, "--diff", code=1)
    assert f"  + {U}/app-2 → {V}/collector-2: udp/514" in out
    assert f"  + {V}/collector-2 → {U}/app-2: ← udp/514" in out
    assert f"stacks/tenants/{U}.yaml:" in out and "(logs, FAQ-22)" in out
    assert out.endswith("gained 1, lost 0, residual gained 1, residual lost 0 · HEAD → the working tree\n")


def test_what_is_lost_is_told_where_it_was_declared(project: Path, capsys: Capture) -> None:
    change(project, {f"{U}.allowances.telemetry": GONE})
    found = data(capsys, "--diff", "first", code=1)
    assert found["before"] == "first" and not found["gained"] and not found["residual_gained"]
    (lost,) = found["lost"]
    assert lost["cause"]["path"] == f"{U}.allowances.telemetry"
    assert lost["cause"]["file"] == f"first:stacks/tenants/{U}.yaml"
    out = said(capsys, "--diff", "first", code=1)
    assert f"  - {U}/app-1 → {V}/collector: tcp/443, tcp/8883-8884" in out


def test_two_revisions(project: Path, capsys: Capture) -> None:
    change(project, SYSLOG)
    commit()
    change(project, {})
    for revisions in ("first..main", "first..", "main~1..HEAD"):
        assert len(data(capsys, "--diff", revisions, code=1)["gained"]) == 1
    assert len(data(capsys, "--diff=main..first", code=1)["lost"]) == 1
    found = data(capsys, "--diff", "..first", code=1)
    assert (found["before"], found["after"]) == ("HEAD", "first")
    assert data(capsys, "--diff", "first", code=0)["after"] == "the working tree"


def test_a_change_that_does_what_it_says_is_proven(project: Path, capsys: Capture) -> None:
    """FAQ-22"""
    change(project, SYSLOG)
    out = said(capsys, *ENDS, "--diff", code=0)
    assert out.splitlines() == [
        "1. not possible before: holds",
        "2. possible now: holds",
        "3. nothing else changed: holds",
        f"proven · {ENDS[0]} → {ENDS[1]} · HEAD → the working tree",
    ]
    found = data(capsys, "--diff", "HEAD", *ENDS, code=0)
    assert found["proven"] is True
    assert found["steps"]["nothing_else"] == {"holds": True, "against": []}


def test_what_was_possible_before_proves_nothing(project: Path, capsys: Capture) -> None:
    change(project, SYSLOG)
    commit()
    out = said(capsys, *ENDS, "--diff", code=1)
    assert "1. not possible before: does not hold" in out and f"HEAD:stacks/tenants/{U}.yaml" in out
    assert "2. possible now: holds" in out


def test_what_is_not_possible_now_proves_nothing(project: Path, capsys: Capture) -> None:
    out = said(capsys, *ENDS, "--diff", code=1)
    assert "2. possible now: does not hold" in out and "not proven" in out


@pytest.mark.parametrize("ends", [("app-2", "2001:db8::1:tcp/443"), ("::/0", "any")], ids=["to", "from"])
def test_what_no_filter_lets_through_is_never_proven(project: Path, capsys: Capture, ends: tuple[str, str]) -> None:
    change(project, SYSLOG)
    proof = data(capsys, *ends, "--diff", code=1)
    assert proof["proven"] is False and "drops IPv6" in proof["why"]
    out = said(capsys, *ends, "--diff", code=1)
    assert "2. possible now: does not hold\n    every filter drops IPv6" in out
    assert data(capsys, *ENDS, "--diff", code=0)["why"] is None


def test_what_changes_besides_is_told(project: Path, capsys: Capture) -> None:
    change(project, {**SYSLOG, f"{U}.allowances.maintenance": GONE})
    out = said(capsys, *ENDS, "--diff", code=1)
    assert "3. nothing else changed: does not hold" in out
    assert f"  - {V}/maintenance → {U}/app-1: tcp/3389, icmp" in out or "tcp/3389" in out
    steps = data(capsys, *ENDS, "--diff", code=1)["steps"]
    assert (steps["not_before"]["holds"], steps["now"]["holds"], steps["nothing_else"]["holds"]) == (True, True, False)
    assert {each["change"] for each in steps["nothing_else"]["against"]} >= {"lost"}


def test_a_change_may_mend_what_was_wrong(project: Path, capsys: Capture) -> None:
    change(project, {**SYSLOG, f"{U}.allowances.syslog.to": f"{V}/nobody"})
    commit()
    change(project, SYSLOG)
    assert len(data(capsys, "--diff", code=1)["gained"]) == 1


def test_neither_side_may_be_unreadable(project: Path, capsys: Capture) -> None:
    file = project / "stacks" / "tenants" / f"{U}.yaml"
    file.write_text("a: 1\na: 2\n")
    assert main(["reach", "--diff"]) == 2
    assert f"wpf: stacks/tenants/{U}.yaml:2:1" in capsys.readouterr().err
    commit()
    change(project, {})
    assert main(["reach", "--diff", "--json"]) == 2
    first, last = json.loads(capsys.readouterr().out)["errors"]
    assert f"HEAD:stacks/tenants/{U}.yaml:2:1" in first and "a later commit" in first
    assert last.startswith("HEAD: no answer can rest") and "name a revision that loads" in last


def test_a_commit_that_stops_is_told_by_its_name(project: Path, capsys: Capture) -> None:
    """Not by the folder that it was run in, nor with advice to correct what nobody can."""
    tenant = project / "stacks" / "tenants" / f"{U}.yaml"
    tenant.unlink()
    tenant.with_suffix(".py").write_text("open(__file__ + '.csv')\n")
    commit()
    git("rm", "--quiet", str(tenant.with_suffix(".py")))
    change(project, {})
    for arguments in (["--diff"], ["--diff", "first..HEAD"], ["--diff", "--lang", "ja"]):
        assert main(["reach", *arguments]) == 2
        said = capsys.readouterr().err
        assert f"wpf: HEAD:stacks/tenants/{U}.py:1: " in said and f"'HEAD:stacks/tenants/{U}.py.csv'" in said
        assert "wpf-revision-" not in said and "correct the line" not in said and "その行を直して" not in said


def test_what_could_never_be_applied_is_no_past_to_compare_with(project: Path, capsys: Capture) -> None:
    change(project, {f"{V}.network.cidr": "10.64.1.0/24"}, V)
    commit()
    change(project, {}, V)
    assert main(["reach", "--diff"]) == 2
    said = capsys.readouterr().err
    assert "wpf: HEAD: " in said and "run `wpf check`" not in said and "name a revision that loads" in said


@pytest.mark.parametrize("revisions", ["absent", "HEAD..absent", "absent.."])
def test_an_unknown_revision_is_two(project: Path, capsys: Capture, revisions: str) -> None:
    assert main(["reach", "--diff", revisions]) == 2
    assert "git knows no revision `absent`" in capsys.readouterr().err
    assert main(["reach", "--diff="]) == 0  # nothing is HEAD, as in git


def test_people_may_read_it_in_japanese(project: Path, capsys: Capture) -> None:
    change(project, SYSLOG)
    out = said(capsys, "--diff", "--lang", "ja", code=1)
    assert "増えた通信:" in out and "HEAD → 作業ツリー" in out
    assert "証明できました" in said(capsys, *ENDS, "--diff", "--lang", "ja", code=0)
