"""The wheel is whole: it works in an environment that has never seen the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [Path(sys.executable).parent / "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_templates_types_and_the_engines_recipe(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for template in (ROOT / "templates").rglob("*.j2"):
        assert f"wpf_infra/templates/{template.relative_to(ROOT / 'templates')}" in names
    assert "wpf_infra/py.typed" in names
    for example in (ROOT / "wpf_infra" / "policy" / "examples").glob("*.yaml"):
        assert f"wpf_infra/policy/examples/{example.name}" in names
    assert any(name.endswith("go.sum") for name in names)
    assert not [name for name in names if name.startswith(("tests", "stacks", "bench"))]


def test_it_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Unpacked alone, with only its dependencies beside it."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    program = """
import wpf_infra, wpf_infra.template
from wpf_infra.language import Language
print(wpf_infra.__file__)
print(wpf_infra.template.render_document("stop-request.txt", Language.ENGLISH, vendor="v", server="s",
      changes=[], platform_starts=True, consent_days=7))
from wpf_infra.cli import main
raise SystemExit(main(["--help"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r}){program}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path)) and "Subject: Server s" in done.stdout
