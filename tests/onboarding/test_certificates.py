"""Certificates come along with a form, to where they belong and over nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.onboarding.forms import PEM, form, found, onboarded
from wpf_infra.loading.yaml12 import decode

ROOT = Path(__file__).parents[2]


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
