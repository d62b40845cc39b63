"""The whole of stacks/: what loads, what is wrong in a file, and that one bad file never hides another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.samples import GONE, NOW, catalogue, lay, to_yaml, world
from wpf_infra.language import Language
from wpf_infra.loading.catalogue import Loaded, load, tenant_files
from wpf_infra.model.finding import Position, Severity
from wpf_infra.policy import judge

ROOT = Path(__file__).parents[2]
U, V = "minami-suido", "kawa-systems"


def said(loaded: Loaded) -> list[str]:
    return [error.sentence(Language.ENGLISH) for error in loaded.unreadable]


def paths(loaded: Loaded) -> list[str]:
    return [finding.path for finding in loaded.findings]


def judged(loaded: Loaded) -> list[str]:
    assert loaded.catalogue is not None
    return [f"{finding.rule} {finding.path}" for finding in judge(loaded.catalogue, NOW)]


def test_the_projects_own_stacks_load_and_are_warned_of_what_is_true() -> None:
    loaded = load(ROOT)
    assert loaded.sound
    assert loaded.catalogue is not None
    assert set(loaded.catalogue.tenants) == {"aqua-systems", "higashi-suido", "mizu-control", "nishi-suido"}
    assert [(each.severity, each.rule, each.path) for each in judge(loaded.catalogue, NOW)] == [
        (Severity.WARNING, "allowance-reverse", "higashi-suido.allowances.telemetry")
    ]


def test_python_and_yaml_are_one_model(tmp_path: Path) -> None:
    root = lay(tmp_path)
    from_yaml = load(root).catalogue
    for name in (U, V):
        path = root / "stacks" / "tenants" / f"{name}.yaml"
        path.unlink()
        path.with_suffix(".py").write_text(
            f"from wpf_infra.model import Tenant\n\ntenant = Tenant.model_validate({world()[name]!r})\n"
        )
    from_python = load(root).catalogue
    assert from_yaml is not None
    assert from_python is not None
    assert from_python.tenants == from_yaml.tenants == catalogue().tenants


def test_what_a_declaration_prints_leaves_standard_output_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay(tmp_path)
    for path in ("platform.py", f"tenants/{U}.py"):
        with (root / "stacks" / path).open("a") as file:
            file.write(f"\nfrom wpf_infra.model import Tenant\nprint('look: {path}')\n")
    (root / "stacks" / "tenants" / f"{U}.yaml").unlink()
    with (root / "stacks" / "tenants" / f"{U}.py").open("a") as file:
        file.write(f"tenant = Tenant.model_validate({world()[U]!r})\n")
    assert load(root).sound
    printed = capsys.readouterr()
    assert printed.out == ""
    assert sorted(printed.err.splitlines()) == ["look: platform.py", f"look: tenants/{U}.py"]


def test_positions_are_known_down_to_each_key(tmp_path: Path) -> None:
    loaded = load(lay(tmp_path, {f"{U}.vms.app-1.cpu": 3}))
    assert loaded.catalogue is not None
    (finding,) = judge(loaded.catalogue, NOW)
    lines = (tmp_path / "stacks" / "tenants" / f"{U}.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text == "    cpu: 3")
    assert finding.position == Position(f"stacks/tenants/{U}.yaml", line, 5)


def test_python_declarations_have_lines_where_they_are_written_out() -> None:
    whole = load(ROOT).catalogue
    assert whole is not None
    text = (ROOT / "stacks" / "tenants" / "nishi-suido.py").read_text().splitlines()
    position = whole.position("nishi-suido.allowances.measurements.from")
    assert position is not None
    assert position.file == "stacks/tenants/nishi-suido.py"
    assert position.line is not None
    assert 'source="historian-1"' in text[position.line - 1]


def test_a_file_that_is_undecodable_hides_no_other(tmp_path: Path) -> None:
    root = lay(tmp_path, {f"{U}.vms.app-1.cpu": 3})
    (root / "stacks" / "tenants" / f"{V}.yaml").write_text("a:\n\tb: 1\n")
    loaded = load(root)
    assert said(loaded) == [
        f"stacks/tenants/{V}.yaml:2:1: a tab stands in the indentation → indent with spaces",
    ]
    assert judged(loaded) == [f"cpu-menu {U}.vms.app-1.cpu"]  # and nothing about the vendor that cannot be read
    assert not loaded.sound


def test_a_refused_part_is_said_and_the_rest_is_judged(tmp_path: Path) -> None:
    """All errors of a file at once: schema and rules together, without noise about what was refused."""
    changes = {
        f"{U}.vms.app-1.restart_priority": "hgih",
        f"{U}.vms.app-2.disks.system.size_gb": 200,
        f"{U}.vms.app-3": {"os": "rhel-9"},
        f"{U}.allowances.x": {"from": "app-3", "to": f"{V}/collector", "ports": ["icmp"], "reason": "x"},
        f"{U}.notify": ["a@example.jp", "b@example.jp"],
        f"{U}.options": ["sms", "monitoring", "fax"],
        f"{U}.quota.cpu": "many",
        f"{U}.unknown": 1,
    }
    loaded = load(lay(tmp_path, changes))
    assert set(paths(loaded)) == {
        f"{U}.vms.app-1.restart_priority",
        *(f"{U}.vms.app-3.{key}" for key in ("cpu", "memory_gib", "address", "disks")),
        f"{U}.notify",
        f"{U}.options.0",
        f"{U}.options.2",
        f"{U}.quota.cpu",
        f"{U}.unknown",
    }
    assert judged(loaded) == [f"disk-size-menu {U}.vms.app-2.disks.system.size_gb"]
    assert loaded.catalogue is not None
    assert {option.value for option in loaded.catalogue.tenants[U].options} == {"monitoring"}
    assert not loaded.sound


def test_a_tenant_of_which_nothing_can_be_judged_is_left_out_without_noise(tmp_path: Path) -> None:
    loaded = load(lay(tmp_path, {f"{V}.network": "10.96.1.0/24"}))
    assert paths(loaded) == [f"{V}.network"]
    assert loaded.catalogue is not None
    assert set(loaded.catalogue.tenants) == {U}
    assert judged(loaded) == []


@pytest.mark.parametrize("data", [["a"], "prose", 7, {"vms": []}, {"tenant": None}])
def test_data_that_is_no_tenant_at_all_is_a_finding(tmp_path: Path, data: Any) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "tenants" / "odd.yaml").write_text(to_yaml(data))
    loaded = load(root)
    assert loaded.findings
    assert all(path.split(".")[0] == "odd" for path in paths(loaded))
    assert judged(loaded) == []


BAD_IDS = ("platform", "../x", "Minami", "", "a" * 33, "a_b", 7, None)


@pytest.mark.parametrize("tenant", BAD_IDS)
def test_a_tenant_may_not_be_called_that(tmp_path: Path, tenant: Any) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "tenants" / "new.yaml").write_text(to_yaml({**world()[V], "tenant": tenant}))
    loaded = load(root)
    assert "new.tenant" in paths(loaded)
    assert loaded.catalogue is not None
    assert set(loaded.catalogue.tenants) == {U, V}


def test_a_file_called_platform_is_no_tenant(tmp_path: Path) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "tenants" / "platform.yaml").write_text(to_yaml({**world()[V], "tenant": "platform"}))
    loaded = load(root)
    assert paths(loaded) == ["platform.tenant"]
    assert "no tenant's id" in loaded.findings[0].summary.en


def test_a_file_declares_the_tenant_it_is_called_after(tmp_path: Path) -> None:
    root = lay(tmp_path)
    tenants = root / "stacks" / "tenants"
    (tenants / f"{V}.yaml").rename(tenants / "other.yaml")
    loaded = load(root)
    assert [(each.rule, each.path) for each in loaded.findings] == [("tenant-file-name", "other.tenant")]
    assert loaded.findings[0].position == Position("stacks/tenants/other.yaml", 2, 1)
    assert judged(loaded) == []  # who refers to kawa-systems is not blamed for it


ODD = (
    ("a folder", lambda path: path.mkdir(), "odd.yaml", "a folder, not a file"),
    ("a link to nothing", lambda path: path.symlink_to("nowhere"), "odd.yaml", "leads nowhere"),
    ("a link to itself", lambda path: path.symlink_to(path.name), "odd.yaml", "odd.yaml"),
    ("a pipe", lambda path: os.mkfifo(path), "odd.yaml", "not a regular file"),
    ("another suffix", lambda path: path.write_text("a: 1"), "odd.yml", "call it odd.yaml"),
    ("a loud suffix", lambda path: path.write_text("a: 1"), "odd.YAML", "call it odd.yaml"),
)


@pytest.mark.parametrize(("make", "name", "says"), [case[1:] for case in ODD], ids=[case[0] for case in ODD])
def test_what_is_no_tenants_file_is_said(tmp_path: Path, make: Any, name: str, says: str) -> None:
    root = lay(tmp_path)
    make(root / "stacks" / "tenants" / name)
    loaded = load(root)
    assert len(loaded.unreadable) == 1
    assert f"stacks/tenants/{name}" in said(loaded)[0]
    assert says in said(loaded)[0]
    assert judged(loaded) == []


def test_helpers_notes_and_hidden_files_are_no_tenants(tmp_path: Path) -> None:
    root = lay(tmp_path)
    folder = root / "stacks" / "tenants"
    for name in ("_shared.py", "__init__.py", ".app.yaml.swp", "README.md"):
        (folder / name).write_text("nonsense: [")
    (folder / "trust").mkdir()
    assert load(root).sound
    assert [path.name for path in tenant_files(root)] == [f"{V}.yaml", f"{U}.yaml"]


def test_a_tenant_in_yaml_and_in_python_is_refused(tmp_path: Path) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "tenants" / f"{V}.py").write_text("")
    loaded = load(root)
    (sentence,) = said(loaded)
    assert "keep one of the two files" in sentence
    assert judged(loaded) == []


def test_without_tenants_folder_or_platform_both_are_said(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: wpf\n")
    loaded = load(tmp_path)
    assert loaded.catalogue is None
    assert [error.where for error in loaded.unreadable] == ["stacks/platform.py", "stacks/tenants"]


PYTHON = (
    ("a syntax error", "tenant = (\n", "new.py:1:10: this is not Python", "'(' was never closed"),
    ("a NUL", "tenant = 1\0", "new.py", "not Python"),
    ("an exception", "x = 1\n\n\ny = x / 0\n", "new.py:4: the file stopped with ZeroDivisionError", "correct the line"),
    ("a missing module", "import nothing_of_the_kind\n", "new.py:1:", "ModuleNotFoundError"),
    ("an exit", "exit()\n", "new.py:1:", "SystemExit"),
    ("no name", "tenants = 1\n", "new.py: the file exposes no `tenant`", "end the file with `tenant = Tenant(…)`"),
    ("a wrong type", "tenant = {}\n", "new.py: `tenant` is a dict, not a Tenant", "Tenant(…)"),
    ("a name from nowhere", "def f():\n    return g()\nf()\n", "new.py:2:", "NameError"),
)


@pytest.mark.parametrize(("source", "starts", "says"), [case[1:] for case in PYTHON], ids=[case[0] for case in PYTHON])
def test_an_error_in_a_python_declaration_is_one_sentence(tmp_path: Path, source: str, starts: str, says: str) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "tenants" / "new.py").write_text(source)
    loaded = load(root)
    (sentence,) = said(loaded)
    assert sentence.startswith(f"stacks/tenants/{starts}")
    assert says in sentence
    assert judged(loaded) == []
    assert not list(root.rglob("*.pyc"))


def test_what_the_schema_refuses_in_python_is_a_finding_with_its_line(tmp_path: Path) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "tenants" / "new.py").write_text(
        "from wpf_infra.model import Disk\n\ndisk = Disk(size_gb='big', storage_class='raid6')\n"
    )
    (finding,) = load(root).findings
    assert (finding.path, finding.row) == ("new.Disk.size_gb", 15)
    assert finding.position == Position("stacks/tenants/new.py", 3)


def test_python_declarations_share_what_stands_beside_them(tmp_path: Path) -> None:
    root = lay(tmp_path)
    (root / "stacks" / "wpf_test_sizes.py").write_text("VLAN = 3001\n")
    data = world({f"{V}.network.vlan": GONE})[V]
    (root / "stacks" / "tenants" / f"{V}.yaml").unlink()
    (root / "stacks" / "tenants" / f"{V}.py").write_text(
        "from wpf_test_sizes import VLAN\n\nfrom wpf_infra.model import Tenant\n\n"
        f"data = {data!r}\ndata['network']['vlan'] = VLAN\ntenant = Tenant.model_validate(data)\n"
    )
    assert load(root).sound


def test_a_platform_that_fails_leaves_the_tenants_schema_findings(tmp_path: Path) -> None:
    root = lay(tmp_path, {f"{U}.kind": "farm", "platform.vms.ntp-1.cpu": 0})
    loaded = load(root)
    assert loaded.catalogue is None
    assert paths(loaded) == ["platform.vms.ntp-1.cpu", f"{U}.kind"]


def test_a_replacing_file_takes_the_place_of_the_tenant_with_its_id(tmp_path: Path) -> None:
    root = lay(tmp_path / "project")
    other = tmp_path / "draft.yaml"
    other.write_text(to_yaml(world({f"{U}.vms.app-1.cpu": 3})[U]))
    loaded = load(root, [other])
    assert judged(loaded) == [f"cpu-menu {U}.vms.app-1.cpu"]
    assert loaded.files[U] == other
    assert loaded.catalogue is not None
    position = loaded.catalogue.position(f"{U}.vms.app-1.cpu")
    assert position is not None
    assert position.file == str(other)


def test_a_replacing_file_may_be_new_or_the_tenants_own(tmp_path: Path) -> None:
    root = lay(tmp_path / "project")
    new = tmp_path / "new.yaml"
    new.write_text(to_yaml({**world({f"{V}.network": {"cidr": "10.96.9.0/24", "vlan": 3009}})[V], "tenant": "kita"}))
    loaded = load(root, [new, root / "stacks" / "tenants" / f"{U}.yaml"])
    assert loaded.catalogue is not None
    assert set(loaded.catalogue.tenants) == {U, V, "kita"}
    assert loaded.sound


def test_replacing_files_that_cannot_be_are_said(tmp_path: Path) -> None:
    root = lay(tmp_path / "project")
    one, same, text, broken = (tmp_path / name for name in ("one.yaml", "same.yaml", "notes.txt", "broken.yaml"))
    one.write_text(to_yaml(world()[U]))
    same.write_text(to_yaml(world()[U]))
    text.write_text("x")
    broken.write_text("[")
    loaded = load(root, [one, same, text, broken, tmp_path / "absent.yaml"])
    for says in ("declared here and in", "no tenant's file", "not YAML", "no such file"):
        assert any(says in sentence for sentence in said(loaded)), says
    assert judged(loaded) == []
