"""Every rule, given declarations that decode and mean nothing sensible, the platform's among them: findings alone."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.test_readers import judged
from tests.fuzz.wrong_input import fuzzed, in_time
from tests.loading.test_mutations import odd, places
from wpf_infra.calendar import TOKYO
from wpf_infra.loading.rule_examples import Examples, read_examples
from wpf_infra.policy import judge

BASE = read_examples().base
DECLARED = {owner: BASE[owner] for owner in ("platform", "higashi-suido", "aqua-systems")}
PLACES = places(DECLARED)
plausible = st.sampled_from(
    [
        1, 2, 16, 4094, 10**9, "on", "off", "x", "rhel-9", "raid6", "archive", "tokyo-1", "osaka-1", "app-1",
        "collector", "0001-01-01", "1900-02-28", "2026-11-24", "2100-12-31", "9999-12-31", "0001-01-01T00:00+09:00",
        "9999-12-31T23:59", "10.64.8.11", "10.64.8.0/24", "10.160.8.0/28", "0.0.0.0/0", "255.255.255.255/32", "tcp/25",
        "icmp", "a@b.c",
        "aqua-systems", "aqua-systems/collector", "platform/smtp-1", "a.b", "wpf.internal", "co.jp",
        "xn--a.jp", "例え.jp", "[", "(a+)+$", "/var/log/x", "C:\\x", [], {}, ["app-1"], ["tcp/1-64"],
        ["smtp"], {"by": "x", "on": "2026-11-24"},
        {"ordered": "2026-11-01", "ends": "2200-01-31"}, True, False,
    ]
)  # fmt: skip
_FIRST, _LAST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001 - the zone is drawn beside them
instants = st.datetimes(_FIRST, _LAST, timezones=st.just(TOKYO))


@fuzzed(200)
@given(st.lists(st.tuples(st.sampled_from(PLACES), plausible | odd), min_size=1, max_size=4), st.none() | instants)
def test_a_declaration(mutations: list[tuple[tuple[Any, ...], Any]], now: datetime | None) -> None:
    world = deepcopy(DECLARED)
    for path, value in mutations:
        place: Any = world
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took it away
    with in_time():
        staged = Examples({**BASE, **world}, ()).staged({})
        judged(staged.findings)
        if staged.catalogue is not None:
            judged(judge(staged.catalogue, now or staged.now))
