"""Certificates of the platform's CA: its paths, its names, its terms."""

from __future__ import annotations

from typing import Any

import pytest

from tests.samples import NOW, catalogue
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.policy import judge

U, V, CA = "minami-suido", "kawa-systems", "platform.certificate_authority"


def certificate(name: str, path: str = "gateway-to-platform") -> dict[str, str]:
    return {"path": path, "common_name": name}


def judged(
    *names: dict[str, str], of: str = U, domains: tuple[str, ...] = ("wpf.internal",), **terms: Any
) -> tuple[Finding, ...]:
    declared = {f"c{number}": each for number, each in enumerate(names, 1)}
    changes = {f"{of}.certificates": declared, CA: {"domains": list(domains), **terms}}
    findings = judge(catalogue(changes), NOW)
    assert {finding.row for finding in findings} <= {3}
    return findings


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("north-gw.minami-suido.wpf.internal", "gateway-to-platform"),
        ("app-1.minami-suido.wpf.internal", "app-to-platform"),
        ("terminal-7.minami-suido.wpf.internal", "client-to-platform"),
        ("north-gw.minami-suido.plants.wpf.internal", "gateway-to-platform"),
    ],
)
def test_a_holders_own_name_is_signed(name: str, path: str) -> None:
    """FAQ-3"""
    assert judged(certificate(name, path), domains=("wpf.internal", "plants.wpf.internal")) == ()


@pytest.mark.parametrize(
    "name",
    [
        "wpf.internal",
        "minami-suido.wpf.internal",
        "north-gw.kawa-systems.wpf.internal",
        "north-gw.wpf.internal",
        "north-gw.plant.minami-suido.wpf.internal",
        "north-gw.minami-suido.evilwpf.internal",
        "north-gw.minami-suido.wpf.internal.example.com",
        "north-gw.minami-suido.internal",
        "north-gw.minami-suido.example.com",
        "north-gw.xminami-suido.wpf.internal",
    ],
)
def test_the_ca_signs_no_name_outside_its_constraints_nor_anothers(name: str) -> None:
    """FAQ-3"""
    (finding,) = [one for one in judged(certificate(name)) if one.rule == "certificate-name"]
    assert (finding.path, finding.severity) == (f"{U}.certificates.c1.common_name", Severity.ERROR)
    holder = "c1" if name == "wpf.internal" else name.partition(".")[0]
    assert f"{holder}.minami-suido.wpf.internal" in finding.remedy.en


def test_the_domain_itself_is_no_name() -> None:
    (finding,) = judged(certificate("wpf.internal"))
    assert (finding.rule, "is the domain itself" in finding.summary.en) == ("certificate-name", True)


def test_an_address_is_no_name_and_has_no_holder() -> None:
    """FAQ-3"""
    (finding,) = judged(certificate("10.64.1.11"))
    assert (finding.rule, finding.remedy.en) == ("certificate-name", "call it c1.minami-suido.wpf.internal")


def test_of_anothers_name_no_holder_is_asked() -> None:
    assert rules(judged(certificate("noth-gw.kawa-systems.wpf.internal"))) == ["certificate-name"]


def test_a_tenant_called_like_a_domain_gets_no_name_of_others() -> None:
    """`x.plants.wpf.internal` would be HOLDER.TENANT.DOMAIN for a tenant `plants`, of whatever depth its names were."""
    domains = ("wpf.internal", "kawa-systems.wpf.internal")
    theirs = certificate("north-gw.minami-suido.kawa-systems.wpf.internal")
    assert judged(theirs, domains=domains) == ()
    assert "certificate-name" in rules(judged(theirs, of=V, domains=domains))


@pytest.mark.parametrize("path", ["client-to-app", "app-to-gateway"])
def test_the_ca_never_signs_for_vendors_paths(path: str) -> None:
    """FAQ-3"""
    (finding,) = judged(certificate("north-gw.minami-suido.wpf.internal", path))
    assert (finding.rule, finding.severity) == ("certificate-platform-path", Severity.ERROR)
    assert "`trust`" in finding.remedy.en


def test_without_a_ca_nothing_is_signed() -> None:
    findings = judge(catalogue({f"{U}.certificates": {"c1": certificate("north-gw.minami-suido.wpf.internal")}}), NOW)
    assert [(one.rule, one.path) for one in findings] == [("certificate-authority", f"{U}.certificates.c1")]


def test_a_name_has_one_holder() -> None:
    """FAQ-3"""
    twice = judged(*[certificate("north-gw.minami-suido.wpf.internal")] * 2)
    assert [(one.rule, one.path) for one in twice] == [
        ("certificate-name-unique", f"{U}.certificates.c{number}.common_name") for number in (1, 2)
    ]
    assert "minami-suido.certificates.c2" in twice[0].summary.en
    assert "minami-suido.certificates.c1" in twice[1].summary.en


@pytest.mark.parametrize(
    ("name", "path", "says"),
    [
        ("noth-gw.minami-suido.wpf.internal", "gateway-to-platform", "did you mean `north-gw`?"),
        ("app-1.minami-suido.wpf.internal", "gateway-to-platform", "begin the name with its gateway's"),
        ("north-gw.minami-suido.wpf.internal", "app-to-platform", "begin the name with its server's"),
    ],
)
def test_a_holder_that_is_not_declared_is_probably_a_slip(name: str, path: str, says: str) -> None:
    (finding,) = judged(certificate(name, path))
    assert (finding.rule, finding.severity, finding.remedy.en) == ("certificate-holder", Severity.WARNING, says)


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"root_days": 3650}, "issuing_days"),
        ({"leaf_days": 4000}, "leaf_days"),
        ({"renew_before_days": 365}, "renew_before_days"),
    ],
)
def test_nothing_outlives_what_signed_it(terms: dict[str, Any], path: str) -> None:
    """FAQ-3"""
    (finding,) = judged(**terms)
    assert (finding.rule, finding.path, finding.severity) == ("authority-terms", f"{CA}.{path}", Severity.ERROR)


@pytest.mark.parametrize("domain", ["wpf.internal", "wpf.lan", "home.arpa", "wpf.home.arpa", "wpf.example", "a.b.home"])
def test_private_domains_are_let_be(domain: str) -> None:
    assert judged(domains=(domain,)) == ()


@pytest.mark.parametrize(
    ("domain", "rule"),
    [
        ("co.jp", "authority-domain-own"),
        ("lg.jp", "authority-domain-own"),
        ("com.au", "authority-domain-own"),
        ("wpf.jp", "authority-domain-private"),
        ("wpf.co.jp", "authority-domain-private"),
        ("arpa.example.com", "authority-domain-private"),
        ("myhome.arpa", "authority-domain-private"),
    ],
)
def test_public_domains_are_said(domain: str, rule: str) -> None:
    """FAQ-3"""
    assert rules(judged(domains=(domain,))) == [rule]
