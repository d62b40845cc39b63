"""What a drawing shows: all of a world, or what was asked and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.samples import GONE, catalogue
from wpf_infra.network.picture.arrow import Arrow
from wpf_infra.network.picture.picture import FrameKind, Picture, picture_of
from wpf_infra.network.reach.answer import Verdict
from wpf_infra.network.reach.place import find_place
from wpf_infra.network.reach.question import read_question
from wpf_infra.network.reach.world import World

OPERATORS = {
    "platform.endpoints": {"hosts": {"cidr": "10.33.0.0/24"}},
    "platform.allowances": {
        "upkeep": {"from": "ntp-1", "to": "hosts", "ports": ["tcp/22"], "reason": "upkeep"},
        "pulled": {"from": "ntp-2", "to": "kawa-systems/collector", "ports": ["tcp/8443"], "reason": "reports"},
    },
}


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(catalogue())


def asked(world: World, source: str, destination: str | None = None) -> Picture:
    if destination is None:
        return picture_of(world, find_place(world.catalogue, source))
    return picture_of(world, read_question(world.catalogue, source, destination))


def arrows(picture: Picture) -> Iterator[tuple[str, str, str, Verdict, bool]]:
    """Each as who, whom, ports, verdict, and whether who answers may speak first."""
    for arrow in (*picture.lanes, *picture.links):
        who, whom = (", ".join(map(str, side)) for side in (arrow.sources, arrow.destinations))
        yield who, whom, ", ".join(arrow.words), arrow.verdict, arrow.answers


def owners(picture: Picture) -> list[str | None]:
    return [frame.owner for frame in picture.frames]


def rows(picture: Picture) -> list[str]:
    return [str(row.end) for frame in picture.frames for row in frame.rows]


class TestTheWhole:
    def test_every_owner_has_a_frame_and_every_end_a_place(self, world: World) -> None:
        picture = picture_of(world)
        assert owners(picture) == ["kawa-systems", "minami-suido"]
        assert [frame.kind for frame in picture.frames] == [FrameKind.VENDOR, FrameKind.UTILITY]
        assert rows(picture) == [
            "kawa-systems/collector", "kawa-systems/maintenance",
            "minami-suido/app-1", "minami-suido/desk",
            "minami-suido/car", "minami-suido/north", "minami-suido/north-gw",
        ]  # fmt: skip
        assert [frame.also for frame in picture.frames] == [("collector-2",), ("app-2",)]

    def test_an_allowance_is_an_arrow_and_its_answers_a_part_of_it(self, world: World) -> None:
        """FAQ-22"""
        assert [arrow for arrow in arrows(picture_of(world)) if "platform" not in arrow[0] + arrow[1]] == [
            ("kawa-systems/maintenance", "minami-suido/app-1", "icmp, tcp/3389", Verdict.INTENDED, True),
            ("minami-suido/app-1", "kawa-systems/collector", "tcp/443, tcp/8883-8884", Verdict.INTENDED, True),
        ]

    def test_a_service_that_all_of_a_tenant_has_is_one_lane(self, world: World) -> None:
        """FAQ-1, FAQ-24, FAQ-28"""
        found = list(arrows(picture_of(world)))
        assert ("minami-suido", "platform/ntp", "udp/123", Verdict.INTENDED, True) in found
        assert ("minami-suido (10.64.1.0/24)", "platform/smtp", "tcp/25", Verdict.INTENDED, True) in found
        monitored = "minami-suido (10.64.1.0/24), minami-suido/north"
        assert ("platform/zabbix", monitored, "icmp, tcp/10050", Verdict.INTENDED, True) in found

    def test_what_was_not_ordered_and_passes_is_residual(self, world: World) -> None:
        assert ("kawa-systems/maintenance", "platform/smtp", "tcp/25", Verdict.RESIDUAL, True) in arrows(
            picture_of(world)
        )

    def test_services_with_the_same_ports_share_a_lane(self) -> None:
        changes = {"platform.services.portal": ["ntp-1"], "platform.services.authentication": ["ntp-1"]}
        lanes = [arrow[:3] for arrow in arrows(picture_of(World.of(catalogue(changes))))]
        assert ("minami-suido", "platform/portal, platform/authentication", "tcp/443") in lanes

    def test_the_operators_networks_have_a_frame_and_its_servers_a_chip(self) -> None:
        picture = picture_of(World.of(catalogue(OPERATORS)))
        assert owners(picture)[-1] == "platform" and picture.frames[-1].kind is FrameKind.PLATFORM
        found = [arrow[:3] for arrow in arrows(picture)]
        assert ("platform/ntp-1", "platform/hosts", "tcp/22") in found
        assert ("platform/ntp-2", "kawa-systems/collector", "tcp/8443") in found

    def test_without_services_there_is_nothing_in_the_platforms_column(self) -> None:
        picture = picture_of(World.of(catalogue({"platform.services": GONE})))
        assert picture.lanes == () and picture.services == {}

    def test_every_arrow_tells_its_declarations(self, world: World) -> None:
        def told(arrow: Arrow) -> str:
            return "; ".join(text.en for text in arrow.told)

        picture = picture_of(world)
        assert all(map(told, (*picture.lanes, *picture.links)))
        assert "minami-suido/telemetry: telemetry" in [told(link) for link in picture.links]


class TestAPlace:
    def test_it_shows_what_the_place_takes_part_in(self, world: World) -> None:
        picture = asked(world, "kawa-systems/collector")
        assert rows(picture) == ["kawa-systems/collector", "minami-suido/app-1"]
        assert all("kawa-systems/collector" in arrow[0] + arrow[1] for arrow in arrows(picture))

    def test_a_service_shows_its_tenants(self, world: World) -> None:
        picture = asked(world, "platform/zabbix")
        assert set(picture.services) >= {"zabbix"} and owners(picture) == ["kawa-systems", "minami-suido"]
        assert picture.links == ()

    def test_a_place_that_talks_to_nobody_is_drawn_alone(self) -> None:
        quiet = catalogue({"platform.services": GONE})
        picture = asked(World.of(quiet), "minami-suido/app-2")
        assert rows(picture) == ["minami-suido/app-2"] and not list(arrows(picture))


class TestAQuestion:
    def test_yes_is_an_arrow(self, world: World) -> None:
        picture = asked(world, "minami-suido/app-1", "kawa-systems/collector:tcp/443")
        assert list(arrows(picture)) == [
            ("minami-suido/app-1", "kawa-systems/collector", "tcp/443", Verdict.INTENDED, False)
        ]
        assert rows(picture) == ["kawa-systems/collector", "minami-suido/app-1"]
        assert picture.services == {} and not any(frame.also for frame in picture.frames)

    def test_no_is_a_blocked_arrow_that_says_by_whom(self, world: World) -> None:
        picture = asked(world, "kawa-systems/collector", "minami-suido/app-2:tcp/22")
        assert list(arrows(picture)) == [
            ("kawa-systems/collector", "minami-suido/app-2", "tcp/22", Verdict.BLOCKED, False)
        ]
        assert picture.links[0].told[0].en == "dropped by the filter of kawa-systems"

    def test_in_part_is_both(self, world: World) -> None:
        found = list(arrows(asked(world, "kawa-systems/collector", "minami-suido/app-1")))
        assert [(words, verdict) for _, _, words, verdict, _ in found] == [
            ("← tcp/443, ← tcp/8883-8884", Verdict.RESIDUAL),
            ("", Verdict.BLOCKED),
        ]

    def test_inside_an_owner_it_is_free(self, world: World) -> None:
        """FAQ-22"""
        found = list(arrows(asked(world, "minami-suido/app-1", "minami-suido/app-2:tcp/80")))
        assert found == [("minami-suido/app-1", "minami-suido/app-2", "tcp/80", Verdict.INTENDED, False)]

    def test_what_no_filter_sees_is_residual(self, world: World) -> None:
        picture = asked(world, "minami-suido/car", "kawa-systems/maintenance")
        assert list(arrows(picture)) == [
            ("minami-suido/car", "kawa-systems/maintenance", "any", Verdict.RESIDUAL, False)
        ]
        assert picture.links[0].told[0].en == "no filter of ours sees this"

    def test_an_address_of_nobodys_stands_outside(self, world: World) -> None:
        picture = asked(world, "192.0.2.1", "minami-suido/app-1")
        assert owners(picture) == ["minami-suido", None]
        assert [arrow[3] for arrow in arrows(picture)] == [Verdict.BLOCKED]

    def test_an_address_of_a_tenants_stands_in_its_frame(self, world: World) -> None:
        picture = asked(world, "10.64.1.77", "platform/ntp")
        assert ("minami-suido (10.64.1.77)", "platform/ntp", "udp/123", Verdict.INTENDED, False) in arrows(picture)

    def test_anything_is_told_by_its_owners(self, world: World) -> None:
        picture = asked(world, "any", "kawa-systems/collector")
        assert owners(picture) == ["kawa-systems", "minami-suido", None]
        assert ("any", "kawa-systems/collector", "", Verdict.BLOCKED, False) in arrows(picture)
