"""A revision is loaded as it was committed, whatever stands in the checkout; what git cannot give is a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.samples import lay, to_yaml, world
from wpf_infra.errors import Unreadable
from wpf_infra.language import Language
from wpf_infra.loading.catalogue import load
from wpf_infra.loading.revision import load_revision

U = "minami-suido"
TENANT = Path("stacks", "tenants", f"{U}.yaml")


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this machine's settings of git nor a hook's environment count."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "nobody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "nobody@example.jp")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "a change")
    return git(folder, "rev-parse", "HEAD")


def committed(root: Path, changes: Mapping[str, Any] | None = None, repository: Path | None = None) -> Path:
    """The small world, committed; repository: the folder around it that is one."""
    lay(root, changes)
    git(repository or root, "init", "--quiet", "--initial-branch", "main")
    commit(repository or root)
    return root


def refusal(root: Path, revision: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        load_revision(root, revision)
    assert caught.value.exit_code == 2
    assert caught.value.sentence(Language.JAPANESE) != caught.value.sentence(Language.ENGLISH)
    return caught.value


def test_the_checkouts_changes_do_not_count(tmp_path: Path) -> None:
    root = committed(tmp_path)
    before = load(root)
    (root / TENANT).unlink()
    (root / "stacks" / "tenants" / "other.yaml").write_text("not: a tenant\n")
    found = load_revision(root, "HEAD")
    assert found.sound and found.catalogue is not None and before.catalogue is not None
    assert found.catalogue.tenants == before.catalogue.tenants
    assert found.catalogue.platform == before.catalogue.platform


@pytest.mark.parametrize("name", ["HEAD", "main", "v1", "HEAD~0", "@"])
def test_a_revision_is_what_git_calls_one_and_its_files_are_called_after_it(tmp_path: Path, name: str) -> None:
    root = committed(tmp_path)
    git(root, "tag", "--annotate", "--message", "first", "v1")
    catalogue = load_revision(root, name).catalogue
    assert catalogue is not None
    position = catalogue.position(f"{U}.allowances.telemetry")
    here = load(root).catalogue
    assert here is not None
    assert str(position) == f"{name}:{here.position(f'{U}.allowances.telemetry')}"
    assert len(catalogue.positions) == len(list(catalogue.positions)) == len(here.positions)


def test_each_revision_is_its_own(tmp_path: Path) -> None:
    root = committed(tmp_path)
    first = git(root, "rev-parse", "HEAD")
    (root / TENANT).write_text(to_yaml(world({f"{U}.vms.app-1.cpu": 4})[U]))
    second = commit(root)
    cpus = []
    for name in (first, second, first):
        catalogue = load_revision(root, name).catalogue
        assert catalogue is not None
        cpus.append(catalogue.tenants[U].vms["app-1"].cpu)
    assert cpus == [2, 4, 2]


def test_the_project_may_be_a_folder_of_the_repository(tmp_path: Path) -> None:
    root = committed(tmp_path / "水道 infra" / "wpf", repository=tmp_path)
    assert load_revision(root, "main").sound


def test_findings_and_unreadable_files_name_the_revision(tmp_path: Path) -> None:
    root = committed(tmp_path, {f"{U}.kind": "farm"})
    (root / "stacks" / "tenants" / "kawa-systems.yaml").write_text("a: 1\na: 2\n")
    commit(root)
    found = load_revision(root, "main")
    assert [str(each.position) for each in found.findings] == [f"main:{TENANT}:3:1"]
    assert [each.where for each in found.unreadable] == ["main:stacks/tenants/kawa-systems.yaml:2:1"]
    assert not found.files


def test_files_are_as_committed_whatever_attributes_say(tmp_path: Path) -> None:
    root = committed(tmp_path)
    (root / ".gitattributes").write_text(
        "stacks/tenants/* export-ignore\n*.yaml text eol=crlf working-tree-encoding=UTF-16\n"
    )
    git(root, "-c", "core.safecrlf=false", "add", ".gitattributes")
    git(root, "commit", "--quiet", "--message", "attributes")
    found = load_revision(root, "HEAD")
    assert found.sound and found.catalogue is not None
    assert set(found.catalogue.tenants) == {U, "kawa-systems"}


HELPER = "from _sizes import CPU\nfrom wpf_infra.model import Tenant\n\n"


def _in_python(root: Path, cpu: int) -> None:
    """The tenant in Python, its size in a module beside it."""
    data = world({f"{U}.vms.app-1.cpu": 0})[U]
    text = repr(data).replace("'cpu': 0", "'cpu': CPU")
    (root / TENANT).unlink(missing_ok=True)
    (root / TENANT.with_suffix(".py")).write_text(f"{HELPER}tenant = Tenant.model_validate({text})\n")
    (root / "stacks" / "_sizes.py").write_text(f"CPU = {cpu}\n")


def test_modules_of_a_revision_are_its_own_and_leave_nothing(tmp_path: Path) -> None:
    """A process knows a module once by its name; a comparison loads the same names again and again."""
    root = committed(tmp_path)
    _in_python(root, 4)
    old = commit(root)
    _in_python(root, 8)
    new = commit(root)
    _in_python(root, 16)

    def cpu(revision: str | None) -> int:
        loaded = load(root) if revision is None else load_revision(root, revision)
        assert loaded.sound and loaded.catalogue is not None, loaded
        return loaded.catalogue.tenants[U].vms["app-1"].cpu

    try:
        assert cpu(old) == 4
        assert "_sizes" not in sys.modules
        assert cpu(None) == 16
        mine = sys.modules["_sizes"]
        assert [cpu(new), cpu(old)] == [8, 4]
        assert sys.modules["_sizes"] is mine
    finally:
        sys.modules.pop("_sizes", None)


def test_a_linked_file_is_followed_inside_its_revision(tmp_path: Path) -> None:
    root = committed(tmp_path)
    real = root / "stacks" / "kept" / f"{U}.yaml"
    real.parent.mkdir()
    (root / TENANT).rename(real)
    (root / TENANT).symlink_to(Path("..", "kept", real.name))
    commit(root)
    real.write_text("gone: since\n")
    assert load_revision(root, "HEAD").sound


BESIDE = "from pathlib import Path\nimport shared\n\n"


def test_what_declarations_find_beside_them_is_the_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of the project's folder, a file that is read there; and nothing of it stays."""
    root = committed(tmp_path)
    monkeypatch.syspath_prepend(str(root))
    monkeypatch.delitem(sys.modules, "shared", raising=False)
    text = repr(world({f"{U}.vms.app-1.cpu": 0, f"{U}.vms.app-1.memory_gib": 0})[U])
    text = text.replace("'cpu': 0", "'cpu': shared.CPU")
    text = text.replace("'memory_gib': 0", "'memory_gib': int((Path(__file__).parents[2] / 'sizes.txt').read_text())")
    (root / TENANT).unlink()
    (root / TENANT.with_suffix(".py")).write_text(
        f"{BESIDE}from wpf_infra.model import Tenant\n\ntenant = Tenant.model_validate({text})\n"
    )
    for cpu, memory in ((4, 8), (8, 16), (16, 32)):
        (root / "shared.py").write_text(f"CPU = {cpu}\n")
        (root / "sizes.txt").write_text(f"{memory}\n")
        commit(root)
    path = list(sys.path)
    for revision, cpu, memory in (("HEAD~2", 4, 8), ("HEAD~1", 8, 16), ("HEAD", 16, 32), ("HEAD~2", 4, 8)):
        loaded = load_revision(root, revision)
        assert loaded.sound and loaded.catalogue is not None, loaded
        vm = loaded.catalogue.tenants[U].vms["app-1"]
        assert (vm.cpu, vm.memory_gib) == (cpu, memory)
    assert "shared" not in sys.modules and sys.path == path


