"""Every reader of the library, given what no person would write: a value, findings or WpfError, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.wrong_input import fuzzed, in_time, unchanged, wrong_bytes
from tests.onboarding.workbook.fuzz_target import read_spoiled, spoiled_workbooks
from wpf_infra.backend.select import location, open_backend, simulator_path
from wpf_infra.calendar import instant
from wpf_infra.errors import WpfError
from wpf_infra.language import Language
from wpf_infra.loading.project import read_project
from wpf_infra.loading.rule_examples import read_examples
from wpf_infra.loading.tenant_file import read_tenant
from wpf_infra.loading.yaml12 import decode
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.finding import Finding
from wpf_infra.onboarding.form_file import read_form
from wpf_infra.policy import judge

ROOT = Path(__file__).parents[2]
TENANTS = tuple(path.read_bytes() for path in sorted((ROOT / "stacks" / "tenants").glob("*.yaml")))
FORMS = tuple(path.read_bytes() for path in sorted((ROOT / "docs" / "examples").glob("*.yaml")))
PEM = (ROOT / "stacks" / "tenants" / "trust" / "scada-app.pem").read_bytes()
PROJECT = (ROOT / "Pulumi.yaml").read_bytes()
BACKENDS = b"""name: wpf
runtime: python
config:
  wpf:now: {value: "2026-11-24T10:00:00+09:00"}
  wpf:backend: vsphere
  wpf:simulator: {value: {path: x.db}}
  wpf:vsphere: {value: {host: h, user: u, datacenter: d, ca_file: f, insecure: true}}
"""
WORLD = read_examples().staged({})


def sayable(error: WpfError) -> None:
    for language in Language:
        said = error.sentence(language)
        assert not any(category(sign) in ("Cc", "Cs") for sign in said), ascii(said)


def judged(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        for language in Language:
            said = finding.located(language)
            assert not any(category(sign).startswith("C") for sign in said), ascii(said)


@fuzzed(300)
@given(wrong_bytes(*TENANTS))
def test_yaml(content: bytes) -> None:
    with in_time():
        try:
            document = decode(content, "f.yaml")
        except WpfError as error:
            sayable(error)
        else:
            assert "" in document.places


@fuzzed(250)
@given(wrong_bytes(*TENANTS))
def test_a_tenants_file_is_read_and_judged(tmp_path: Path, content: bytes) -> None:
    assert WORLD.catalogue is not None
    path = tmp_path / "aqua-systems.yaml"
    path.write_bytes(content)
    with in_time(), unchanged(tmp_path):
        try:
            found = read_tenant(path, path.name, tmp_path, stem_is_id=True)
        except WpfError as error:
            sayable(error)
            return
        judged(found.findings)
        assert found.tenant is not None or found.findings
        if found.tenant is not None:
            tenants = {**WORLD.catalogue.tenants, found.tenant.tenant: found.tenant}
            judged(judge(replace(WORLD.catalogue, tenants=tenants, unjudged=found.left_out), WORLD.now))


@fuzzed(60)
@given(wrong_bytes(*FORMS), st.sampled_from((".yaml", ".yml", ".xlsx", ".xls", ".ods", ".csv", "")))
def test_a_form_is_read(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"form{suffix}"
    path.write_bytes(content)
    with in_time(), unchanged(tmp_path):
        try:
            form = read_form(path, tmp_path)
        except WpfError as error:
            sayable(error)
        else:
            judged(form.findings)
            assert form.owner
    path.unlink()


@fuzzed(40)
@given(spoiled_workbooks)
def test_a_workbook(content: bytes) -> None:
    with in_time():
        read_spoiled(content)


@fuzzed(100)
@given(wrong_bytes(PROJECT, BACKENDS))
def test_the_projects_file_and_what_it_configures(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "Pulumi.yaml").write_bytes(content)
    with in_time(), unchanged(tmp_path):
        try:
            project = read_project(tmp_path)
            assert project.now().tzinfo is not None
            open_backend(project.settings, tmp_path).close()
            location(project.settings)
        except WpfError as error:
            sayable(error)


odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(("vsphere", "{}", "[")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("path"), inner, max_size=3)
    ),
    max_leaves=6,
)


@fuzzed(150)
@given(st.dictionaries(st.sampled_from(("backend", "simulator", "vsphere", "registry", "zabbix", "now")), odd))
def test_a_stacks_configuration(tmp_path: Path, config: dict[str, object]) -> None:
    """As the engine hands it to a provider, or a stack's file has it."""
    with in_time(), unchanged(tmp_path):
        for read in (location, simulator_path):
            try:
                assert read(config)
            except WpfError as error:
                sayable(error)


INSTANTS = (b"2026-11-24T10:00:00+09:00", b"2026-11-24", b"20261124T100000Z", b"2026-W48-2")


@fuzzed(200)
@given(st.text(max_size=40) | wrong_bytes(*INSTANTS).map(lambda each: each.decode(errors="surrogateescape")))
def test_an_instant(text: str) -> None:
    with in_time():
        try:
            assert instant(text, "--now").tzinfo is not None
        except WpfError as error:
            assert error.sentence(Language.JAPANESE)


@fuzzed(80)
@given(wrong_bytes(PEM, PEM + PEM))
def test_a_trust_anchors_file(content: bytes) -> None:
    """FAQ-3"""
    assert WORLD.catalogue is not None
    anchors = {"aqua-systems.trust.scada-app": AnchorFile("trust/scada-app.pem", content)}
    with in_time():
        findings = judge(replace(WORLD.catalogue, anchors=anchors), WORLD.now)
    judged(findings)
    assert {finding.path.partition(".trust.")[0] for finding in findings} <= {"aqua-systems"}
