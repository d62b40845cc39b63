"""A test that lacks something is skipped at home, and fails in CI."""

from __future__ import annotations

from collections.abc import Callable

import pytest


def test_what_is_there_is_no_reason_for_anything(requires: Callable[[bool, str], None]) -> None:
    requires(True, "vcsim")


@pytest.mark.parametrize(("demanded", "ends"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_what_is_missing(
    requires: Callable[[bool, str], None], monkeypatch: pytest.MonkeyPatch, demanded: str, ends: type[BaseException]
) -> None:
    monkeypatch.setenv("WPF_REQUIRE_SERVICES", demanded)
    with pytest.raises(ends, match="no vcsim here"):
        requires(False, "vcsim")
