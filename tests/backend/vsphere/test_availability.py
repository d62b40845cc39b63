"""What a cluster is told of its servers: the difference, nothing of others', and all who wait at once."""

from __future__ import annotations

from typing import Any

from pyVmomi import vim

from wpf_infra.backend.vsphere.availability import Members, Wish, cluster_spec, touched
from wpf_infra.model.availability import RestartPriority

ONE, TWO, THREE, FOREIGN = (vim.VirtualMachine(f"vm-{n}") for n in range(4))
FOLDER = vim.Folder("group-hill")
APP = ("hill", "app")
MEDIUM, HIGH = RestartPriority.MEDIUM, RestartPriority.HIGH


def wish(
    ref: vim.VirtualMachine = ONE, priority: RestartPriority = MEDIUM, group: str | None = None, tenant: str = "hill"
) -> Wish:
    return Wish(ref, "hill/vm/app-1", tenant, FOLDER, priority, group)


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

    def test_taken_away_with_medium(self) -> None:
        standing = [override(ONE, "high"), override(TWO, "high")]
        spec = cluster_spec(standing, [], [wish()], {}, {})
        assert spec is not None
        assert [(each.operation, each.removeKey) for each in spec.dasVmConfigSpec] == [("remove", ONE)]

    def test_what_somebody_else_set_in_it_stays(self) -> None:
        standing = [override(ONE, "high", isolationResponse="shutdown")]
        assert overrides_told(standing, wish()) == [("edit", "clusterRestartPriority")]

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
