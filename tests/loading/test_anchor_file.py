"""PEM files of trust anchors: beside the tenant's file, inside its folder, and never a reason to stop."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.samples import NOW, lay, to_yaml, world
from wpf_infra.language import Language
from wpf_infra.loading.anchor_file import LONGEST, read_anchor
from wpf_infra.loading.catalogue import load
from wpf_infra.policy import judge

V = "kawa-systems"
ANCHOR = f"{V}.trust.scada"
PEM = b"not looked into here"


def trusting(pem_file: str) -> dict[str, Any]:
    return {f"{V}.trust": {"scada": {"path": "client-to-app", "pem_file": pem_file}}}


def problem(folder: Path, pem_file: str = "scada.pem") -> str | None:
    found = read_anchor(pem_file, (folder,), folder)
    assert (found.content is None) is (found.problem is not None)
    return found.problem.en if found.problem is not None else None


def test_a_file_beside_the_tenants_is_read(tmp_path: Path) -> None:
    """FAQ-3"""
    root = lay(tmp_path, trusting("trust/scada.pem"))
    file = root / "stacks" / "tenants" / "trust" / "scada.pem"
    file.parent.mkdir()
    file.write_bytes(PEM)
    catalogue = load(root).catalogue
    assert catalogue is not None
    (found,) = catalogue.anchors.items()
    assert (found[0], found[1].file, found[1].content) == (ANCHOR, "stacks/tenants/trust/scada.pem", PEM)


@pytest.mark.parametrize(
    "pem_file",
    ["../scada.pem", "/etc/hostname", "trust/../../scada.pem", "..", "trust\\scada.pem", "C:/scada.pem", "c:scada.pem"],
)
def test_nothing_outside_the_folder_is_named(pem_file: str, tmp_path: Path) -> None:
    """FAQ-3"""
    root = lay(tmp_path, trusting(pem_file))
    (root / "stacks" / "scada.pem").write_bytes(PEM)
    catalogue = load(root).catalogue
    assert catalogue is not None
    assert catalogue.anchors[ANCHOR].content is None
    (finding,) = judge(catalogue, NOW)
    assert (finding.rule, finding.row, finding.path) == ("anchor-inside-folder", 3, f"{ANCHOR}.pem_file")
    assert finding.position is not None
    assert finding.position.file == f"stacks/tenants/{V}.yaml"


def test_a_link_stays_inside_too(tmp_path: Path) -> None:
    folder = tmp_path / "tenants"
    folder.mkdir()
    (tmp_path / "secret.pem").write_bytes(PEM)
    (folder / "scada.pem").symlink_to("../secret.pem")
    (folder / "out").symlink_to(tmp_path)
    assert problem(folder) == problem(folder, "out/secret.pem") == "a link leads out of the tenant file's folder"
    (folder / "real.pem").write_bytes(PEM)
    (folder / "near.pem").symlink_to("real.pem")
    assert problem(folder, "near.pem") is None
    (tmp_path / "linked").symlink_to(folder)
    assert problem(tmp_path / "linked", "real.pem") is None


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(path.relative_to(Path.cwd())))


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (Path.exists, "there is no such file"),
    "a folder": (Path.mkdir, "not a regular file"),
    "a pipe": (pipe, "not a regular file"),
    "a socket": (listening, "cannot be read"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read"),
    "a link to nothing": (lambda path: path.symlink_to(path.parent / "gone"), "no such file"),
    "too much": (lambda path: path.write_bytes(b"x" * (LONGEST + 1)), "longer than 64 KiB"),
}


@pytest.mark.parametrize(("make", "says"), ODD.values(), ids=ODD)
def test_what_cannot_be_read_says_why(
    make: Callable[[Path], object], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's name is short
    make(tmp_path / "scada.pem")
    assert says in str(problem(tmp_path))


def test_as_much_as_allowed_is_read(tmp_path: Path) -> None:
    (tmp_path / "scada.pem").write_bytes(b"x" * LONGEST)
    assert problem(tmp_path) is None


@pytest.mark.parametrize("pem_file", ["a\0b", "x" * 300, "scada.pem/below", "\udcff.pem"])
def test_a_name_that_no_file_can_have_is_a_problem_like_any_other(pem_file: str, tmp_path: Path) -> None:
    (tmp_path / "scada.pem").write_bytes(PEM)
    assert problem(tmp_path, pem_file) is not None


def test_a_missing_file_is_a_finding_in_two_languages(tmp_path: Path) -> None:
    """FAQ-3"""
    catalogue = load(lay(tmp_path, trusting("trust/scada.pem"))).catalogue
    assert catalogue is not None
    (finding,) = judge(catalogue, NOW)
    assert (finding.rule, finding.row, finding.path) == ("anchor-readable", 3, f"{ANCHOR}.pem_file")
    assert "stacks/tenants/trust/scada.pem: there is no such file" in finding.sentence(Language.ENGLISH)
    assert "ファイルがありません" in finding.sentence(Language.JAPANESE)


def test_a_file_from_elsewhere_brings_its_own_anchor_or_uses_the_one_there(tmp_path: Path) -> None:
    root = lay(tmp_path / "project", trusting("trust/scada.pem"))
    elsewhere = tmp_path / "elsewhere"
    for folder, content in ((root / "stacks" / "tenants", b"there"), (elsewhere, b"beside")):
        (folder / "trust").mkdir(parents=True)
        (folder / "trust" / "scada.pem").write_bytes(content)
    given = elsewhere / "mine.yaml"
    given.write_text(to_yaml(world(trusting("trust/scada.pem"))[V]), encoding="utf-8")

    def found() -> bytes | None:
        catalogue = load(root, (given,)).catalogue
        assert catalogue is not None
        return catalogue.anchors[ANCHOR].content

    assert found() == b"beside"
    (elsewhere / "trust" / "scada.pem").unlink()
    assert found() == b"there"


def test_a_python_file_brings_its_anchor_alike(tmp_path: Path) -> None:
    root = lay(tmp_path)
    tenants = root / "stacks" / "tenants"
    (tenants / f"{V}.yaml").unlink()
    (tenants / f"{V}.py").write_text(
        f"from wpf_infra.model import Tenant\n\ntenant = Tenant.model_validate({world(trusting('s.pem'))[V]!r})\n"
    )
    (tenants / "s.pem").write_bytes(PEM)
    catalogue = load(root).catalogue
    assert catalogue is not None
    assert catalogue.anchors[ANCHOR].content == PEM
