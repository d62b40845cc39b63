"""A project of the small world to onboard into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.onboarding.forms import PEM, form
from tests.samples import GONE, lay

ROOT = Path(__file__).parents[2]


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WPF_LANG", "en")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None) -> Path:
    lay(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def anchored(project: Path) -> Path:
    """A vendor's form that brings a certificate, beside it."""
    shutil.copytree(ROOT / "stacks/tenants/trust", project / "forms/trust")
    changes = {"tenant": "lake", "kind": "vendor", "trust.app": {"path": "client-to-app", "pem_file": PEM}}
    return form(project / "forms/lake.yaml", {**changes, "vendor": GONE, "lines": GONE, "gateways": GONE})