def test_what_stopped_a_declaration_is_told_without_the_folder_it_ran_in(tmp_path: Path) -> None:
    root = committed(tmp_path)
    (root / TENANT).unlink()
    (root / TENANT.with_suffix(".py")).write_text("open(__file__ + '.csv')\n")
    commit(root)
    (error,) = load_revision(root, "main").unreadable
    for language in Language:
        assert f"'main:{TENANT.with_suffix('.py')}.csv'" in error.sentence(language)
        assert "wpf-revision-" not in error.sentence(language)


LINKS = [
    (f"../../../elsewhere/{U}.yaml", "leads out"),
    ("{root}/kept.yaml", "leads out"),
    ("../../absent.yaml", "leads nowhere"),
]


@pytest.mark.parametrize(("target", "says"), LINKS, ids=["above the project", "absolute", "nowhere"])
def test_a_link_is_never_followed_into_the_checkout(tmp_path: Path, target: str, says: str) -> None:
    root = committed(tmp_path / "project")
    (root / TENANT).rename(root / "kept.yaml")
    (root / TENANT).symlink_to(target.format(root=root))
    commit(root)
    if says == "leads out":
        assert says in str(refusal(root, "main")) and f"main:{TENANT}" in str(refusal(root, "main"))
    else:
        (error,) = load_revision(root, "main").unreadable
        assert says in str(error) and error.where == f"main:{TENANT}"


def test_links_beside_the_stacks_hinder_nobody(tmp_path: Path) -> None:
    root = committed(tmp_path)
    (root / "far").symlink_to("/usr/share")
    (root / "near").symlink_to("stacks", target_is_directory=True)
    commit(root)
    assert load_revision(root, "HEAD").sound


