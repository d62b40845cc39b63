"""`wpf reach`: a question's answer for people and programs, with witness, declaration, way out and exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.samples import GONE, lay
from wpf_infra.cli import main

U, V = "minami-suido", "kawa-systems"
APP, COLLECTOR = f"{U}/app-1", f"{V}/collector"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPF_LANG", "en")
    monkeypatch.delenv("WPF_NOW", raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return at(tmp_path, monkeypatch)


def at(root: Path, monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, Any] | None = None) -> Path:
    """The small world, and we in it."""
    monkeypatch.chdir(lay(root, changes))
    return root


def said(capsys: Capture, *arguments: str, code: int = 0) -> str:
    assert main(["reach", *arguments]) == code
    return capsys.readouterr().out


def data(capsys: Capture, *arguments: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, "--json", *arguments, code=code))
    return found


def line_of(root: Path, file: str, words: str) -> int:
    return 1 + next(
        number for number, line in enumerate((root / file).read_text("utf-8").splitlines()) if words in line
    )


def test_what_is_declared_is_intended(project: Path, capsys: Capture) -> None:
    """FAQ-22"""
    line = line_of(project, f"stacks/tenants/{U}.yaml", "  telemetry:")
    assert said(capsys, APP, f"{COLLECTOR}:tcp/443").splitlines() == [
        f"{APP} → {COLLECTOR}:tcp/443 · yes: all of it is intended",
        "intended:",
        f"  {APP} → {COLLECTOR}: tcp/443",
        f"    for instance: tcp {APP} (10.64.1.11):49152 → {COLLECTOR} (10.96.1.10):443",
        f"    declared at: stacks/tenants/{U}.yaml:{line}:3: {U}.allowances.telemetry (telemetry, FAQ-22)",
    ]


def test_what_nobody_declared_is_blocked_with_the_line_to_add(project: Path, capsys: Capture) -> None:
    """FAQ-22"""
    line = line_of(project, f"stacks/tenants/{U}.yaml", "allowances:")
    assert said(capsys, f"{V}/collector-2", f"{U}/app-2:tcp/22", code=1).splitlines() == [
        f"{V}/collector-2 → {U}/app-2:tcp/22 · no: none of it passes",
        "blocked:",
        f"  {V}/collector-2 → {U}/app-2",
        f"    for instance: tcp {V}/collector-2 (10.96.1.11):49152 → {U}/app-2 (10.64.1.12):22",
        f"    the filter of {V} drops it first",
        f"    → no declaration allows it (FAQ-22): {U} or {V} may declare it, for instance",
        f"      stacks/tenants/{U}.yaml:{line}:1 (allowances)",
        f"        collector-2-to-app-2: {{from: {V}/collector-2, to: app-2, ports: [tcp/22], reason: …}}",
        f"      then: wpf check && wpf up {U} {V}",
    ]


def test_the_line_to_add_is_what_was_missing(project: Path, capsys: Capture) -> None:
    (part,) = data(capsys, f"{V}/collector-2", f"{U}/app-2:udp/514", code=1)["parts"]
    tenant = project / "stacks" / "tenants" / f"{U}.yaml"
    text = tenant.read_text("utf-8")
    tenant.write_text(text.replace("allowances:\n", f"allowances:\n  {part['remedy']['add']}\n"), "utf-8")
    assert part["remedy"]["stacks"] == [U, V]
    assert main(["check"]) == 0
    capsys.readouterr()
    assert "yes" in said(capsys, f"{V}/collector-2", f"{U}/app-2:udp/514")


def test_who_answers_may_speak_first_from_its_port(project: Path, capsys: Capture) -> None:
    """FAQ-22"""
    out = said(capsys, COLLECTOR, f"{APP}:tcp/22", code=4)
    assert "it passes, and not all of it is meant to" in out
    assert f"  {COLLECTOR} → {APP}: ← tcp/443, ← tcp/8883-8884" in out
    assert "filters remember nothing" in out
    assert f"{U}.allowances.telemetry" in out


def test_no_filter_stands_between_terminals_and_lines(project: Path, capsys: Capture) -> None:
    (part,) = data(capsys, f"{V}/maintenance", f"{U}/north:icmp", code=4)["parts"]
    assert (part["verdict"], part["unfiltered"], part["cause"]) == ("residual", True, None)
    assert "no filter sees it" in part["why"]


def test_a_service_is_open_and_its_option_is_what_is_missing_elsewhere(project: Path, capsys: Capture) -> None:
    """FAQ-24"""
    (ntp,) = data(capsys, COLLECTOR, "platform/ntp-1:udp/123")["parts"]
    assert (ntp["cause"]["path"], ntp["cause"]["row"]) == ("platform.services.ntp", 1)
    assert ntp["cause"]["file"] == "stacks/platform.py"
    (smtp,) = data(capsys, APP, "platform/smtp:tcp/25")["parts"]
    assert (smtp["cause"]["path"], smtp["cause"]["row"]) == (f"{U}.options", 24)
    (blocked,) = data(capsys, COLLECTOR, "platform/smtp:tcp/25", code=1)["parts"]
    assert blocked["remedy"] == {
        "summary": f"{V} has not ordered the option `smtp` that opens it (FAQ-24)",
        "file": f"stacks/tenants/{V}.yaml:{line_of(project, f'stacks/tenants/{V}.yaml', 'options:')}:1 (options)",
        "add": "options: [smtp, snapshot]",
        "stacks": [V],
    }


def test_inside_a_tenant_traffic_is_free(project: Path, capsys: Capture) -> None:
    """FAQ-22, FAQ-35"""
    out = said(capsys, U, f"{U}:icmp")
    assert f"{U}.network (inside one owner traffic is free, FAQ-22)" in out
    assert "yes" in said(capsys, f"{U}/car", APP)


def test_a_wide_question_has_parts(project: Path, capsys: Capture) -> None:
    found = data(capsys, V, f"{APP}:tcp/3389", code=1)
    verdicts = {part["verdict"] for part in found["parts"]}
    assert (found["verdict"], verdicts) == ("blocked", {"intended", "residual", "blocked"})
    assert "not all of it: some is blocked" in said(capsys, V, f"{APP}:tcp/3389", code=1)


def test_anything_may_be_asked_of_the_whole(project: Path, capsys: Capture) -> None:
    assert data(capsys, "any", "any", code=1)["verdict"] == "blocked"
    assert said(capsys, "any", U, code=1).count("\n") < 200


def test_programs_read_one_object(project: Path, capsys: Capture) -> None:
    found = data(capsys, APP, f"{COLLECTOR}:tcp/443")
    assert found["question"] == {"from": APP, "to": COLLECTOR, "port": "tcp/443"}
    assert found["verdict"] == "intended"
    (part,) = found["parts"]
    line = line_of(project, f"stacks/tenants/{U}.yaml", "  telemetry:")
    assert part == {
        "verdict": "intended",
        "witness": {
            "from": {"name": APP, "address": "10.64.1.11"},
            "to": {"name": COLLECTOR, "address": "10.96.1.10"},
            "protocol": "tcp",
            "from_port": 49152,
            "to_port": 443,
        },
        "cause": {
            "kind": "allowance",
            "path": f"{U}.allowances.telemetry",
            "key": f"{U}/telemetry",
            "row": 22,
            "reason": "telemetry",
            "file": f"stacks/tenants/{U}.yaml",
            "line": line,
            "column": 3,
        },
        "unfiltered": False,
        "dropped_by": None,
        "why": None,
        "remedy": None,
        "flows": [
            {
                "from": "10.64.1.11",
                "to": "10.96.1.10",
                "protocol": "tcp",
                "from_ports": "0-65535",
                "to_ports": "443",
            }
        ],
    }


def test_people_may_read_it_in_japanese(project: Path, capsys: Capture) -> None:
    assert "はい。すべて意図された通信です" in said(capsys, "--lang", "ja", APP, f"{COLLECTOR}:tcp/443")
    out = said(capsys, "--lang", "ja", f"{V}/collector-2", f"{U}/app-2:tcp/22", code=1)
    assert "いいえ。すべて遮断されます" in out and f"最初に {V} のフィルタが破棄します" in out


NOWHERE = [
    (("10.64.1.77", f"{V}/collector:tcp/22"), "no server, terminal, line or gateway at 10.64.1.77"),
    (("192.168.7.7", f"{APP}:tcp/22"), "nobody has declared 192.168.7.7"),
    ((APP, "8.8.8.8:tcp/443"), "8.8.8.8 is a public address, and this is a closed network"),
]


@pytest.mark.parametrize(("ends", "says"), NOWHERE, ids=[says[:14] for _, says in NOWHERE])
def test_what_cannot_be_declared_is_said(project: Path, capsys: Capture, ends: tuple[str, str], says: str) -> None:
    """FAQ-21"""
    assert says in said(capsys, *ends, code=1)


def test_without_a_port_the_line_to_add_leaves_it_open(project: Path, capsys: Capture) -> None:
    (part,) = data(capsys, f"{V}/collector-2", f"{U}/app-2", code=1)["parts"]
    assert part["remedy"]["add"] == (
        f"collector-2-to-app-2: {{from: {V}/collector-2, to: app-2, ports: […], reason: …}}"
    )


def test_ipv6_is_dropped(project: Path, capsys: Capture) -> None:
    assert "every filter drops IPv6" in said(capsys, "fd00::1", APP, code=1)
    found = data(capsys, "fd00::1", APP, code=1)
    assert (found["verdict"], found["parts"]) == ("blocked", []) and "drops IPv6" in found["why"]
    assert data(capsys, APP, f"{COLLECTOR}:tcp/443")["why"] is None
    assert "drops IPv6" in said(capsys, "--svg", "six.svg", "::1", APP)
    assert "::1" in (project / "six.svg").read_text("utf-8")
    assert "drops IPv6" in data(capsys, "--svg", "six.svg", "::1")["why"]


@pytest.mark.parametrize("ends", [("any", f"{APP}:tcp/22"), ("10.0.0.0/8", APP), (COLLECTOR, "any")])
def test_nobody_is_advised_for_whom_nobody_asked(project: Path, capsys: Capture, ends: tuple[str, str]) -> None:
    blocked = [part["remedy"] for part in data(capsys, *ends, code=1)["parts"] if part["verdict"] == "blocked"]
    assert blocked and all("named ends" in each["summary"] for each in blocked)
    assert all((each["file"], each["add"], each["stacks"]) == (None, None, []) for each in blocked)


def test_a_python_declaration_gets_a_python_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    at(tmp_path, monkeypatch, {"platform.endpoints": {"management": {"cidr": "10.33.0.0/24"}}})
    (part,) = data(capsys, "platform/management", "platform/ntp-1:udp/123", code=1)["parts"]
    assert part["remedy"]["add"] == (
        '"management-to-ntp-1": Allowance(source="management", destination="ntp-1", ports=("udp/123",), reason="…"),'
    )
    assert part["remedy"]["file"] == "stacks/platform.py (allowances)"
    assert part["remedy"]["stacks"] == ["platform"]


WORDS = (
    U,
    APP,
    COLLECTOR,
    "any",
    "platform/ntp:udp/123",
    ":icmp",
    "10.0.0.0/8",
    "::1",
    "a/b/c",
    "--matrix",
    "--json",
    "--",
)
WRONG_ENDS = [
    ((f"{U}/app1", COLLECTOR), "app-1"),
    (("minami", COLLECTOR), "minami"),
    ((APP, f"{COLLECTOR}:tcp/0"), "tcp/0"),
    ((APP, f"{COLLECTOR}:ftp"), "ftp"),
    (("10.64.1.999", APP), "10.64.1.999"),
    (("", APP), ""),
    (("\x1b[31m", APP), "\\x1b"),
]


@pytest.mark.parametrize(("ends", "says"), WRONG_ENDS, ids=[says or "nothing" for _, says in WRONG_ENDS])
def test_wrong_ends_are_two_and_one_sentence(project: Path, capsys: Capture, ends: tuple[str, str], says: str) -> None:
    assert main(["reach", *ends]) == 2
    caught = capsys.readouterr()
    assert caught.out == "" and says in caught.err and caught.err.count("\n") == 1
    assert "→" in caught.err and "\x1b" not in caught.err
    assert main(["reach", "--json", *ends]) == 2
    assert json.loads(capsys.readouterr().out)["errors"]


MISUSED = [
    ([], "a question has two ends"),
    ([APP], "a question has two ends"),
    (["--matrix", "--diff"], "--matrix and --diff are two questions"),
    (["--diff", "HEAD", APP], f"of FROM and TO only `{APP}` is given"),
    (["--diff", APP, COLLECTOR], f"compares with the revision `{APP}`"),
    ([APP, "--diff", COLLECTOR], "write FROM and TO before --diff"),
    ([APP, "--diff"], "compares with the revision `HEAD`"),
    (["--matrix", U, V], "of one tenant, or of all"),
    (["--matrix", APP], f"`{APP}` is no tenant"),
    (["--svg", "-", "--json"], "both take standard output"),
    (["--diff=a...b"], "three dots"),
    (["--now", "soon", APP, COLLECTOR], "`soon` is no instant"),
]


@pytest.mark.parametrize(
    ("arguments", "says"), MISUSED, ids=[" ".join(arguments) or "nothing" for arguments, _ in MISUSED]
)
def test_wrong_usage_is_two_and_says_what_there_is(
    project: Path, capsys: Capture, arguments: list[str], says: str
) -> None:
    assert main(["reach", *arguments]) == 2
    caught = capsys.readouterr()
    assert says in caught.err and "Traceback" not in caught.err


UNSOUND: list[tuple[str, dict[str, Any], str]] = [
    ("a dangling end", {f"{U}.allowances.telemetry.to": f"{V}/nobody"}, "allowances.telemetry"),
    ("an address outside", {f"{U}.vms.app-1.address": "10.64.2.11"}, "app-1"),
    ("two networks in one place", {f"{V}.network.cidr": "10.64.1.0/24"}, "network"),
    ("refused by the schema", {f"{U}.kind": "farm"}, f"{U}.kind"),
]


@pytest.mark.parametrize(("changes", "says"), [case[1:] for case in UNSOUND], ids=[case[0] for case in UNSOUND])
def test_no_answer_rests_on_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture, changes: dict[str, Any], says: str
) -> None:
    root = at(tmp_path, monkeypatch, changes)
    assert main(["reach", APP, COLLECTOR]) == 2
    caught = capsys.readouterr()
    assert caught.out == "" and says in caught.err and "wpf check" in caught.err
    assert main(["reach", "--json", APP, COLLECTOR]) == 2
    assert any(says in each for each in json.loads(capsys.readouterr().out)["errors"])
    (root / "stacks" / "tenants" / f"{V}.yaml").write_text("a: 1\na: 2\n")
    assert main(["reach", APP, APP]) == 2
    assert "stands here twice" in capsys.readouterr().err


def test_what_is_wrong_elsewhere_changes_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    at(tmp_path, monkeypatch, {f"{U}.vms.app-1.disks.system.size_gb": 200, f"{U}.users": GONE})
    assert main(["check"]) == 1
    assert main(["reach", APP, f"{COLLECTOR}:tcp/443"]) == 0


def test_a_table_of_all_owners_and_of_one(project: Path, capsys: Capture) -> None:
    out = said(capsys, "--matrix")
    heads = out.splitlines()[1].split()
    assert heads == ["from", "to", "intended", "residual", "by"]
    assert any(U in row and V in row and "tcp/443, tcp/8883-8884" in row for row in out.splitlines())
    found = data(capsys, "--matrix", U)
    assert found["owner"] == U and "north" in " ".join(found["unfiltered"])
    (cell,) = [each for each in found["cells"] if (each["from"], each["to"]) == (APP, COLLECTOR)]
    assert cell["intended"] == ["tcp/443", "tcp/8883-8884"] and cell["allowances"] == [f"{U}/telemetry"]
    assert "発信側" in said(capsys, "--matrix", "platform", "--lang", "ja")


def test_no_name_of_a_table_is_cut_short_on_a_narrow_terminal(project: Path) -> None:
    ours, theirs = os.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfrom wpf_infra.cli import main\nsys.exit(main(['reach', '--matrix']))"],
        stdout=theirs,
        env={**os.environ, "COLUMNS": "50", "TERM": "xterm"},
    )
    os.close(theirs)
    drawn = ""
    with suppress(OSError), os.fdopen(ours, encoding="utf-8") as terminal:  # which ends with an error, on Linux
        for line in terminal:
            drawn += line
    assert done.wait() == 0
    assert "│" in drawn and "…" not in drawn


def test_a_drawing(project: Path, capsys: Capture) -> None:
    assert said(capsys, "--svg", "-", U).startswith(("<?xml", "<svg"))
    found = data(capsys, "--svg", "who.svg", APP, f"{COLLECTOR}:tcp/443")
    assert found == {"written": ["who.svg"], "why": None}
    drawn = (project / "who.svg").read_text("utf-8")
    assert "app-1" in drawn and "ntp-1" not in drawn
    assert said(capsys, "--svg", ".wpf/who.svg") == ".wpf/who.svg: drawn\n"
    assert sorted(path.name for path in (project / ".wpf").iterdir()) == ["who.svg"]


def test_a_drawing_takes_an_old_ones_place(project: Path, capsys: Capture) -> None:
    """Its mode and the link that leads there included."""
    kept, link = project / "kept.svg", project / "link.svg"
    kept.write_text("old")
    kept.chmod(0o640)
    link.symlink_to("kept.svg")
    assert "drawn" in said(capsys, "--svg", "link.svg", U)
    assert link.is_symlink() and kept.read_text("utf-8").startswith("<svg")
    assert kept.stat().st_mode & 0o777 == 0o640
    assert "drawn" in said(capsys, "--svg", os.devnull, U)


def test_a_link_to_a_missing_folder_names_that_folder(project: Path, capsys: Capture) -> None:
    (project / "link.svg").symlink_to("nowhere/who.svg")
    assert main(["reach", "--svg", "link.svg"]) == 2
    assert "link.svg: there is no folder `nowhere`" in capsys.readouterr().err


NO_PLACES = [
    ("nowhere/who.svg", "there is no folder `nowhere`"),
    (f"stacks/tenants/{U}.yaml/who.svg", "there is no folder"),
    ("stacks", "this is a folder"),
    ("", "this is a folder"),
    ("x" * 300, "no file can be called that"),
]


@pytest.mark.parametrize(("file", "says"), NO_PLACES, ids=["nowhere", "below a file", "folder", "nothing", "long"])
def test_where_nothing_can_be_drawn_is_two(project: Path, capsys: Capture, file: str, says: str) -> None:
    assert main(["reach", "--svg", file, "--json"]) == 2
    caught = capsys.readouterr()
    (error,) = json.loads(caught.out)["errors"]
    assert says in error and caught.err == f"wpf: {error}\n"


def test_what_the_system_refuses_is_three_and_leaves_the_old_file_whole(project: Path) -> None:
    """A limit of this process's files stands for a full disk."""
    (project / "who.svg").write_text("old")
    program = (
        "import resource, signal, sys\nfrom wpf_infra.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "sys.exit(main(['reach', '--json', '--svg', 'who.svg']))\n"
    )
    done = subprocess.run([sys.executable, "-Bc", program], capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "Traceback" not in done.stderr
    (error,) = json.loads(done.stdout)["errors"]
    assert "who.svg: the system refused: File too large" in error
    assert (project / "who.svg").read_text() == "old"
    assert not list(project.glob(".wpf-*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_device_is_three(project: Path, capsys: Capture) -> None:
    assert main(["reach", "--svg", "/dev/full", "--json"]) == 3
    assert "/dev/full: the system refused" in json.loads(capsys.readouterr().out)["errors"][0]


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=12) | st.sampled_from(WORDS), min_size=1, max_size=4))
def test_any_words(project: Path, capsys: Capture, words: list[str]) -> None:
    """A code and sentences, whatever is asked."""
    assert main(["reach", *words]) in (0, 1, 2, 4)
    assert "Traceback" not in capsys.readouterr().err


def test_reach_pays_for_no_engine(tmp_path: Path) -> None:
    program = (
        f"import sys\nfrom wpf_infra.cli import main\ncode = main(['reach', '{APP}', '{COLLECTOR}:tcp/443'])\n"
        "heavy = {'pulumi', 'grpc', 'sqlite3', 'rich', 'jinja2'} & set(sys.modules)\nassert not heavy, heavy\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=lay(tmp_path),
        env={**os.environ, "WPF_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
