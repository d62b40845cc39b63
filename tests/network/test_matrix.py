"""The matrix of who may talk to whom (FAQ-22): its cells hold what the world's sets say, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from netaddr import IPAddress

from tests.samples import catalogue
from wpf_infra.model.ports import Protocol
from wpf_infra.network.flow.flow_set import NUMBERS, Flow, only
from wpf_infra.network.picture.matrix import Cell, Matrix, matrix
from wpf_infra.network.reach.world import World

NO_MONITORING = {"minami-suido.options": ["smtp"]}


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(catalogue())


@pytest.fixture(scope="module")
def owners(world: World) -> Matrix:
    return matrix(world, None)


@pytest.fixture(scope="module")
def minami(world: World) -> Matrix:
    return matrix(world, "minami-suido")


class TestOwners:
    def test_allowances_between_two_owners_are_one_cell(self, owners: Matrix) -> None:
        """FAQ-22"""
        cell = owners.cell("minami-suido", "kawa-systems")
        assert cell.intended == ("tcp/443", "tcp/8883-8884")
        assert cell.allowances == ("minami-suido/telemetry",)

    def test_who_answers_may_speak_first_from_the_port_it_answers_on(self, owners: Matrix) -> None:
        cell = owners.cell("minami-suido", "kawa-systems")
        assert cell.residual == ("icmp", "← tcp/3389")

    def test_a_service_is_an_end_by_its_function(self, owners: Matrix) -> None:
        """FAQ-1"""
        assert owners.cell("kawa-systems", "platform/ntp") == Cell(
            "kawa-systems", "platform/ntp", ("udp/123",), services=("ntp",)
        )
        assert owners.cell("platform/ntp", "kawa-systems").residual == ("← udp/123",)

    def test_what_was_not_ordered_is_residual_for_who_has_no_filter(self, owners: Matrix) -> None:
        """FAQ-22: the platform speaks of whole spaces, and before a vendor's terminals stands no filter."""
        cell = owners.cell("kawa-systems", "platform/smtp")
        assert cell.intended == cell.services == () and cell.residual == ("tcp/25",)

    def test_inside_an_owner_everything_passes(self, owners: Matrix) -> None:
        """FAQ-22"""
        for owner in ("platform", "minami-suido", "kawa-systems"):
            assert owners.cell(owner, owner).intended == ("any",)

    def test_a_pair_that_says_nothing_to_each_other_has_no_cell(self) -> None:
        found = matrix(World.of(catalogue({"minami-suido.allowances": {}})), None)
        assert found.cell("minami-suido", "kawa-systems") == Cell("minami-suido", "kawa-systems")
        assert ("minami-suido", "kawa-systems") not in {(cell.source, cell.destination) for cell in found.cells}

    def test_the_platform_and_its_services_come_first(self, owners: Matrix) -> None:
        assert [end.partition("/")[0] == "platform" for end in owners.destinations] == sorted(
            (end.partition("/")[0] == "platform" for end in owners.destinations), reverse=True
        )
        assert owners.cells == tuple(dict.fromkeys(owners.cells))


class TestOneTenant:
    def test_ends_are_named(self, minami: Matrix) -> None:
        assert minami.cell("kawa-systems/maintenance", "minami-suido/app-1").intended == ("icmp", "tcp/3389")
        assert minami.cell("minami-suido/app-1", "kawa-systems/collector").allowances == ("minami-suido/telemetry",)

    def test_only_its_own_conversations_are_in_it(self, minami: Matrix) -> None:
        assert all(
            "minami-suido" in (cell.source.split("/")[0].split(" ")[0], cell.destination.split("/")[0].split(" ")[0])
            for cell in minami.cells
        )

    def test_its_lines_are_inside_and_have_their_services(self, minami: Matrix) -> None:
        """FAQ-28, FAQ-35"""
        assert minami.cell("minami-suido/north", "minami-suido (10.64.1.0/24)").intended == ("any",)
        assert minami.cell("platform/zabbix", "minami-suido/north").services == ("line-pings", "zabbix-polls")
        assert minami.cell("platform/zabbix", "minami-suido/car") == Cell("platform/zabbix", "minami-suido/car")

    def test_what_no_filter_stands_before_is_named_beside_it(self, minami: Matrix) -> None:
        assert minami.unfiltered == (
            "minami-suido/desk",
            "minami-suido/car",
            "minami-suido/north",
            "minami-suido/north-gw",
        )

    def test_without_the_option_a_line_reaches_what_it_has_not_ordered(self) -> None:
        found = matrix(World.of(catalogue(NO_MONITORING)), "minami-suido")
        cell = found.cell("minami-suido/north", "platform/zabbix")
        assert cell.services == () and "tcp/10051" in cell.residual


def test_the_platform_has_a_matrix_of_its_servers(world: World) -> None:
    found = matrix(world, "platform")
    assert found.cell("minami-suido (10.64.1.0/24)", "platform/ntp-1").intended == ("udp/123",)


@pytest.mark.parametrize("changes", [{}, NO_MONITORING], ids=["as it is", "without monitoring"])
def test_a_cell_between_two_servers_says_what_the_sets_say(changes: dict[str, Any]) -> None:
    world = World.of(catalogue(changes))
    found = matrix(world, "minami-suido")
    app, collector = (int(IPAddress(address)) for address in ("10.64.1.11", "10.96.1.10"))
    tcp = NUMBERS[Protocol.TCP]
    for port in (80, 443, 8883, 8884, 8885):
        flow = Flow(app, collector, tcp, 40000, port)
        said = found.cell("minami-suido/app-1", "kawa-systems/collector").intended
        told = {"tcp/443": range(443, 444), "tcp/8883-8884": range(8883, 8885)}
        assert (flow in world.intended(only(flow))) is any(port in told[word] for word in said)