def submodule(root: Path, at: str) -> None:
    """Another repository at that place, as git keeps it: a commit of it by name."""
    name = git(root, "rev-parse", "HEAD")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{name},{at}")
    git(root, "commit", "--quiet", "--message", "a submodule")


def test_a_submodule_among_the_declarations_is_said(tmp_path: Path) -> None:
    root = committed(tmp_path)
    submodule(root, "elsewhere")
    assert load_revision(root, "HEAD").sound
    submodule(root, "stacks/shared")
    said = str(refusal(root, "HEAD"))
    assert "HEAD:stacks/shared: a submodule stands here" in said
    git(root, "rm", "-r", "--quiet", "--cached", "stacks")
    submodule(root, "stacks")
    assert "HEAD:stacks: a submodule stands here" in str(refusal(root, "HEAD"))


def test_in_a_hook_the_projects_own_repository_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git tells a hook of the repository that it was called for, which need not be the project's."""
    root = committed(tmp_path / "project" / "wpf", repository=tmp_path / "project")
    other = committed(tmp_path / "other", {f"{U}.vms.app-1.cpu": 4})
    for name, value in {
        "GIT_DIR": other / ".git",
        "GIT_WORK_TREE": other,
        "GIT_INDEX_FILE": other / ".git" / "index",
        "GIT_PREFIX": "",
        "GIT_OBJECT_DIRECTORY": other / ".git" / "objects",
    }.items():
        monkeypatch.setenv(name, str(value))
    catalogue = load_revision(root, "main").catalogue
    assert catalogue is not None and catalogue.tenants[U].vms["app-1"].cpu == 2


def test_a_hook_of_a_linked_worktree_sees_its_own_head(tmp_path: Path) -> None:
    root = committed(tmp_path / "first")
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    program = (
        "from pathlib import Path; from wpf_infra.loading.revision import load_revision; "
        f"print(load_revision(Path.cwd(), 'HEAD').catalogue.tenants['{U}'].vms['app-1'].cpu)"
    )
    hook.write_text(f'#!/bin/sh\n"{sys.executable}" -c "{program}" > {tmp_path}/said 2>&1\n')
    hook.chmod(0o755)
    git(root, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "second"))
    second = tmp_path / "second"
    (second / TENANT).write_text(to_yaml(world({f"{U}.vms.app-1.cpu": 4})[U]))
    git(second, "commit", "--quiet", "--no-verify", "--all", "--message", "more")
    git(second, "commit", "--quiet", "--allow-empty", "--message", "looked at by the hook")
    assert (tmp_path / "said").read_text() == "4\n"


def test_settings_for_every_repository_count_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git -c` and CI hand them on by the environment: such as which folders are safe."""
    root = committed(tmp_path)
    for name, value in {"COUNT": "1", "KEY_0": "core.abbrev", "VALUE_0": "nonsense"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    assert "core.abbrev" in str(refusal(root, "HEAD"))


def test_the_git_folder_itself_is_no_checkout(tmp_path: Path) -> None:
    root = committed(tmp_path)
    assert "work tree" in str(refusal(root / ".git", "HEAD"))


def test_looking_changes_nothing(tmp_path: Path) -> None:
    root = committed(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    load_revision(root, "HEAD")
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_no_repository_is_said(tmp_path: Path) -> None:
    assert "not a git repository" in str(refusal(lay(tmp_path), "HEAD"))


def test_no_git_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = committed(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert "`git` is not on the PATH" in str(refusal(root, "HEAD"))


@pytest.mark.parametrize("name", ["absent", "", "--all", "-h", "HEAD:stacks", "a\0b", "a b", "\x1b[31m"])
def test_what_is_no_revision_is_said(tmp_path: Path, name: str) -> None:
    said = str(refusal(committed(tmp_path), name))
    assert "git knows no revision" in said and "\x1b" not in said


def test_a_repository_without_a_commit_has_no_revision(tmp_path: Path) -> None:
    git(lay(tmp_path), "init", "--quiet")
    assert "no revision `HEAD`" in str(refusal(tmp_path, "HEAD"))


def test_a_shallow_clone_says_how_to_get_the_rest(tmp_path: Path) -> None:
    root = committed(tmp_path / "origin")
    commit(root)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "clone")
    assert load_revision(tmp_path / "clone", "HEAD").sound
    assert "--unshallow" in str(refusal(tmp_path / "clone", "HEAD~1"))


def test_a_revision_from_before_the_stacks_is_said(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    first = commit(tmp_path)
    lay(tmp_path)
    commit(tmp_path)
    assert "has no stacks/" in str(refusal(tmp_path, first))


def test_content_that_git_has_lost_is_said(tmp_path: Path) -> None:
    root = committed(tmp_path)
    name = git(root, "rev-parse", f"HEAD:{TENANT.as_posix()}")
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert TENANT.name in str(refusal(root, "HEAD"))
