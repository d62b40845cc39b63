"""New files come all or not at all, over nothing, whatever fails in between."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wpf_infra.onboarding.placing import NewFile, place, sweep

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
left, folder, how = int(sys.argv[1]), sys.argv[2], sys.argv[3]
from wpf_infra.onboarding.placing import NewFile, place

def watch(event, arguments):
    global left
    if event.split(".")[0] in ("os", "open") and any(folder in str(each) for each in arguments):
        left -= 1
        if left == 0:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(28, "No space left on device")

sys.addaudithook(watch)
try:
    place([NewFile(Path(folder, "sub", "a"), b"A"), NewFile(Path(folder, "b"), b"B"), NewFile(Path(folder, "c"), b"C")])
except OSError as error:
    sys.exit(error.errno)
"""
"""Ends, or fails, at the n-th thing that is asked of the operating system about the folder."""


def three(folder: Path) -> list[NewFile]:
    return [NewFile(folder / "sub" / "a", b"A"), NewFile(folder / "b", b"B"), NewFile(folder / "c", b"C")]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


WHOLE = {"sub/a": b"A", "b": b"B", "c": b"C"}


def test_all_of_them_with_the_modes_of_plain_files(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        place(three(tmp_path))
    finally:
        os.umask(umask)
    assert files(tmp_path) == WHOLE
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("taken", ["sub/a", "b", "c"])
def test_a_name_that_is_taken_leaves_everything_as_it_was(tmp_path: Path, taken: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / taken).write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        place(three(tmp_path))
    assert files(tmp_path) == {taken: b"theirs"}


def test_a_link_that_leads_nowhere_is_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "c").symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        place(three(tmp_path))
    assert files(tmp_path) == {} and not (tmp_path / "sub").exists()


def ended(folder: Path, at: int, how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-S", "-c", KILLED, str(at), str(folder), how],
        cwd=ROOT,
        check=False,
        capture_output=True,
        timeout=60,
    )
    return done.returncode


def test_a_process_that_is_killed_anywhere_leaves_nothing_that_counts_or_all(tmp_path: Path) -> None:
    outcomes = set()
    for at in range(1, 60, 2):
        folder = tmp_path / str(at)
        folder.mkdir()
        code = ended(folder, at, "kill")
        left = {name: content for name, content in files(folder).items() if ".onboarding-" not in name}
        assert left.items() <= WHOLE.items()
        assert ("c" not in left) or left == WHOLE
        sweep([folder, folder / "sub"])
        assert files(folder) == left
        place([file for file in three(folder) if not file.path.exists()])
        assert files(folder) == WHOLE
        outcomes.add((code, len(left)))
        if code == 0:
            break
    assert (-signal.SIGKILL, 0) in outcomes and (0, 3) in outcomes and len(outcomes) >= 4


def test_a_disk_that_fails_anywhere_leaves_nothing_or_all(tmp_path: Path) -> None:
    for at in range(1, 60):
        folder = tmp_path / str(at)
        folder.mkdir()
        code = ended(folder, at, "fail")
        if code == 0:
            break
        assert (code, files(folder)) == (errno.ENOSPC, {})
    assert at > 5
    sweep([folder, folder / "sub"])  # what could not be tidied up at the very end
    assert files(folder) == WHOLE


def test_a_limit_on_what_may_be_written_is_a_failure_like_another(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", KILLED.replace('b"C"', 'b"C" * 5000'), "0", str(tmp_path), "limit"],
        cwd=ROOT,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert (done.returncode, files(tmp_path)) == (errno.EFBIG, {})


def test_leftovers_of_a_killed_run_are_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".onboarding-0123").touch()
    (tmp_path / ".other").touch()
    sweep([tmp_path, tmp_path / "not-there"])
    assert [path.name for path in tmp_path.iterdir()] == [".other"]
