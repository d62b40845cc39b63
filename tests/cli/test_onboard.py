"""`wpf onboard`: forms become tenants, all that is wrong is said at once, and nothing that is there is ever changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from copy import deepcopy
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from tests.samples import GONE, WORLD, lay, to_yaml
from wpf_infra.cli import main
from wpf_infra.loading.catalogue import load
from wpf_infra.loading.yaml12 import decode

WPF = Path(sys.executable).with_name("wpf")
ROOT = Path(__file__).parents[2]
U, V = "minami-suido", "kawa-systems"
SERVER = {"os": "rhel-9", "cpu": 2, "memory_gib": 8, "disks": {"system": {"size_gb": 100, "storage_class": "raid6"}}}
FORM: dict[str, Any] = {
    "tenant": "hill",
    "kind": "utility",
    "name": {"ja": "丘水道", "en": "Hill"},
    "vendor": V,
    "cluster": "c2",
    "quota": {"cpu": 4, "memory_gib": 16, "storage_gb": 200},
    "notify": "ops@minami-suido.example.jp",
    "vms": {"app-1": SERVER, "app-2": SERVER},
    "lines": {"north": {"kind": "fixed", "ordered": "2026-01-05", "wanted": "2026-12-20"}},
    "gateways": {"north-gw": {"line": "north"}},
    "allowances": {"telemetry": {"from": "app-1", "to": f"{V}/collector", "ports": ["tcp/443"], "reason": "telemetry"}},
}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPF_LANG", "en")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def form(path: Path, changes: dict[str, Any] | None = None, base: dict[str, Any] = FORM) -> Path:
    """A form with some dotted paths set to other values, or GONE."""
    data = json.loads(json.dumps(base))
    for dotted, value in (changes or {}).items():
        *around, last = dotted.split(".")
        place = data
        for step in around:
            place = place.setdefault(step, {})
        if value is GONE:
            del place[last]
        else:
            place[last] = deepcopy(value)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_yaml(data), encoding="utf-8")
    return path


def onboarded(*arguments: str | Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = main(["onboard", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def found(told: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["rule"], each["path"]) for each in told["findings"] if each["severity"] == "error"}


def files(root: Path) -> dict[str, bytes]:
    """Every file of the project, but the lock's."""
    every = (path for path in root.rglob("*") if path.is_file() and ".wpf" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in every if "__pycache__" not in path.parts}


def tenant(root: Path, name: str) -> dict[str, Any]:
    data: dict[str, Any] = decode((root / f"stacks/tenants/{name}.yaml").read_bytes(), name).data
    return data


