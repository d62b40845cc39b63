"""One process at a time, and how long one waits for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from wpf_infra.toolchain.lock import held


def test_whoever_waits_is_told_for_whom_and_not_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "lock"
    waited: list[str] = []
    with held(file, pytest.fail) as descriptor:
        holder = file.read_text()
        with pytest.raises(TimeoutError, match=holder), held(file, waited.append, 0.3):
            pytest.fail("both hold it")
        assert waited == [holder] and descriptor >= 0
    with held(file, pytest.fail):
        pass
