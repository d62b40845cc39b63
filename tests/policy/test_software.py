"""Software: what a vendor may bring, and on which terms (FAQ 19, 23)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.samples import NOW, catalogue
from wpf_infra.loading.python_file import run
from wpf_infra.model.finding import Severity
from wpf_infra.model.menu import Brought, Menu, OwnKind, Product
from wpf_infra.model.platform import Platform
from wpf_infra.policy import judge
from wpf_infra.policy.software import RULES
from wpf_infra.policy.software_name import Reading, SoftwareNames

U = "minami-suido"
STRANGERS = {"veeam": "backup", "commvault": "backup", "symantec": "antivirus", "trend-micro": "antivirus",
             "virus-buster": "antivirus", "f-secure": "antivirus"}  # fmt: skip
COMPANIONS = ["client", "driver", "java", "linux", "management-studio", "report"]
CONFIRMED = "2026-11-02"


def rules(name: str, licence: str, **terms: Any) -> list[str]:
    changes = {
        "platform.menu.foreign_software": STRANGERS,
        "platform.menu.companions": COMPANIONS,
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
        ("oracle-java", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("oracle-linux-8", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("oracle-instant-client", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("sqlserver-odbc-driver", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("sql-server-management-studio", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("sql-backup-report", {"licence": "vendor", "confirmed": CONFIRMED}),
        ("sqlserver-big-data", {"licence": "vendor", "software_assurance": True, "confirmed": CONFIRMED}),
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
        ("mssql-2022", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-assurance"]),
        ("mssql", {"licence": "vendor", "software_assurance": True}, ["software-confirmed"]),
        ("ms-sql-server-2019-standard-x64", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-assurance"]),
        ("db-oracle", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-never-brought"]),
        ("oracle-weblogic", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-unclear"]),
        ("oracle-weblogic", {"licence": "vendor"}, ["software-confirmed", "software-unclear"]),
        ("oracle-weblogic", {"licence": "platform"}, ["software-menu"]),
        ("sqlserver-big-data", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-unclear"]),
        ("backup-calendar", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-unclear"]),
        ("veeam-report", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-own"]),
        ("commvault", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-own"]),
        ("backup-client-2022", {"licence": "vendor", "confirmed": CONFIRMED}, ["software-own"]),
        ("fsecure", {"licence": "vendor"}, ["software-antivirus", "software-own"]),
        ("virusbuster-corporate", {"licence": "vendor"}, ["software-antivirus", "software-own"]),
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


def test_what_is_void_or_unclear_is_no_error() -> None:
    assert [rule.id for rule in RULES if rule.severity is not Severity.ERROR] == [
        "software-assurance-void",
        "software-unclear",
    ]


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
    assert names.read("wpf-backup").own_kind is None
    assert names.read("wpf-backup-2").own_kind is OwnKind.BACKUP


@pytest.mark.parametrize(
    ("name", "asks", "way_out"),
    [
        ("oracle-weblogic", "an edition of `oracle-database`?", "hold to the terms of `oracle-database`"),
        ("backup-calendar", "backup software?", "use the platform's"),
    ],
)
def test_what_a_name_leaves_open_is_asked(name: str, asks: str, way_out: str) -> None:
    """FAQ-23"""
    changes = {f"{U}.vms.app-1.software": {name: {"licence": "vendor", "confirmed": CONFIRMED}}}
    (finding,) = judge(catalogue(changes), NOW)
    assert asks in finding.summary.en
    assert way_out in finding.remedy.en
    assert "`companions`" in finding.remedy.en


OURS = Path(__file__).parents[2] / "stacks"


@pytest.fixture(scope="module")
def names() -> SoftwareNames:
    ran = run(OURS / "platform.py", "platform.py", "platform", Platform, OURS)
    assert ran.value is not None
    return SoftwareNames(ran.value.menu)


@pytest.mark.parametrize(
    "name",
    (
        "virus-buster",
        "virusbuster-corporate",
        "trendmicro",
        "trend-micro-apex-one",
        "windows-defender",
        "sophos",
        "cybereason",
        "eset",
        "crowdstrike-falcon",
        "norton",
        "norton-360",
        "f-secure",
        "carbon-black",
        "sentinelone",
        "acme-anti-virus",
    ),
)
def test_our_platform_knows_foreign_antivirus(names: SoftwareNames, name: str) -> None:
    """FAQ-19"""
    assert names.read(name) == Reading(own_kind=OwnKind.ANTIVIRUS)


@pytest.mark.parametrize(
    "name", ("commvault", "backup-exec", "rubrik", "cohesity", "veeam-agent", "netbackup-10", "windows-server-backup")
)
def test_our_platform_knows_foreign_backup(names: SoftwareNames, name: str) -> None:
    """FAQ-23"""
    assert names.read(name) == Reading(own_kind=OwnKind.BACKUP)


@pytest.mark.parametrize(
    ("name", "brought"),
    [
        *((name, Brought.SOFTWARE_ASSURANCE) for name in ("mssql", "ms-sqlserver", "microsoft-sql-server-2022")),
        *((name, Brought.NEVER) for name in ("oracle19c", "db-oracle", "oracle-database-enterprise-edition-21c")),
    ],
)
def test_our_platform_knows_its_products_by_their_names(names: SoftwareNames, name: str, brought: Brought) -> None:
    """FAQ-23"""
    read = names.read(name)
    assert read.product is not None
    assert (read.product.brought, read.unclear) == (brought, False)


@pytest.mark.parametrize(
    "name",
    (
        "oracle-java",
        "oracle-linux",
        "oracle-instant-client",
        "sqlserver-odbc-driver",
        "sqlserver-management-studio",
        "sql-backup-report",
        "postgresql-16",
        "mysql",
        "odbc-driver-17-for-sql-server",
    ),
)
def test_our_platform_lets_be_what_is_no_server(names: SoftwareNames, name: str) -> None:
    """FAQ-23"""
    assert names.read(name) == Reading()
