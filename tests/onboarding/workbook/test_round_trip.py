"""What is written into the form is read back from it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.onboarding.workbook.books import PLATFORM, TENANTS, reading, sample, written
from tests.samples import WORLD
from tests.tenant_strategies import tenants
from wpf_infra.errors import WpfError
from wpf_infra.model import Tenant
from wpf_infra.onboarding.workbook import write_workbook

OPERATIONAL = {"retire", "consent", "power", "power_reason", "listens"}


def application(data: Any, dropped: frozenset[str]) -> Any:
    """A tenant's data as a first application holds it: nothing empty, text as people read it."""
    if isinstance(data, dict):
        made = {key: application(value, dropped) for key, value in data.items() if key not in OPERATIONAL | dropped}
        return {key: value for key, value in made.items() if value not in ({}, [])}
    if isinstance(data, list):
        return [application(value, dropped) for value in data]
    return data.strip() if isinstance(data, str) else data


def form_of(tenant: Tenant, dropped: frozenset[str]) -> dict[str, Any]:
    form: dict[str, Any] = application(tenant.data(), dropped)
    for allowance in form.get("allowances", {}).values():
        allowance.pop("agreed", None)  # what was seen of it since
    return form


dropped = st.frozensets(st.sampled_from(["network", "address"]))
forms = st.builds(form_of, tenants, dropped)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms)
def test_a_form_comes_back_as_it_was(form: dict[str, Any]) -> None:
    read = reading(written(form))
    assert read.findings == ()
    assert read.data == form


anything = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=60)
texts = anything.map(str.strip).filter(bool)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(texts, min_size=5, max_size=20))
def test_a_sentence_survives_whatever_it_looks_like(reasons: list[str]) -> None:
    form = sample()
    form["allowances"] = {
        f"a-{number}": {"from": "app-1", "to": "x/y", "ports": ["icmp"], "reason": reason}
        for number, reason in enumerate(reasons)
    }
    read = reading(written(form)).data["allowances"]
    assert [allowance["reason"] for allowance in read.values()] == reasons


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+81",
        "-",
        "@SUM(A1)",
        "on",
        "1e3",
        "'quoted",
        "🚰 水",
        "#N/A",
        "TRUE",
        "2026-05-11",
        "0012",
        "_x0041_",
        "a_x000D_b",
    ],
)
def test_what_a_spreadsheet_would_take_for_something_else_stays_text(text: str) -> None:
    form = sample()
    form["name"]["ja"] = text
    assert reading(written(form)).data["name"]["ja"] == text


def test_the_sample_uses_every_sheet_and_is_a_tenant() -> None:
    read = reading(written())
    assert read.findings == ()
    assert read.data == sample()
    Tenant.model_validate(read.data)


def test_every_value_has_its_cell() -> None:
    places = reading(written()).places
    assert str(places["vms.app-1.cpu"]) == "サーバ!C6"
    assert str(places["vms.app-1.from_image"]) == "サーバ!J6", "an empty cell too"
    assert str(places["vms.app-1.disks.system.size_gb"]) == "ディスク!C6"
    assert str(places["vms.app-1.monitoring.disk.above"]) == "監視ヒアリングシート!H7"
    assert str(places["lines.north.visits.site_survey"]) == "回線!J6"
    assert str(places["lines.north.agreed"]) == "回線!M6"
    assert str(places["options.1"]).startswith("テナント!C")
    assert str(places["network.vlan"]).startswith("テナント!C")
    assert str(places[""]) == "テナント!C6"


def test_the_nearest_cell_stands_for_what_has_none() -> None:
    read = reading(written())
    assert str(read.nearest("vms.app-1.disks.system.retire.ordered")) == "form.xlsx:ディスク!B6"
    assert str(read.nearest("allowances.telemetry.ports.1")) == "form.xlsx:通信許可!D7"
    assert str(read.nearest("nothing.like.it")) == "form.xlsx:テナント!C6"


def test_the_empty_form_says_nothing_but_its_version() -> None:
    read = reading(write_workbook(PLATFORM, TENANTS))
    assert read.data == {"version": 1}
    assert read.findings == ()
    assert str(read.places["kind"]) == "テナント!C7"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("vms.app-1.power", "on"),
        ("vms.app-1.retire", {"ordered": "2026-10-20", "ends": "2026-11-30"}),
        ("vms.app-1.consent.by", "x"),
        ("vms.app-1.cpu", "four"),
        ("vms.app-1.disks", "none"),
        ("lines.north.monitoring", True),
        ("options", ["sms"]),
        ("name.ja", 5),
        ("name.fr", "x"),
        ("name.ja", "a\x01b"),
        ("users.sato.name.kanji", "\ufffe"),
        ("users.sato.email", "\ud800"),
        ("allowances.telemetry.ports", ["tcp/1 tcp/2"]),
        ("allowances.telemetry.ports", [None]),
        ("version", 2),
        ("extra", False),
    ],
)
def test_what_has_no_cell_is_refused_with_its_path(path: str, value: Any) -> None:
    form = sample()
    *around, last = path.split(".")
    place = form
    for step in around:
        place = place.setdefault(step, {})
    place[last] = value
    with pytest.raises(WpfError) as refused:
        written(form)
    assert refused.value.where is not None
    assert refused.value.where.startswith(path)


def test_the_same_form_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib; from tests.onboarding.workbook.books import written; "
        "print(hashlib.sha256(written()).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert hashes == {hashlib.sha256(written()).hexdigest()}


def test_the_vendor_of_the_small_world_can_apply_too() -> None:
    assert reading(written(WORLD["kawa-systems"])).data == WORLD["kawa-systems"]
