"""What a cluster is told of its servers: the difference, nothing of others', and all who wait at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyVmomi import vim

from tests.backend.vsphere.site import Hands, Site
from tests.contract import estate
from tests.vcsim.server import Fault
from wpf_infra.backend.vsphere.availability import Members, Wish, cluster_spec, touched
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.machines import Quarters
from wpf_infra.errors import BackendError
from wpf_infra.model.availability import RestartPriority

ONE, TWO, THREE, FOREIGN = (vim.VirtualMachine(f"vm-{n}") for n in range(4))
QUARTERS = Quarters(vim.Folder("group-hill"), vim.ResourcePool("pool-hill"))
APP = ("hill", "app")
MEDIUM, HIGH = RestartPriority.MEDIUM, RestartPriority.HIGH


def wish(
    ref: vim.VirtualMachine = ONE, priority: RestartPriority = MEDIUM, group: str | None = None, tenant: str = "hill"
) -> Wish:
    return Wish(ref, "hill/vm/app-1", tenant, QUARTERS, priority, group)


def override(ref: vim.VirtualMachine, priority: str | None, **more: Any) -> Any:
    settings = vim.cluster.DasVmSettings(restartPriority=priority, **more)
    return vim.cluster.DasVmConfigInfo(key=ref, dasSettings=settings)


def rule(name: str, *refs: vim.VirtualMachine, key: int = 1, enabled: bool = True) -> Any:
    return vim.cluster.AntiAffinityRuleSpec(key=key, name=name, enabled=enabled, mandatory=True, vm=list(refs))


def overrides_told(standing: list[Any], *wishes: Wish) -> list[tuple[str, str | None]]:
    spec: Any = cluster_spec(standing, [], wishes, {}, {})
    return [
        (each.operation, each.info.dasSettings.restartPriority if each.info else None)
        for each in (spec.dasVmConfigSpec if spec else ())
    ]


def rules_told(standing: list[Any], members: set[Any], others: set[Any] | None = None) -> list[tuple[Any, ...]]:
    told: Members = {APP: frozenset(members)}
    spec: Any = cluster_spec([], standing, [], told, {APP: frozenset(others or ())})
    return [
        (each.operation, each.removeKey) if each.info is None else (each.operation, each.info.key, set(each.info.vm))
        for each in (spec.rulesSpec if spec else ())
    ]


class TestOverrides:
    def test_medium_is_the_clusters_default_and_needs_none(self) -> None:
        assert overrides_told([], wish()) == []
        assert overrides_told([override(ONE, "clusterRestartPriority")], wish()) == []

    def test_added_changed_and_left(self) -> None:
        assert overrides_told([], wish(priority=HIGH)) == [("add", "high")]
        assert overrides_told([override(ONE, "low")], wish(priority=HIGH)) == [("edit", "high")]
        assert overrides_told([override(ONE, "high")], wish(priority=HIGH)) == []

    def test_medium_follows_the_cluster_again_and_what_somebody_else_set_stays(self) -> None:
        standing = [override(ONE, "high", isolationResponse="shutdown"), override(TWO, "high")]
        spec: Any = cluster_spec(standing, [], [wish()], {}, {})
        (change,) = spec.dasVmConfigSpec
        assert (change.operation, change.info.key) == ("edit", ONE)
        assert change.info.dasSettings.restartPriority == "clusterRestartPriority"
        assert change.info.dasSettings.isolationResponse is None

    def test_many_at_once(self) -> None:
        assert overrides_told([], wish(priority=HIGH), wish(TWO), wish(THREE, RestartPriority.LOW)) == [
            ("add", "high"),
            ("add", "low"),
        ]


class TestRules:
    NAME = "wpf:hill:app"

    def test_it_stands_from_the_second_on(self) -> None:
        assert rules_told([], {ONE}) == []
        assert rules_told([], {ONE, TWO}) == [("add", None, {ONE, TWO})]

    def test_it_is_new_mandatory_and_on(self) -> None:
        spec = cluster_spec([], [], [], {APP: frozenset({ONE, TWO})}, {})
        assert spec is not None
        info: Any = spec.rulesSpec[0].info
        assert (info.name, info.enabled, info.mandatory) == (self.NAME, True, True)

    def test_who_comes_and_goes(self) -> None:
        two = [rule(self.NAME, ONE, TWO)]
        assert rules_told(two, {ONE, TWO}) == []
        assert rules_told(two, {ONE, TWO, THREE}) == [("edit", 1, {ONE, TWO, THREE})]
        assert rules_told(two, {ONE, THREE}, {TWO}) == [("edit", 1, {ONE, THREE})]

    def test_it_goes_with_the_last_but_one(self) -> None:
        assert rules_told([rule(self.NAME, ONE, TWO)], {ONE}, {TWO}) == [("remove", 1)]
        assert rules_told([rule(self.NAME, ONE)], {ONE}) == [("remove", 1)]

    def test_who_was_not_read_stays(self) -> None:
        """A server that somebody moved to another folder is none the less in its group."""
        assert rules_told([rule(self.NAME, ONE, FOREIGN)], {ONE}) == []

    def test_one_that_was_switched_off_is_on_again(self) -> None:
        assert rules_told([rule(self.NAME, ONE, TWO, enabled=False)], {ONE, TWO}) == [("edit", 1, {ONE, TWO})]

    def test_two_of_one_name_become_one(self) -> None:
        """Two processes may have made it in the same moment."""
        standing = [rule(self.NAME, ONE, TWO, key=5), rule(self.NAME, ONE, TWO, key=3)]
        assert rules_told(standing, {ONE, TWO}) == [("remove", 5)]

    def test_a_wish_touches_its_group_and_the_one_it_leaves(self) -> None:
        rules = [rule(self.NAME, ONE, TWO), rule("wpf:lake:app", ONE), rule("by hand", ONE), rule("wpf:hill:db", TWO)]
        assert touched(rules, [wish(group="web")]) == {APP, ("hill", "web")}
        assert touched(rules, [wish(THREE)]) == frozenset()


class TestQueue:
    """On the server: many at once, others' things untouched, a busy cluster asked again."""

    def servers(self, site: Site, number: int, **more: Any) -> list[MachineSeen]:
        return [site.clone(estate.server(f"app-{n}", host=n, **more), host=n % 4) for n in range(1, number + 1)]

    def test_all_who_wait_go_together(self, site: Site) -> None:
        servers = self.servers(site, 12)
        site.vcenter.task_duration(100, methods=("ReconfigureComputeResource_Task",))
        site.vcenter.reset_calls()
        with ThreadPoolExecutor(12) as pool:
            wishes = [Wish.of(seen, site.quarters, HIGH, None) for seen in servers]
            list(pool.map(lambda wish: site.availability.settle(site.cluster, wish), wishes))
        assert site.vcenter.calls()["ReconfigureComputeResource_Task"] <= 3
        assert {each.key for each in site.config().dasVmConfig} == {seen.ref for seen in servers}

    def test_two_processes_at_once_lose_nobody(self, site: Site) -> None:
        servers = self.servers(site, 4, anti_affinity="app")
        other = Site(site.vcenter, site.folder, site.pool, site.portgroup_key)

        def settle(numbered: tuple[int, MachineSeen]) -> None:
            process = (site, other)[numbered[0] % 2]
            process.availability.settle(process.cluster, Wish.of(numbered[1], site.quarters, HIGH, "app"))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(settle, enumerate(servers)))
        other.connection.close()
        (rule,) = site.config().rule
        assert set(rule.vm) == {seen.ref for seen in servers}

    def test_a_busy_cluster_is_asked_again(self, site: Site) -> None:
        (seen,) = self.servers(site, 1)
        busy = Fault(methods=("ReconfigureComputeResource_Task",), fault="ConcurrentAccess", times=2, when="task")
        site.vcenter.fail(busy)
        site.availability.settle(site.cluster, Wish.of(seen, site.quarters, HIGH, None))
        assert [each.dasSettings.restartPriority for each in site.config().dasVmConfig] == ["high"]

    def test_one_that_cannot_be_does_not_take_the_others_along(self, site: Site, hands: Hands) -> None:
        gone, *servers = self.servers(site, 4)
        hands.destroy(gone)
        site.vcenter.task_duration(50, methods=("ReconfigureComputeResource_Task",))

        def settle(seen: MachineSeen) -> bool:
            try:
                site.availability.settle(site.cluster, Wish.of(seen, site.quarters, HIGH, None))
            except BackendError:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(settle, [gone, *servers])) == [False, True, True, True]

    def test_others_rules_and_overrides_stay(self, site: Site, hands: Hands) -> None:
        first, second, third = self.servers(site, 3)
        theirs = vim.cluster.AntiAffinityRuleSpec(
            name="theirs", enabled=True, mandatory=False, vm=[hands.own(first.ref), hands.own(second.ref)]
        )
        spec = vim.cluster.ConfigSpecEx(
            rulesSpec=[vim.cluster.RuleSpec(operation="add", info=theirs)],
            dasVmConfigSpec=[vim.cluster.DasVmConfigSpec(operation="add", info=override(hands.own(third.ref), "low"))],
        )
        hands.does(lambda: hands.own(site.cluster).ReconfigureComputeResource_Task(spec, True))
        for priority in (HIGH, MEDIUM):
            site.availability.settle(site.cluster, Wish.of(first, site.quarters, priority, None))
        assert [rule.name for rule in site.config().rule] == ["theirs"]
        assert {each.key: each.dasSettings.restartPriority for each in site.config().dasVmConfig} == {
            third.ref: "low",
            first.ref: "clusterRestartPriority",
        }
