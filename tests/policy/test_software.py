"""Software: what a vendor may bring, and on which terms (FAQ 19, 23)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import NOW, catalogue
from wpf_infra.model.finding import Severity
from wpf_infra.model.menu import Menu, OwnKind, Product
from wpf_infra.policy import judge
from wpf_infra.policy.software import RULES
from wpf_infra.policy.software_name import SoftwareNames

U = "minami-suido"
STRANGERS = {"veeam": "backup", "symantec": "antivirus", "trend-micro": "antivirus"}
CONFIRMED = "2026-11-02"


def rules(name: str, licence: str, **terms: Any) -> list[str]:
    changes = {
        "platform.menu.foreign_software": STRANGERS,
        f"{U}.vms.app-1.software": {name: {"licence": licence, **terms}},
    }
    findings = judge(catalogue(changes), NOW)
    assert all(finding.path.startswith(f"{U}.vms.app-1.software.{name}") for finding in findings)
    assert {finding.row for finding in findings} <= {19, 23}
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("oracle-database", {"licence": "platform"}),
        ("sqlserver-standard", {"licence": "platform"}),
        ("sqlserver-standard", {"licence": "vendor", "software_assurance": True}),
        ("sqlserver-enterprise", {"licence": "vendor", "software_assurance": True, "confirmed": CONFIRMED}),
        ("postgresql-16", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("oraclevm-viewer", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("backups-report", {"licence": "vendor", "confirmed": CONFIRMED}),
    ],
)
def test_what_is_let_be(name: str, terms: dict[str, Any]) -> None:
    """FAQ-23"""
    assert rules(name, **terms) == []


@pytest.mark.parametrize(
    ("name", "terms", "found"),
    [
        ("oracle-database", {"licence": "vendor"}, ["software-never-brought"]),
        ("oracle-database", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-never-brought"]),
        ("oracle-database-19c", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-never-brought"]),
        ("oracle19c", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-never-brought"]),
        ("oracle", {"licence": "vendor", "software_assurance": True}, ["software-never-brought"]),
        ("oracle-database-19c", {"licence": "platform"}, ["software-menu"]),
        ("sqlserver-standard", {"licence": "vendor"}, ["software-assurance"]),
        ("sqlserver-standard", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-assurance"]),
        ("sqlserver-enterprise", {"licence": "platform"}, ["software-menu"]),
        ("sqlserver-enterprise", {"licence": "vendor"}, ["software-assurance", "software-confirmed"]),
        ("sqlserver-enterprise", {"licence": "vendor", "software_assurance": True}, ["software-confirmed"]),
        ("sql-server-2022-web", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-assurance"]),
        ("postgresql", {"licence": "vendor"}, ["software-confirmed"]),
        ("postgresql", {"licence": "platform"}, ["software-menu"]),
        ("sqlserver-standard", {"licence": "platform", "software_assurance": True}, ["software-assurance-void"]),
        (
            "postgresql",
            {"licence": "vendor", "software_assurance": True, "confirmed": CONFIRMED},
            ["software-assurance-void"],
        ),
        ("veeam-agent", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-own"]),
        ("sql-backup-tool", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-own"]),
        ("veeam", {"licence": "platform"}, ["software-own"]),
        ("symantec-endpoint", {"licence": "vendor"}, ["software-antivirus", "software-own"]),
        ("trendmicro-apex-one", {"licence": "vendor"}, ["software-antivirus", "software-own"]),
        ("trend-micro14", {"licence": "vendor"}, ["software-antivirus", "software-own"]),
        ("some-anti-virus", {"licence": "vendor"}, ["software-antivirus", "software-own"]),
    ],
)
def test_what_is_said(name: str, terms: dict[str, Any], found: list[str]) -> None:
    """FAQ-19, FAQ-23"""
    assert rules(name, **terms) == found


def test_only_a_void_assurance_is_no_error() -> None:
    assert [rule.id for rule in RULES if rule.severity is not Severity.ERROR] == ["software-assurance-void"]


def test_the_menus_names_are_near() -> None:
    changes = {f"{U}.vms.app-1.software": {"sqlserver-standart": {"licence": "platform"}}}
    (finding,) = judge(catalogue(changes), NOW)
    assert finding.remedy.en == "did you mean `sqlserver-standard`?"


def test_the_remedy_names_what_the_platform_has_of_the_family() -> None:
    (finding,) = judge(catalogue({f"{U}.vms.app-1.software": {"oracle-19c": {"licence": "vendor"}}}), NOW)
    assert finding.remedy.en == "order `oracle-database` with `licence: platform`"


def test_the_platforms_own_servers_carry_what_it_offers() -> None:
    changes = {"platform.vms.ntp-1.software": {"veeam-server": {"licence": "platform"}}}
    assert judge(catalogue(changes), NOW) == ()


def test_what_the_menu_offers_is_no_strangers() -> None:
    names = SoftwareNames(
        Menu(
            disk_gb={100}, cpu={1}, memory_gib={2}, os={"rhel-9"},
            software={"wpf-backup": Product()}, foreign_software={"veeam": OwnKind.BACKUP},
        )
    )  # fmt: skip
    assert names.own_kind("wpf-backup") is None
    assert names.own_kind("wpf-backup-2") is OwnKind.BACKUP
