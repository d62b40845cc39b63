"""Every decision of the plan, as data: see `tests/golden/plan` and how a case is written in `golden`."""

from __future__ import annotations

import re

import pytest

from tests.plan.golden import Golden, as_yaml, cases, said
from wpf_infra.plan.disturbance import Disturbance

_LINE = re.compile(rf"({'|'.join(Disturbance)}): (?P<name>[a-z0-9-]+) \S.*?(?P<row> FAQ-[1-9][0-9]?)?")


@pytest.mark.parametrize("golden", tuple(cases()), ids=lambda golden: golden.name)
def test_the_plan_says_and_does_exactly_this(golden: Golden) -> None:
    plan = golden.plan()
    actual = said(plan)
    assert actual == golden.expected(), f"the plan is now\n{as_yaml(actual)}"
    for line in (*actual["en"], *actual["ja"]):
        match = _LINE.fullmatch(line)
        assert match, line
        assert match["name"] == plan.identity.name
    for change in plan.changes:
        if change.disturbance not in (Disturbance.NONE, Disturbance.ONLINE):
            assert change.row is not None, change
