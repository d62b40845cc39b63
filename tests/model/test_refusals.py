"""What the schema refuses carries its FAQ row, its path, and what to do, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.samples import GONE, world
from wpf_infra.language import Language
from wpf_infra.model import Platform, Tenant
from wpf_infra.model.finding import Finding
from wpf_infra.model.refusals import refusals
from wpf_infra.model.resource import VmResource
from wpf_infra.model.value import Value

U, V, P = "minami-suido", "kawa-systems", "platform"
APP = f"{U}.vms.app-1"
PING = {"kind": "ping", "severity": "major"}


def refused(model: type[Value], data: Any, prefix: str) -> tuple[Finding, ...]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return refusals(caught.value, model, prefix)


REFUSED: tuple[tuple[str, Any, int | None, str | None, str], ...] = (
    # changed path, value, row, path of the finding when it is another, words
    (f"{APP}.monitoring", {"a": {**PING, "severity": "critical"}}, 4, f"{APP}.monitoring.a.severity", "one of warning"),
    (f"{APP}.monitoring", {"a": {**PING, "severity": "mayor"}}, 4, f"{APP}.monitoring.a.severity", "mean `major`"),
    (f"{APP}.monitoring", {"a": {**PING, "kind": "http"}}, 17, f"{APP}.monitoring.a.kind", "`http` is not one of ping"),
    (f"{APP}.monitoring", {"a": {"severity": "major"}}, 17, f"{APP}.monitoring.a.kind", "`kind` is missing"),
    (f"{APP}.monitoring", {"a": {**PING, "process": "x"}}, 17, f"{APP}.monitoring.a.process", "not a key of this"),
    (f"{U}.notify", ["a@b.jp", "c@d.jp"], 5, None, "one text is wanted here, not a list"),
    (f"{U}.notify", "a@b.jp, c@d.jp", 5, None, "one mail address is wanted"),
    (f"{U}.notify", "Ops <a@b.jp>", 5, None, "without a name around it"),
    (f"{U}.users.sato.id", 7, 10, None, "the system issues a user's ID"),
    (f"{U}.users.sato.password", "secret", 8, None, "a password stands in no file"),
    (f"{U}.users.sato.role", "boss", 9, None, "one of admin, general"),
    (f"{U}.users.sato.otp", "yes", 9, None, "true or false is wanted here, not `yes`"),
    (f"{U}.users.sato.phone", 312345678, 9, None, "put it in quotes"),
    (f"{U}.users.sato.email", "sato", 6, None, "one mail address"),
    (f"{U}.lines.car.monitoring", {}, 28, None, "a mobile line is not monitored"),
    (f"{U}.lines.north.monitoring", {}, 28, None, "is monitored by ping anyway"),
    (f"{U}.lines.car.kind", "satellite", 26, None, "one of fixed, mobile"),
    (f"{U}.gateways.north-gw.antivirus", True, 19, None, "for servers only"),
    (f"{U}.options", ["sms"], 24, f"{U}.options.0", "`sms` is not one of monitoring"),
    (f"{U}.options", "smtp", None, None, "write it in brackets"),
    (f"{U}.kind", "farm", None, None, "one of utility, vendor"),
    (f"{U}.version", 2, None, None, "one of 1"),
    (f"{U}.version", 1.0, None, None, "a whole number is wanted here, not `1.0`"),
    (f"{U}.version", True, None, None, "a whole number"),
    (f"{U}.version", "1", None, None, "`1` is text here, and a number is wanted (1) → write 1, without quotes"),
    (f"{U}.allowances.maintenance.from", "10.1.2.3", 22, None, "never a bare address"),
    (f"{U}.allowances.maintenance.from", "8.8.8.8", 21, None, "closed network"),
    (f"{U}.allowances.maintenance.to", "0.0.0.0/0", 21, None, "closed network"),
    (f"{U}.allowances.maintenance.to", "10.0.0.0/8", 22, None, "never a bare address"),
    (f"{U}.allowances.maintenance.to", "kawa-systems/8.8.8.8", 21, None, "closed network"),
    (f"{U}.allowances.maintenance.to", "2001:4860:4860::8888", 21, None, "closed network"),
    (f"{U}.allowances.maintenance.to", "App_1", 22, None, "never a bare address"),
    (f"{U}.allowances.maintenance.ports", [], 22, None, "at least 1"),
    (f"{U}.allowances.maintenance.ports", ["tcp/1-65"], 22, f"{U}.allowances.maintenance.ports.0", "not 65"),
    (f"{U}.allowances.maintenance.ports", ["smtp"], 22, f"{U}.allowances.maintenance.ports.0", "written tcp/443"),
    (f"{U}.allowances.maintenance.ports", ["tcp/４４３"], 22, f"{U}.allowances.maintenance.ports.0", "tcp/443"),
    (f"{U}.allowances.maintenance.reason", GONE, 22, None, "`reason` is missing"),
    (f"{U}.allowances.maintenance.reason", "a\nb", 22, None, "one line"),
    (f"{U}.allowances.maintenance.reason", "", 22, None, "must not be empty"),
    (f"{U}.allowances.maintenance.reason", "x" * 501, 22, None, "longer than 500"),
    (f"{U}.certificates", {"x": {"path": "web", "common_name": "x"}}, 3, f"{U}.certificates.x.path", "one of client"),
    (f"{APP}.software", {"x": {"licence": "mine"}}, 23, f"{APP}.software.x.licence", "one of platform, vendor"),
    (f"{APP}.restart_priority", "urgent", 12, None, "one of lowest"),
    (f"{APP}.power", True, 14, None, "`true` is not one of on, off"),
    (f"{APP}.cpu", "4", 16, None, "a whole number is wanted here, not `4`"),
    (f"{APP}.cpu", 0, 16, None, "at least 1"),
    (f"{APP}.cpu", 1.5, 16, None, "a whole number"),
    (f"{APP}.cpu", True, 16, None, "a whole number is wanted here, not `true`"),
    (f"{APP}.cpus", 4, None, None, "did you mean `cpu`?"),
    (f"{APP}.colour", "red", None, None, "the keys here are os, cpu"),
    (f"{APP}.disks", {}, 15, None, "at least 1 is needed"),
    (f"{APP}.disks", [], 15, None, "a mapping"),
    (f"{APP}.disks.system.size_gb", GONE, 15, None, "add `size_gb`"),
    (f"{APP}.retire", {"ordered": "1.11.2026", "ends": "2026-11-30"}, 13, f"{APP}.retire.ordered", "YYYY-MM-DD"),
    (f"{APP}.address", ["10.64.1.11", "10.64.1.12"], None, None, "one IPv4 address"),
    (f"{APP}.address", "::1", None, None, "one IPv4 address"),
    (f"{APP}.address", "10.64.1.256", None, None, "`10.64.1.256`"),
    (f"{U}.network.cidr", "10.64.1.5/24", None, None, "write 10.64.1.0/24"),
    (f"{U}.network.cidr", "10.64.1.0/33", None, None, "an IPv4 network"),
    (f"{U}.network.vlan", 4095, None, None, "at most 4094"),
    (f"{U}.tenant", "platform", None, None, "the operator's own stack"),
    (f"{U}.tenant", "../x", None, None, "lower-case letters"),
    (f"{U}.vms", {"a-very-long-name": {}}, None, f"{U}.vms.a-very-long-name", "at most 15 characters, not 16"),
    (f"{U}.vms", None, None, None, "a mapping (`key: value`) is wanted here, not nothing"),
    (f"{U}.ntp", ["ntp.example.jp"], 1, None, "the platform's NTP servers"),
    (f"{APP}.time", "utc", 1, None, "the platform's NTP servers"),
    (
        f"{APP}.monitoring",
        {"a": {**PING, "mail": "x@y.jp"}},
        4,
        f"{APP}.monitoring.a.mail",
        "follows from the severity",
    ),
    (f"{APP}.monitoring", {"a": {**PING, "media": []}}, 4, f"{APP}.monitoring.a.media", "choose the `severity`"),
    (f"{APP}.monitoring", {"a": {**PING, "portal": True}}, 4, f"{APP}.monitoring.a.portal", "follows from the"),
    (f"{U}.notify_cc", "a@b.jp", 5, None, "one notification address"),
    (f"{U}.notify_2", "a@b.jp", 5, None, "one group address in `notify`"),
    (f"{U}.emails", ["a@b.jp"], 5, None, "one notification address"),
    (f"{U}.users.sato.emails", ["a@b.jp"], 5, None, "one mail address, `email`"),
    (f"{U}.users.sato.email", ["a@b.jp", "c@d.jp"], 5, None, "one mail address, `email`"),
    (f"{APP}.disks.system.raid", 5, 12, None, "name a `storage_class`"),
    (f"{U}.gateways.north-gw.software", {}, 19, None, "installs nothing on a gateway"),
    (f"{U}.internet", True, 21, None, "closed network"),
    (f"{APP}.default_route", "10.64.1.1", 21, None, "maintenance terminal"),
    (f"{APP}.package_source", "https://example.jp", 21, None, "closed network"),
    (f"{U}.sms", True, 24, None, "no SMS"),
    (f"{APP}.inbound_mail", True, 24, None, "no inbound mail"),
    (f"{U}.smtp", {"inbound": True}, 24, None, "the option `smtp`"),
    (f"{U}.lines.north.delivered", "Nov 12", 26, None, "YYYY-MM-DD"),
    (f"{U}.lines.car.delivered", "Nov 12", 30, None, "YYYY-MM-DD"),
    (f"{P}.clusters.c1.admission_control", {}, 12, None, "one of them"),
    (f"{P}.clusters.c1.hosts", {"h1": {"cpu": 1, "memory_gib": 1}}, 12, None, "at least 2"),
    (f"{P}.storage_classes.raid6.raid", 5, 12, None, "one of 6"),
)


@pytest.mark.parametrize(("path", "value", "row", "found_at", "says"), REFUSED)
def test_a_refusal_says_where_why_and_what_to_do(
    path: str, value: Any, row: int | None, found_at: str | None, says: str
) -> None:
    """FAQ-1, FAQ-3, FAQ-4, FAQ-5, FAQ-8, FAQ-9, FAQ-10, FAQ-12, FAQ-17, FAQ-19, FAQ-21, FAQ-22, FAQ-23, FAQ-24, FAQ-26,
    FAQ-28, FAQ-30: the row of each case stands beside it.
    """
    owner = path.partition(".")[0]
    data = world({path: value})[owner]
    findings = [
        finding
        for finding in refused(Platform if owner == P else Tenant, data, owner)
        if finding.path == (found_at or path)
    ]
    assert findings, "nothing was found at that path"
    finding = findings[0]
    assert (finding.rule, finding.row) == ("schema", row)
    assert says in finding.sentence(Language.ENGLISH)
    assert finding.summary.ja != finding.summary.en
    assert finding.remedy.ja != finding.remedy.en


def test_all_refusals_come_at_once() -> None:
    findings = refused(Tenant, {"tenant": "x", "vms": {"a": {}}}, "x")
    assert {finding.path for finding in findings} >= {"x.kind", "x.network", "x.vms.a.os", "x.vms.a.disks"}


def test_what_lacks_only_a_refused_element_is_not_too_short_as_well() -> None:
    path = f"{U}.allowances.maintenance.ports"
    findings = refused(Tenant, world({path: ["tcp/1-100"]})[U], U)
    assert [finding.path for finding in findings] == [f"{path}.0"]
    findings = refused(Tenant, world({f"{APP}.disks": {"Data": {"size_gb": 100, "storage_class": "raid6"}}})[U], U)
    assert [finding.path for finding in findings] == [f"{APP}.disks.Data"]


def test_a_refused_password_is_not_repeated() -> None:
    findings = refused(Tenant, world({f"{U}.users.sato.password": "hunter2"})[U], U)
    assert "hunter2" not in "".join(finding.sentence(language) for finding in findings for language in Language)


def test_what_the_engine_recorded_is_read_back() -> None:
    """Its hooks are handed every number as a float."""
    server = {
        "tenant": "hill",
        "name": "a",
        "owner": "vendor",
        "os": "rhel-9",
        "cluster": "east",
        "address": "10.64.1.11",
    }
    disks = {"system": {"size_gb": 100.0, "storage_class": "raid6"}}
    read = VmResource.model_validate({**server, "cpu": 4.0, "memory_gib": 8.0, "disks": disks})
    assert (read.cpu, read.memory_gib, read.disks["system"].size_gb) == (4, 8, 100)


def test_the_providers_inputs_are_refused_in_the_same_words() -> None:
    (finding,) = (each for each in refused(VmResource, {"cpu": "x"}, "higashi-suido") if each.path.endswith(".cpu"))
    assert (finding.path, finding.row) == ("higashi-suido.cpu", 16)
