"""Monitoring: the agent on gateways, logs, nothing twice, and who hears of it (FAQ 4, 17, 18)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import NOW, catalogue
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.policy import judge
from wpf_infra.policy.pattern import broken

U = "minami-suido"
SERVER, GATEWAY = f"{U}.vms.app-1", f"{U}.gateways.north-gw"
PING = {"kind": "ping", "severity": "minor"}
BY_AGENT: dict[str, dict[str, Any]] = {
    "process": {"kind": "process", "severity": "minor", "process": "mqtt"},
    "resource": {"kind": "resource", "severity": "minor", "metric": "cpu-used-percent", "above": 90},
    "log": {"kind": "log", "severity": "minor", "file": "/var/log/app.log", "match": "FATAL"},
}


def judged(changes: dict[str, Any]) -> tuple[Finding, ...]:
    findings = judge(catalogue(changes), NOW)
    assert all(finding.rule.startswith("monitoring") for finding in findings)
    return findings


@pytest.mark.parametrize("kind", BY_AGENT)
@pytest.mark.parametrize(
    ("agent", "found"),
    [
        (True, []),
        (False, [("monitoring-agent", Severity.ERROR)]),
        (None, [("monitoring-agent-confirmed", Severity.WARNING)]),
    ],
)
def test_all_but_ping_needs_the_agent_on_a_gateway(
    kind: str, agent: bool | None, found: list[tuple[str, Severity]]
) -> None:
    """FAQ-18"""
    findings = judged({f"{GATEWAY}.agent": agent, f"{GATEWAY}.monitoring": {"alive": PING, "it": BY_AGENT[kind]}})
    assert [(finding.rule, finding.severity) for finding in findings] == found
    assert {(finding.row, finding.path) for finding in findings} <= {(18, f"{GATEWAY}.monitoring.it")}


def test_a_servers_agent_is_the_platforms() -> None:
    """FAQ-18"""
    assert judged({f"{SERVER}.monitoring": BY_AGENT}) == ()


@pytest.mark.parametrize(
    ("os", "file", "sound"),
    [
        ("rhel-9", "/var/log/app.log", True),
        ("rhel-9", "var/log/app.log", False),
        ("rhel-9", r"C:\app\error.log", False),
        ("windows-server-2022", r"C:\app\error.log", True),
        ("windows-server-2022", "d:/app/error.log", True),
        ("windows-server-2022", r"\\files\logs\error.log", True),
        ("windows-server-2022", "/var/log/app.log", False),
        ("windows-server-2022", r"C:error.log", False),
        ("windows-server-2022", r"app\error.log", False),
    ],
)
def test_a_log_is_an_absolute_path_of_the_servers_os(os: str, file: str, sound: bool) -> None:
    findings = judged({f"{SERVER}.os": os, f"{SERVER}.monitoring": {"fatal": {**BY_AGENT["log"], "file": file}}})
    assert [(finding.rule, finding.severity, finding.path) for finding in findings] == (
        [] if sound else [("monitoring-log-file", Severity.WARNING, f"{SERVER}.monitoring.fatal.file")]
    )


@pytest.mark.parametrize("place", [SERVER, GATEWAY])
def test_a_log_is_searched_for_a_regular_expression(place: str) -> None:
    """FAQ-17"""
    log = {**BY_AGENT["log"], "match": "FATAL (code"}
    agent = {f"{GATEWAY}.agent": True}
    (finding,) = judged({**agent, f"{place}.monitoring": {"fatal": log}})
    assert (finding.rule, finding.row, finding.severity) == ("monitoring-log-match", 17, Severity.ERROR)
    assert finding.path == f"{place}.monitoring.fatal.match"


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[", "[]", "*a", "+", "a**", "a{3,1}", "a{99999999999}", "[z-a]", "\\", "(" * 400, "a(?:b"],
)
def test_what_no_dialect_reads_is_broken(pattern: str) -> None:
    assert broken(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "FATAL", "警報", "a|b", r"\d{4}", "a{2}{3}", "a++", "(?>a)", r"\p{Han}", "(?|a|b)", r"\Q(\E", r"[\w-z]",
        "[[:alpha:]]", "a(?i)b", r"(?<n>a)\k<n>", r"\K", "{", "]",
    ],
)  # fmt: skip
def test_what_pcre_reads_is_let_be(pattern: str) -> None:
    """Zabbix's dialect is wider than Python's."""
    assert broken(pattern) is None


def test_nothing_is_monitored_twice() -> None:
    cpu = BY_AGENT["resource"]
    twice = {
        "a": PING, "b": {**PING, "severity": "major"},
        "c": cpu, "d": {**cpu, "severity": "major"},
        "e": {**cpu, "above": 98}, "f": {**cpu, "metric": "disk-used-percent"},
        "g": BY_AGENT["log"], "h": {**BY_AGENT["log"], "match": "ERROR"}, "i": {**BY_AGENT["log"]},
        "j": BY_AGENT["process"], "k": {**BY_AGENT["process"], "process": "nginx"},
    }  # fmt: skip
    findings = judged({f"{SERVER}.monitoring": twice})
    assert [(finding.rule, finding.path.rpartition(".")[2], finding.severity) for finding in findings] == [
        ("monitoring-once", name, Severity.WARNING) for name in ("b", "d", "i")
    ]
    assert "`g` watches the same" in findings[2].summary.en


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({f"{SERVER}.monitoring": {"a": PING}}, "(vms.app-1.monitoring.a)"),
        ({f"{GATEWAY}.monitoring": {"a": PING}}, "(gateways.north-gw.monitoring.a)"),
        ({f"{SERVER}.monitoring": {"alive": PING, **BY_AGENT}}, "monitoring.log, vms.app-1.monitoring.process, …)"),
    ],
)
def test_a_minor_fault_without_a_vendor_is_heard_by_nobody(changes: dict[str, Any], named: str) -> None:
    """FAQ-4: once for the tenant, however many there are."""
    (finding,) = judged({f"{U}.vendor": None, **changes})
    assert (finding.rule, finding.row, finding.severity) == ("monitoring-minor-heard", 4, Severity.WARNING)
    assert (finding.path, named in finding.summary.en) == (f"{U}.vendor", True)
    assert judged(changes) == ()


def test_other_severities_and_a_vendors_own_monitoring_need_no_vendor() -> None:
    """FAQ-4"""
    heard = {
        "a": {**PING, "severity": "major"},
        "b": {**PING, "kind": "process", "process": "x", "severity": "warning"},
    }
    assert judged({f"{U}.vendor": None, f"{SERVER}.monitoring": heard}) == ()
    theirs = {"kawa-systems.options": ["monitoring", "snapshot"], "kawa-systems.vms.collector.monitoring": {"a": PING}}
    assert judged(theirs) == ()
