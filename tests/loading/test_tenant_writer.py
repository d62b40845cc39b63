"""A tenant's file as we write it: as a person would, read back as the same, and the same bytes again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from tests.samples import WORLD
from tests.tenant_strategies import tenants
from wpf_infra.loading.tenant_file import read_tenant
from wpf_infra.loading.tenant_writer import tenant_text
from wpf_infra.loading.yaml12 import decode
from wpf_infra.model import Tenant

ROOT = Path(__file__).parents[2]
HILL: dict[str, Any] = {
    "tenant": "hill",
    "kind": "utility",
    "name": {"ja": "丘水道", "en": "Hill"},
    "cluster": "c1",
    "network": {"cidr": "10.64.1.0/24", "vlan": 101},
    "quota": {"cpu": 16, "memory_gib": 64, "storage_gb": 1000},
    "notify": "ops@hill.example.jp",
}


def written(**more: Any) -> str:
    return tenant_text(Tenant.model_validate({**HILL, **more}))


def server(**more: Any) -> dict[str, Any]:
    disks = {"system": {"size_gb": 100, "storage_class": "raid6"}}
    return {"os": "rhel-9", "cpu": 2, "memory_gib": 8, "address": "10.64.1.11", "disks": disks, **more}


@given(tenants)
@settings(max_examples=60)
def test_what_is_written_is_read_back_and_written_alike(tenant: Tenant) -> None:
    text = tenant_text(tenant)
    again = Tenant.model_validate(decode(text.encode(), "x.yaml").data)
    assert again == tenant
    assert tenant_text(again) == text


@given(tenants)
@settings(max_examples=30)
def test_a_reader_of_yaml_1_1_sees_the_same_words(tenant: Tenant) -> None:
    ours = decode(tenant_text(tenant).encode(), "x.yaml").data
    theirs = yaml.load(tenant_text(tenant), Loader=_DaysAsText)
    assert theirs == ours


class _DaysAsText(yaml.SafeLoader):
    """What YAML 1.1 takes for a date is one: nothing but the model's dates may look so."""


_DaysAsText.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def test_as_a_person_would_write_it() -> None:
    text = written(
        options=["smtp", "monitoring"],
        vms={"app-1": server(restart_priority="medium", antivirus=False, anti_affinity="app")},
        lines={"north": {"kind": "fixed", "ordered": "2026-01-05", "wanted": "2026-09-01", "cidr": "10.160.1.0/28"}},
    )
    assert text == (
        "version: 1\n"
        "tenant: hill\n"
        "kind: utility\n"
        "name: {ja: 丘水道, en: Hill}\n"
        "cluster: c1\n"
        "network: {cidr: 10.64.1.0/24, vlan: 101}\n"
        "quota: {cpu: 16, memory_gib: 64, storage_gb: 1000}\n"
        "notify: ops@hill.example.jp\n"
        "options: [monitoring, smtp]\n"
        "vms:\n"
        "  app-1:\n"
        "    os: rhel-9\n"
        "    cpu: 2\n"
        "    memory_gib: 8\n"
        "    address: 10.64.1.11\n"
        "    anti_affinity: app\n"
        "    disks:\n"
        "      system: {size_gb: 100, storage_class: raid6}\n"
        "lines:\n"
        "  north: {kind: fixed, ordered: 2026-01-05, wanted: 2026-09-01, cidr: 10.160.1.0/28}\n"
    )


def test_what_nests_or_is_long_gets_lines_of_its_own() -> None:
    agreed = {"by": "sato", "on": "2026-01-04", "reason": "urgent"}
    line = {"kind": "fixed", "ordered": "2026-01-05", "wanted": "2026-02-01", "cidr": "10.160.1.0/28", "agreed": agreed}
    rule = {"from": "app-1", "to": "b/app-2", "ports": ["icmp"], "reason": "水" * 70}
    text = written(lines={"north": line}, allowances={"long": rule})
    assert "  north:\n    kind: fixed\n" in text
    assert "    agreed: {by: sato, 'on': 2026-01-04, reason: urgent}\n" in text
    assert f"  long:\n    from: app-1\n    to: b/app-2\n    ports: [icmp]\n    reason: {'水' * 70}\n" in text


@pytest.mark.parametrize("word", ["on", "no", "y", "1e3", "1_0", "0o7", "12:30:45", "2026-11-24", "~", "true", "null"])
def test_words_that_are_no_text_to_somebody_are_quoted(word: str) -> None:
    rule = {"from": "a", "to": "b/c", "ports": ["icmp"], "reason": word}
    assert f"reason: '{word}'" in written(allowances={"x": rule})


def test_a_name_that_is_a_flag_to_somebody_is_quoted() -> None:
    assert "  'on':\n" in written(vms={"on": server()})


@pytest.mark.parametrize("name", ["higashi-suido", "aqua-systems"])
def test_the_samples_survive(name: str) -> None:
    found = read_tenant(ROOT / f"stacks/tenants/{name}.yaml", name, ROOT / "stacks", stem_is_id=True)
    assert found.tenant is not None
    text = tenant_text(found.tenant)
    assert Tenant.model_validate(decode(text.encode(), name).data) == found.tenant
    assert max(map(len, text.splitlines())) <= 160


def test_the_small_world_survives() -> None:
    for name in ("minami-suido", "kawa-systems"):
        tenant = Tenant.model_validate(WORLD[name])
        assert Tenant.model_validate(decode(tenant_text(tenant).encode(), name).data) == tenant
