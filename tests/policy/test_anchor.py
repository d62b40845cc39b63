"""Trust anchors as rules judge them: where a finding sits, how bad it is, and what time does to it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.policy.issuing import issue, issuing, root
from tests.samples import NOW, catalogue
from wpf_infra.language import Text
from wpf_infra.loading.catalogue import load
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.policy import judge

V = "kawa-systems"
PATH = f"{V}.trust.scada"
ROOT = Path(__file__).parents[2]
SECOND = timedelta(seconds=1)


def judged(file: AnchorFile | bytes | None, now: datetime = NOW, path: str = "client-to-app") -> tuple[Finding, ...]:
    declared = catalogue({f"{V}.trust": {"scada": {"path": path, "pem_file": "scada.pem"}}})
    if isinstance(file, bytes):
        file = AnchorFile("scada.pem", file)
    findings = judge(replace(declared, anchors={PATH: file} if file is not None else {}), now)
    return tuple(finding for finding in findings if finding.rule.startswith("anchor"))


def told(findings: tuple[Finding, ...]) -> list[tuple[str, Severity]]:
    assert {(finding.row, finding.path) for finding in findings} <= {(3, f"{PATH}.pem_file")}
    return [(finding.rule, finding.severity) for finding in findings]


def test_a_sound_anchor_is_let_be() -> None:
    """FAQ-3"""
    top = root()
    middle = issuing(top)
    assert judged(issue("scada", middle).pem + middle.pem + top.pem) == ()
    assert judged(issue("scada").pem, path="app-to-gateway") == ()


def test_what_was_not_read_is_not_judged() -> None:
    assert judged(None) == ()


def test_a_file_that_cannot_be_had_is_an_error() -> None:
    findings = judged(AnchorFile("stacks/tenants/scada.pem", None, Text(en="gone", ja="なし")))
    assert told(findings) == [("anchor-readable", Severity.ERROR)]
    assert findings[0].summary == Text(en="stacks/tenants/scada.pem: gone", ja="stacks/tenants/scada.pem: なし")


@pytest.mark.parametrize("path", ["client-to-platform", "app-to-platform", "gateway-to-platform"])
def test_on_the_platforms_paths_no_vendor_signs(path: str) -> None:
    """FAQ-3"""
    (finding,) = judged(issue("scada").pem, path=path)
    assert (finding.rule, finding.row, finding.path) == ("anchor-vendor-path", 3, f"{PATH}.path")


def test_a_validity_is_inclusive_and_counts_to_the_second() -> None:
    """FAQ-3"""
    begins, ends = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    pem = issue("scada", begins=begins, ends=ends).pem
    assert told(judged(pem, begins - SECOND)) == [("anchor-begun", Severity.WARNING)]
    assert told(judged(pem, begins)) == []
    assert told(judged(pem, ends - timedelta(days=60))) == []
    assert told(judged(pem, ends - timedelta(days=60) + SECOND)) == [("anchor-ends-soon", Severity.WARNING)]
    assert told(judged(pem, ends)) == [("anchor-ends-soon", Severity.WARNING)]
    assert told(judged(pem, ends + SECOND)) == [("anchor-expired", Severity.ERROR)]


def test_every_certificate_of_a_chain_expires() -> None:
    top = root(ends=datetime(2026, 11, 1, tzinfo=UTC))
    findings = judged(issuing(top).pem + top.pem)
    assert told(findings) == [("anchor-expired", Severity.ERROR)]
    assert findings[0].summary.en.startswith("certificate 2 (CN=root) expired on 2026-11-01 00:00 UTC")


def test_a_validity_may_fill_the_calendar() -> None:
    """RFC 5280, 4.1.2.5: 99991231235959Z means that there is no end."""
    assert judged(issue("scada", ends=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)).pem) == ()


def test_everything_wrong_with_an_anchor_is_said_at_once() -> None:
    top = root(ends=datetime(2026, 11, 1, tzinfo=UTC))
    assert told(judged(top.pem + issuing(top).pem)) == [
        ("anchor-chain", Severity.ERROR),
        ("anchor-expired", Severity.ERROR),
    ]


@pytest.mark.parametrize("year", [2020, 2026, 2035, 2048])
def test_the_samples_anchor_is_valid_whenever_the_sample_is_judged(year: int) -> None:
    declared = load(ROOT).catalogue
    assert declared is not None
    assert list(declared.anchors) == ["aqua-systems.trust.scada-app"]
    findings = judge(declared, datetime(year, 1, 1, tzinfo=UTC))
    assert [finding for finding in findings if finding.rule.startswith("anchor")] == []


def test_who_has_no_anchor_does_not_load_the_library() -> None:
    program = (
        "import sys; from tests.samples import NOW, catalogue; from wpf_infra.policy import judge; "
        "judge(catalogue(), NOW); sys.exit('cryptography' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
