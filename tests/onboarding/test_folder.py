"""A folder of forms: each for itself, in an order in which they find each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.onboarding.forms import form, found, named, onboarded, tenant
from tests.samples import GONE
from wpf_infra.cli import main


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