def test_a_form_becomes_a_tenant(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = onboarded(form(project / "hill.yaml"), capsys=capsys)
    assert (code, told["findings"]) == (0, [])
    assert told["network"] == {"cidr": "10.64.0.0/24", "vlan": 100}
    assert told["addresses"] == {"app-1": "10.64.0.11", "app-2": "10.64.0.12"}
    assert told["lines"] == {"north": "10.160.0.0/28"} and told["gateways"] == {"north-gw": "10.160.0.5"}
    assert told["file"] == "stacks/tenants/hill.yaml"
    assert told["written"] == ["Pulumi.hill.yaml", "stacks/tenants/hill.yaml"]
    assert not told["unchanged"]
    written = tenant(project, "hill")
    assert written["version"] == 1 and written["vms"]["app-2"]["address"] == "10.64.0.12"
    assert main(["check"]) == 0
    assert "0 errors" in capsys.readouterr().out


def test_people_read_what_was_allocated_and_what_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["onboard", str(form(project / "forms/hill.yaml"))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "hill: onboarded (forms/hill.yaml)"
    assert "  network 10.64.0.0/24 (allocated), VLAN 100 (allocated)" in lines
    assert "  vms.app-1 10.64.0.11 (allocated)" in lines
    commands = [line.partition("  # ")[0].strip() for line in lines if "  # " in line]
    assert commands == [
        "wpf check",
        "git add -- stacks/tenants/hill.yaml",
        "pulumi stack init hill --no-select",
        "pulumi up -s hill",
        f"wpf up {V}",
    ]
    assert "three visits" in lines[-1] and lines[-1].endswith("FAQ-27")
    assert main(["onboard", "forms/hill.yaml", "--lang", "ja"]) == 0
    assert capsys.readouterr().out == "hill: 登録済みで、変更はありません (forms/hill.yaml)\n"


def test_the_same_form_again_changes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = form(project / "hill.yaml")
    assert onboarded(path, capsys=capsys)[0] == 0
    before = files(project)
    code, told = onboarded(path, capsys=capsys)
    assert (code, told["unchanged"], told["written"], told["next"]) == (0, True, [], [])
    assert told["network"] == {"cidr": "10.64.0.0/24", "vlan": 100}
    assert files(project) == before


def test_a_file_that_went_comes_back_byte_for_byte(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = form(project / "hill.yaml")
    onboarded(path, capsys=capsys)
    before = files(project)
    (project / "stacks/tenants/hill.yaml").unlink()
    code, told = onboarded(path, capsys=capsys)
    assert (code, told["written"]) == (0, ["stacks/tenants/hill.yaml"])
    assert files(project) == before


def test_a_dry_run_tells_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = form(project / "hill.yaml")
    before = files(project)
    code, told = onboarded(path, "--dry-run", capsys=capsys)
    assert (code, told["result"], told["network"]["cidr"], told["written"]) == (0, "checked", "10.64.0.0/24", [])
    assert files(project) == before and not (project / ".wpf").exists()


def test_a_tenant_that_differs_is_told_and_left_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    onboarded(form(project / "hill.yaml"), capsys=capsys)
    changed = {"quota.cpu": 8, "vms.app-3": SERVER, "vms.app-1.address": "10.64.0.99", "lines": GONE}
    other = form(project / "other.yaml", {**changed, "gateways": GONE})
    before = files(project)
    code, told = onboarded(other, capsys=capsys)
    assert code == 1
    assert found(told) == {
        ("form-differs", f"hill.{path}")
        for path in ("quota.cpu", "vms.app-3", "vms.app-1.address", "lines.north", "gateways.north-gw")
    }
    assert {each["file"] for each in told["findings"]} == {"other.yaml"}
    assert "make changes in stacks/tenants/hill.yaml" in told["findings"][0]["remedy"]
    assert files(project) == before


def test_a_tenant_in_python_is_compared_likewise(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form_of_vendor = form(project / "v.yaml", base=WORLD[V])
    (project / f"stacks/tenants/{V}.yaml").unlink()
    (project / f"stacks/tenants/{V}.py").write_text(
        f"from wpf_infra.model import Tenant\n\ntenant = Tenant.model_validate({WORLD[V]!r})\n", encoding="utf-8"
    )
    assert onboarded(form_of_vendor, capsys=capsys)[0] == 0
    code, told = onboarded(form(project / "w.yaml", {"quota.cpu": 15}, WORLD[V]), capsys=capsys)
    assert (code, told["file"]) == (1, f"stacks/tenants/{V}.py")


def test_all_that_is_wrong_is_said_at_once_where_it_stands(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = form(
        project / "hill.yaml",
        {
            "vms.app-1.disks.system.size_gb": 200,
            "vms.app-2.cpu": "two",
            "lines.north.wanted": "soon",
            "gateways.north-gw.line": "south",
            "vendor": "nobody",
            "network": {"cidr": "10.64.1.128/25"},
            "vms.app-1.consent": {"by": "sato", "on": "2026-11-24"},
            "colour": "blue",
        },
    )
    before = files(project)
    code, told = onboarded(path, capsys=capsys)
    assert code == 1
    assert {
        ("disk-size-menu", "hill.vms.app-1.disks.system.size_gb"),
        ("schema", "hill.vms.app-2.cpu"),
        ("schema", "hill.lines.north.wanted"),
        ("allocation", "hill.gateways.north-gw.line"),
        ("vendor-exists", "hill.vendor"),
        ("networks-apart", "hill.network.cidr"),
        ("form-consent", "hill.vms.app-1.consent"),
        ("schema", "hill.colour"),
    } <= found(told)
    text = path.read_text(encoding="utf-8").splitlines()
    assert ("networks-apart", f"{U}.network.cidr") in found(told)
    for each in told["findings"]:
        if not each["path"].startswith("hill."):
            continue
        assert each["file"] == "hill.yaml"
        assert each["path"].rpartition(".")[2] in text[each["line"] - 1]
    assert files(project) == before and not told["written"]


def test_host_bits_are_told_with_the_network_that_is_meant(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = onboarded(form(project / "hill.yaml", {"network": {"cidr": "10.64.9.1/24"}}), capsys=capsys)
    assert (code, found(told)) == (1, {("schema", "hill.network.cidr")})
    assert told["findings"][0]["remedy"] == "write 10.64.9.0/24"


def test_what_is_given_and_free_is_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"network": {"cidr": "10.64.9.0/24", "vlan": 777}, "vms.app-2.address": "10.64.9.50"}
    code, told = onboarded(form(project / "hill.yaml", given), capsys=capsys)
    assert (code, told["network"]) == (0, {"cidr": "10.64.9.0/24", "vlan": 777})
    assert told["addresses"] == {"app-1": "10.64.9.11", "app-2": "10.64.9.50"}
    assert told["allocated"] == ["gateways.north-gw.address", "lines.north.cidr", "vms.app-1.address"]


def test_an_error_that_others_get_by_it_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"notify": "ops@elsewhere.example.jp"}
    assert onboarded(form(project / "hill.yaml", own), capsys=capsys)[0] == 1
    big = {**SERVER, "cpu": 16, "memory_gib": 64, "disks": {"system": {"size_gb": 500, "storage_class": "raid6"}}}
    crowd = {"quota": {"cpu": 999, "memory_gib": 9999, "storage_gb": 99999}, "vms": {f"s{n}": big for n in range(12)}}
    code, told = onboarded(form(project / "hill.yaml", {**crowd, "allowances": GONE}), capsys=capsys)
    assert code == 1
    assert any(path.startswith("platform.") for _, path in found(told))
    assert not (project / "stacks/tenants/hill.yaml").exists()


def test_an_old_error_of_somebody_else_does_not_keep_anybody_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form(project / f"stacks/tenants/{U}.yaml", {"vms.app-1.cpu": 3, "vms.app-2.memory_gib": "much"}, WORLD[U])
    assert onboarded(form(project / "hill.yaml"), capsys=capsys)[0] == 0


@pytest.mark.parametrize(
    ("broken", "code"),
    [("a: b: c", 2), ("", 2), ("version: 1\ntenant: minami-suido\n", 1), ("tenant: other\n", 1)],
)
def test_where_it_is_not_known_what_others_hold_nothing_is_allocated(
    project: Path, capsys: pytest.CaptureFixture[str], broken: str, code: int
) -> None:
    (project / f"stacks/tenants/{U}.yaml").write_text(broken)
    before = {**files(project), "hill.yaml": form(project / "hill.yaml").read_bytes()}
    assert main(["onboard", "hill.yaml"]) == code
    said = capsys.readouterr()
    assert f"stacks/tenants/{U}.yaml" in said.out + said.err
    assert files(project) == before


@pytest.mark.parametrize(
    "changes",
    [{"network.cidr": "10.64.1.1/24"}, {"network.vlan": "x"}, {"lines.car.wanted": "soon"}, {"kind": "friend"}],
)
def test_nor_where_a_network_was_refused(
    project: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any]
) -> None:
    form(project / f"stacks/tenants/{U}.yaml", changes, WORLD[U])
    code, told = onboarded(form(project / "hill.yaml"), capsys=capsys)
    assert code == 1
    assert {rule for rule, _ in found(told)} == {"allocation"}
    assert not (project / "stacks/tenants/hill.yaml").exists()


def test_a_hidden_leftover_is_no_tenant_and_is_swept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leftover = project / "stacks/tenants/.onboarding-00"
    leftover.write_text("half a ten")
    assert onboarded(form(project / "hill.yaml"), capsys=capsys)[0] == 0
    assert not leftover.exists()


def test_a_form_among_the_tenants_is_the_tenant(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = onboarded(project / f"stacks/tenants/{U}.yaml", capsys=capsys)
    assert (code, told["unchanged"]) == (0, True)
    before = files(project)
    within = form(project / "stacks/tenants/hill.yaml")
    code, told = onboarded(within, capsys=capsys)
    assert code == 1 and found(told)
    assert files(project) == {**before, "stacks/tenants/hill.yaml": within.read_bytes()}


def test_a_stack_configuration_that_is_there_is_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = project / "Pulumi.hill.yaml"
    own.write_text("config:\n  wpf:backend: simulator\n")
    code, told = onboarded(form(project / "hill.yaml"), capsys=capsys)
    assert (code, told["written"]) == (0, ["stacks/tenants/hill.yaml"])
    assert own.read_text() == "config:\n  wpf:backend: simulator\n"


def test_a_tenants_folder_that_is_a_link_is_followed(
    project: Path, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "tenants"
    shutil.move(project / "stacks/tenants", elsewhere)
    (project / "stacks/tenants").symlink_to(elsewhere)
    assert onboarded(form(project / "hill.yaml"), capsys=capsys)[0] == 0
    assert (elsewhere / "hill.yaml").is_file()


@pytest.mark.parametrize(
    "arguments",
    [[], ["--batch", "d", "f.yaml"], ["nothing.yaml"], ["stacks"], ["f.txt"], ["--now", "x", "f.yaml"]],
)
def test_wrong_usage_is_told_as_such(project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    (project / "f.txt").touch()
    form(project / "f.yaml")
    assert main(["onboard", *arguments]) == 2
    assert "→" in capsys.readouterr().err


def test_an_unreadable_form_has_its_json_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "f.yaml").write_text("a: [")
    code, told = onboarded("f.yaml", capsys=capsys)
    assert code == 2
    assert told["errors"][0].startswith("f.yaml:") and told["findings"] == [] and not told["written"]


@pytest.mark.parametrize(
    "content", ["- a\n- b\n", "word\n", "tenant: [hill]\n", "tenant: platform\n", "tenant: Hill!\n"]
)
def test_what_is_no_tenant_at_all_is_refused(project: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    before = files(project)
    (project / "platform.yaml").write_text(content)
    code, told = onboarded("platform.yaml", capsys=capsys)
    assert code == 1 and found(told)
    assert files(project) == {**before, "platform.yaml": content.encode()}


# certificates


@pytest.fixture
def anchored(project: Path) -> Path:
    """A vendor's form that brings a certificate, beside it."""
    shutil.copytree(ROOT / "stacks/tenants/trust", project / "forms/trust")
    changes = {"tenant": "lake", "kind": "vendor", "trust.app": {"path": "client-to-app", "pem_file": PEM}}
    return form(project / "forms/lake.yaml", {**changes, "vendor": GONE, "lines": GONE, "gateways": GONE})


PEM = "trust/scada-app.pem"


def test_a_certificate_comes_along(project: Path, anchored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = onboarded(anchored, capsys=capsys)
    assert (code, told["findings"]) == (0, [])
    assert told["written"] == [f"stacks/tenants/{PEM}", "Pulumi.lake.yaml", "stacks/tenants/lake.yaml"]
    assert (project / "stacks/tenants" / PEM).read_bytes() == (ROOT / "stacks/tenants" / PEM).read_bytes()
    assert told["next"][1]["command"] == f"git add -- stacks/tenants/lake.yaml stacks/tenants/{PEM}"
    assert onboarded(anchored, capsys=capsys)[1]["unchanged"]
    (anchored.parent / PEM).write_text("another")
    code, told = onboarded(anchored, capsys=capsys)
    assert (code, found(told)) == (1, {("form-differs", "lake.trust.app.pem_file")})


def test_a_certificate_that_is_there_already_will_do(
    project: Path, anchored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.move(anchored.parent / "trust", project / "stacks/tenants/trust")
    code, told = onboarded(anchored, capsys=capsys)
    assert (code, told["written"]) == (0, ["Pulumi.lake.yaml", "stacks/tenants/lake.yaml"])


def test_a_certificate_is_never_written_over_another(
    project: Path, anchored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = project / "stacks/tenants" / PEM
    other.parent.mkdir()
    other.write_text("somebody's")
    code, told = onboarded(anchored, capsys=capsys)
    assert (code, found(told)) == (1, {("form-file", "lake.trust.app.pem_file")})
    assert "trust/lake-app.pem" in told["findings"][0]["remedy"]
    assert other.read_text() == "somebody's" and not (project / "stacks/tenants/lake.yaml").exists()


@pytest.mark.parametrize("name", ["evil.yaml", "evil.py/x.pem"])
def test_a_certificate_is_never_a_declaration(
    project: Path, anchored: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    data = decode(anchored.read_bytes(), "").data
    (anchored.parent / name).parent.mkdir(exist_ok=True)
    shutil.copy(anchored.parent / PEM, anchored.parent / name)
    code, told = onboarded(form(anchored, {"trust.app.pem_file": name}, data), capsys=capsys)
    assert (code, ("form-file", "lake.trust.app.pem_file") in found(told)) == (1, True)
    assert not (project / "stacks/tenants" / name).exists()


@pytest.mark.parametrize("name", ["../out.pem", "missing.pem", "link/out.pem"])
def test_a_certificate_stays_where_it_belongs(
    project: Path, anchored: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    data = decode(anchored.read_bytes(), "").data
    shutil.copy(anchored.parent / PEM, project / "out.pem")
    (anchored.parent / "link").symlink_to("..")
    code, told = onboarded(form(anchored, {"trust.app.pem_file": name}, data), capsys=capsys)
    assert code == 1 and {path for _, path in found(told)} == {"lake.trust.app.pem_file"}


def test_a_folder_of_certificates_that_leads_out_is_not_followed(
    project: Path, anchored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "out").mkdir()
    (project / "stacks/tenants/trust").symlink_to("../../out")
    code, told = onboarded(anchored, capsys=capsys)
    assert (code, found(told)) == (1, {("form-file", "lake.trust.app.pem_file")})
    assert list((project / "out").iterdir()) == []


# a folder of forms


def named(name: str, **changes: Any) -> dict[str, Any]:
    return {"tenant": name, "vms": {"app-1": SERVER}, "quota.storage_gb": 100, **changes}


def test_a_folder_goes_on_after_a_bad_form(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forms = project / "forms"
    form(forms / "a.yaml", named("a"))
    form(forms / "b.yaml", named("b", **{"vms.app-1.cpu": 3}))
    form(forms / "c.yaml", named("c"))
    (forms / "d.yaml").write_text("a: [")
    form(forms / "e.yaml", named("a", **{"quota.cpu": 9}))
    form(forms / "f.yaml", named("c"))
    (forms / "~$c.xlsx").touch()
    code, told = onboarded("--batch", forms, capsys=capsys)
    assert code == 2
    results = {each["form"].removeprefix(f"{forms}/").removeprefix("forms/"): each["result"] for each in told["forms"]}
    assert results == {
        "a.yaml": "written",
        "b.yaml": "refused",
        "c.yaml": "written",
        "d.yaml": "refused",
        "e.yaml": "refused",
        "f.yaml": "unchanged",
    }
    networks = [tenant(project, name)["network"]["cidr"] for name in "ac"]
    assert networks == ["10.64.0.0/24", "10.64.2.0/24"]
    assert main(["onboard", "--batch", "forms", "--lang", "ja"]) == 2
    assert "登録 0 件、登録済み 3 件、未登録 3 件" in capsys.readouterr().out


def test_a_utility_and_its_vendor_come_in_one_folder(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = {"from": "app-1", "to": "a-utility/app-1", "ports": ["tcp/443"], "reason": "reports"}
    vendor = {"kind": "vendor", "vendor": GONE, "lines": GONE, "gateways": GONE}
    form(project / "forms/a.yaml", named("a-utility", vendor="b-vendor", allowances={}))
    form(project / "forms/b.yaml", named("b-vendor", **vendor, allowances={}))
    code, told = onboarded("--batch", "forms", capsys=capsys)
    assert (code, [each["tenant"] for each in told["forms"]]) == (0, ["b-vendor", "a-utility"])
    for name in ("a-utility", "b-vendor"):
        (project / f"stacks/tenants/{name}.yaml").unlink()
    form(project / "forms/b.yaml", named("b-vendor", **vendor, allowances={"reports": reports}))
    code, told = onboarded("--batch", "forms", capsys=capsys)
    assert (code, [each["tenant"] for each in told["forms"]]) == (0, ["a-utility", "b-vendor"])
    assert main(["check"]) == 0


def test_of_a_ring_with_a_bad_form_none_comes_in(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = {"from": "app-1", "to": "a-utility/app-1", "ports": ["tcp/443"], "reason": "reports"}
    vendor = {"kind": "vendor", "vendor": GONE, "lines": GONE, "gateways": GONE, "vms.app-1.cpu": 3}
    form(project / "forms/a.yaml", named("a-utility", vendor="b-vendor", allowances={}))
    form(project / "forms/b.yaml", named("b-vendor", **vendor, allowances={"reports": reports}))
    code, told = onboarded("--batch", "forms", capsys=capsys)
    assert code == 1
    assert [found(each) for each in told["forms"]] == [
        {("form-group", "a-utility")},
        {("cpu-menu", "b-vendor.vms.app-1.cpu")},
    ]
    assert not {"a-utility.yaml", "b-vendor.yaml"} & {path.name for path in (project / "stacks/tenants").iterdir()}


# workbooks


def test_from_the_empty_workbook_to_a_tenant(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form(project / "hill.yaml")
    assert main(["onboard", "--template", "empty.xlsx"]) == 0
    assert capsys.readouterr().out.startswith("empty.xlsx: the application form")
    assert main(["onboard", "--template", "filled.xlsx", "hill.yaml"]) == 0
    capsys.readouterr()
    code, told = onboarded("filled.xlsx", capsys=capsys)
    assert (code, told["addresses"]) == (0, {"app-1": "10.64.0.11", "app-2": "10.64.0.12"})
    assert onboarded("hill.yaml", capsys=capsys)[1]["unchanged"]
    code, told = onboarded("empty.xlsx", capsys=capsys)
    assert code == 1 and all("!" in each["cell"] for each in told["findings"])


def test_a_workbook_is_never_written_over_a_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "form.xlsx").write_text("hours of work")
    assert main(["onboard", "--template", "form.xlsx"]) == 1
    assert (project / "form.xlsx").read_text() == "hours of work"
    assert main(["onboard", "--template", "form.txt"]) == 2
    form(project / "hill.yaml", {"quota.cpu": "many"})
    assert main(["onboard", "--template", "new.xlsx", "hill.yaml"]) == 1
    assert "hill.yaml:" in capsys.readouterr().err
    assert not (project / "new.xlsx").exists()


def test_findings_in_a_workbook_are_at_its_cells(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form(project / "hill.yaml", {"vms.app-1.disks.system.size_gb": 200, "quota.storage_gb": 300})
    assert main(["onboard", "--template", "filled.xlsx", "hill.yaml"]) == 0
    capsys.readouterr()
    code, told = onboarded("filled.xlsx", capsys=capsys)
    (finding,) = told["findings"]
    assert (code, finding["rule"], finding["file"]) == (1, "disk-size-menu", "filled.xlsx")
    assert finding["cell"].startswith("ディスク!")


# several at once, and runs that are cut off


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([WPF, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def test_eight_at_once_take_eight_networks(project: Path) -> None:
    names = [f"t{number}" for number in range(8)]
    for name in names:
        form(project / f"forms/{name}.yaml", named(name, cluster="c1" if int(name[1]) % 2 else "c2"))
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda name: run("onboard", f"forms/{name}.yaml", "--json", cwd=project), names))
    assert [each.returncode for each in done] == [0] * 8, [each.stdout for each in done]
    loaded = load(project)
    assert loaded.sound and loaded.catalogue is not None
    networks = [network.cidr for _, network in loaded.catalogue.networks()]
    lines = [line.cidr for each in loaded.catalogue.tenants.values() for line in each.lines.values()]
    every = [*networks, *lines]
    assert len({each.first for each in every}) == len(every) == 11 + 8 + 2
    assert len({network.vlan for _, network in loaded.catalogue.networks()}) == 11


def test_whoever_comes_second_waits_and_says_for_whom(project: Path) -> None:
    form(project / "hill.yaml")
    (project / ".wpf").mkdir()
    with (project / ".wpf/onboarding.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        lock.write("4711")
        lock.flush()
        waiting = subprocess.Popen(
            [WPF, "onboard", "hill.yaml"], cwd=project, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with closing(waiting.stderr) as said:  # type: ignore[type-var]
            assert said is not None
            assert "4711" in said.readline()
            assert not (project / "stacks/tenants/hill.yaml").exists()
            flock(lock, 8)
            assert waiting.wait(60) == 0
        assert waiting.stdout is not None
        waiting.stdout.close()
    assert (project / "stacks/tenants/hill.yaml").exists()


CUT_OFF = """
import os, signal, sys
left, how = int(sys.argv[1]), sys.argv[2]
from wpf_infra.cli import main

def watch(event, arguments):
    global left
    where = str(arguments[0]) if arguments else ""
    if event in ("open", "os.link", "os.remove", "os.mkdir", "os.rename") and ".onboarding-" in where:
        left -= 1
        if left == 0:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(28, "No space left on device", where)

sys.addaudithook(watch)
sys.exit(main(["onboard", "forms/lake.yaml"]))
"""


def cut_off(project: Path, how: str) -> Iterator[int]:
    """The verb ended at the first thing it asks of the system about its files, then at the second, …"""
    at = 1
    code = -1
    while code != 0:
        done = subprocess.run(
            [sys.executable, "-c", CUT_OFF, str(at), how], cwd=project, capture_output=True, check=False, timeout=60
        )
        code = done.returncode
        yield code
        at += 1


def test_a_run_that_is_killed_leaves_no_tenant_or_a_whole_one(
    project: Path, anchored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(project)
    first = project / "stacks/tenants/lake.yaml"
    codes = []
    for code in cut_off(project, "kill"):
        codes.append(code)
        assert first.exists() == (code == 0 or len(codes) >= 7), codes
        assert main(["check"]) == 0
        capsys.readouterr()
        if first.exists():
            assert onboarded(anchored, capsys=capsys)[1]["unchanged"]
        for name in set(files(project)) - set(before):
            (project / name).unlink()
    assert codes[:6] == [-signal.SIGKILL] * 6
    assert onboarded(anchored, capsys=capsys)[0] == 0
    assert set(files(project)) - set(before) == {
        f"stacks/tenants/{PEM}",
        "Pulumi.lake.yaml",
        "stacks/tenants/lake.yaml",
    }


def test_a_full_disk_leaves_nothing(project: Path, anchored: Path) -> None:
    before = files(project)
    codes = []
    for code in cut_off(project, "full"):
        codes.append(code)
        if code:
            assert (code, files(project)) == (3, before)
    assert len(codes) > 6


def test_a_folder_that_may_not_be_written_is_told(project: Path) -> None:
    form(project / "hill.yaml")
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    (project / "stacks/tenants").chmod(0o500)
    try:
        done = run("onboard", "hill.yaml", cwd=project)
    finally:
        (project / "stacks/tenants").chmod(0o700)
    assert done.returncode == 3 and "nothing was written" in done.stderr
