"""The pure decisions: where a server and a disk may stand."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.backend.ledger import placement, storage
from wpf_infra.backend.ledger.availability import Candidate, restart
from wpf_infra.backend.ledger.placement import Demand, HostLoad
from wpf_infra.backend.ledger.storage import GroupLoad
from wpf_infra.model.availability import RestartPriority
from wpf_infra.model.identity import Identity, Kind

GROUPS = [("hill", "app"), ("hill", "db"), ("lake", "app")]
demands = st.builds(Demand, st.integers(1, 16), st.sampled_from([2, 4, 8, 16, 32]), st.none() | st.sampled_from(GROUPS))
loads = st.builds(
    HostLoad,
    st.just("?"),
    st.integers(1, 64),
    st.integers(1, 256),
    st.integers(0, 64),
    st.integers(0, 256),
    st.frozensets(st.sampled_from(GROUPS)),
    st.booleans(),
)
clusters = st.lists(loads, max_size=6).map(
    lambda hosts: [replace(host, name=f"host-{number}") for number, host in enumerate(hosts)]
)


@given(clusters, demands)
def test_a_chosen_host_fits_and_nobody_had_more_free(hosts: list[HostLoad], demand: Demand) -> None:
    chosen = placement.choose(hosts, demand)
    fitting = [host for host in hosts if host.fits(demand)]
    if chosen is None:
        assert fitting == []
        sentence = placement.shortage(hosts, demand)
        assert sentence.en and sentence.ja
    else:
        (best,) = (host for host in hosts if host.name == chosen)
        assert best in fitting
        assert best.memory_free_gib == max(host.memory_free_gib for host in fitting)


@given(clusters, demands, st.randoms())
def test_the_order_of_hosts_does_not_matter(hosts: list[HostLoad], demand: Demand, random: object) -> None:
    assert placement.choose(reversed(hosts), demand) == placement.choose(hosts, demand)


@given(clusters, demands)
def test_who_may_stay_stays(hosts: list[HostLoad], demand: Demand) -> None:
    for host in hosts:
        stays = placement.choose(hosts, demand, stay=host.name) == host.name
        assert stays or not host.fits(demand)


@given(clusters, st.lists(st.tuples(demands, st.sampled_from(RestartPriority)), max_size=12))
def test_restarts_overload_nobody_and_forget_nobody(
    hosts: list[HostLoad], stopped: list[tuple[Demand, RestartPriority]]
) -> None:
    hosts = [HostLoad("gone", 1, 1, usable=False), *hosts]
    candidates = {
        Identity("hill", Kind.VM, f"app-{number}"): (demand, priority)
        for number, (demand, priority) in enumerate(stopped)
    }
    restarts = restart(
        hosts,
        [Candidate(identity, priority, demand, "gone") for identity, (demand, priority) in candidates.items()],
    )
    assert sorted([one.identity for one in restarts.placed] + list(restarts.left_off)) == sorted(candidates)
    free = {host.name: host for host in hosts}
    for one in restarts.placed:
        assert free[one.destination].fits(candidates[one.identity][0])
        free[one.destination] = free[one.destination].carrying(candidates[one.identity][0])
    order = [list(RestartPriority).index(candidates[one.identity][1]) for one in restarts.placed]
    assert order == sorted(order, reverse=True)


@given(
    st.lists(st.tuples(st.integers(4, 12), st.integers(1, 900), st.integers(0, 3000), st.booleans())),
    st.integers(1, 2000),
)
def test_a_chosen_group_holds_the_disk(shapes: list[tuple[int, int, int, bool]], size_gb: int) -> None:
    groups = [
        GroupLoad("raid6", f"group-{number}", disks, disk_gb, used_gb, lost=lost)
        for number, (disks, disk_gb, used_gb, lost) in enumerate(shapes)
    ]
    chosen = storage.choose(groups, size_gb)
    assert (chosen is None) == (not any(group.holds(size_gb) for group in groups))
    assert chosen == storage.choose(reversed(groups), size_gb)
    if chosen is None:
        assert storage.shortage(groups, size_gb).en
