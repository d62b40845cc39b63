"""A form becomes a tenant or is told why not, all at once, and nothing that is there is ever changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.onboarding.forms import SERVER, U, V, files, form, found, onboarded, tenant
from tests.samples import GONE, NOW, WORLD, lay
from tests.tenant_strategies import tenants
from wpf_infra.cli import main
from wpf_infra.loading.catalogue import load
from wpf_infra.model import Tenant
from wpf_infra.model.finding import Position
from wpf_infra.onboarding.enrolment import Result, enrol
from wpf_infra.onboarding.form_file import Form


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
    "changes", [{"network.cidr": "10.64.1.1/24"}, {"network.vlan": "x"}, {"lines.car.wanted": "soon"}]
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
    assert (code, found(told)) == (1, {("form-file", "hill")})
    (finding,) = onboarded(form(project / "lake.yaml", {"tenant": "lake"}), capsys=capsys)[1]["findings"]
    assert finding["path"] == "hill.network" and "move it out of stacks/tenants" in finding["remedy"]
    (project / "lake.yaml").unlink()
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
    "content", ["- a\n- b\n", "word\n", "tenant: [hill]\n", "tenant: platform\n", "tenant: Hill!\n"]
)
def test_what_is_no_tenant_at_all_is_refused(project: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    before = files(project)
    (project / "platform.yaml").write_text(content)
    code, told = onboarded("platform.yaml", capsys=capsys)
    assert code == 1 and found(told)
    assert files(project) == {**before, "platform.yaml": content.encode()}


def test_warnings_are_told_and_keep_nobody_out(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soon = {"lines.north": {"kind": "fixed", "ordered": "2026-08-01", "wanted": "2026-12-20"}}
    code, told = onboarded(form(project / "hill.yaml", soon), capsys=capsys)
    assert (code, told["result"]) == (0, "written")
    assert [(each["severity"], each["row"], each["file"]) for each in told["findings"]] == [
        ("warning", 26, "hill.yaml")
    ]


def test_a_consent_in_a_first_application_is_told_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    consent = {"vms.app-1.consent": {"by": "sato", "on": "2026-11-24"}}
    code, told = onboarded(form(project / "hill.yaml", consent), capsys=capsys)
    assert (code, [each["rule"] for each in told["findings"]]) == (1, ["form-consent"])


def test_a_monitoring_item_is_written_kind_first_and_severity_last(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = {"severity": "minor", "above": 90, "metric": "disk-used-percent", "kind": "resource"}
    changes = {"options": ["monitoring"], "vms.app-1.monitoring": {"disk": disk}}
    assert onboarded(form(project / "hill.yaml", changes), capsys=capsys)[0] == 0
    written = (project / "stacks/tenants/hill.yaml").read_text(encoding="utf-8")
    assert "disk: {kind: resource, metric: disk-used-percent, above: 90, severity: minor}" in written


JUNK = st.recursive(
    st.none() | st.integers() | st.text(max_size=6) | st.sampled_from(["utility", "10.64.1.0/24", "hill"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("abc-", max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(tenants, st.dictionaries(st.sampled_from(sorted(Tenant.model_fields)), JUNK, max_size=3), st.booleans())
@settings(max_examples=40)
def test_whatever_a_form_holds_it_is_done_or_told(tenant: Tenant, changes: dict[str, Any], keep: bool) -> None:
    with TemporaryDirectory() as folder:
        root = lay(Path(folder))
        data = {**tenant.data(), **changes}
        for part in () if keep else ("network", "lines"):
            data.pop(part, None)
        before = files(root)
        read = Form(root / "x.yaml", "x.yaml", data, lambda _: Position("x.yaml", 1, 1))
        (outcome,) = enrol(root, (read,), NOW, write=True, waiting=pytest.fail)
        if outcome.result is Result.WRITTEN:
            assert load(root).sound
        else:
            assert outcome.exit_code == 1 and outcome.findings
            assert files(root) == before
