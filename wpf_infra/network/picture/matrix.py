"""Who may talk to whom at a glance: a sparse matrix of owners, or of one tenant's ends and those they speak with.

Here: the cells, in words that are the same in every language. Not here: printing them (`wpf_infra.cli`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.flow.flow_set import EVERYTHING, Box, FlowSet, flows
from wpf_infra.network.picture.end import Directory, End
from wpf_infra.network.picture.passage import Passage, intended_passages, residual_passages, service_end
from wpf_infra.network.picture.port_words import port_words
from wpf_infra.network.reach.cause import Cause, CauseKind
from wpf_infra.network.reach.place import PlaceKind
from wpf_infra.network.reach.world import World
from wpf_infra.network.reach.zones import networks_inside
from wpf_infra.network.rules import EVERY_IPV4


@dataclass(frozen=True, slots=True)
class Cell:
    """What source may open to destination. intended: ports somebody declared, or a service has; residual: ports that
    pass all the same; allowances: the keys of those declared; services: those had.
    """

    source: str
    destination: str
    intended: tuple[str, ...] = ()
    residual: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    allowances: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """owner: whose it is, None for that of all owners. cells: those with something in them, by source and destination.
    unfiltered: ends of the owner's that no filter stands before; what they say among themselves and to others' of
    their kind is in no cell.
    """

    owner: str | None
    cells: tuple[Cell, ...]
    unfiltered: tuple[str, ...] = ()

    @cached_property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.source for cell in self.cells))

    @cached_property
    def destinations(self) -> tuple[str, ...]:
        return tuple(sorted({cell.destination for cell in self.cells}, key=_rank))

    def cell(self, source: str, destination: str) -> Cell:
        """Empty where nothing passes."""
        return self._by_ends.get((source, destination), Cell(source, destination))

    @cached_property
    def _by_ends(self) -> dict[tuple[str, str], Cell]:
        return {(cell.source, cell.destination): cell for cell in self.cells}


def matrix(world: World, owner: str | None) -> Matrix:
    """Of one tenant's ends (or the platform's own), or of all owners where `owner` is None: tenants and services."""
    directory = Directory(world.catalogue)
    within = EVERYTHING if owner is None else _all_of(world.catalogue, owner)
    passages = (*intended_passages(world, within, directory), *residual_passages(world, within, directory))
    sheets: dict[tuple[str, str], _Sheet] = {}
    for passage in passages:
        if passage.cause is not None and passage.source.owner is not None and passage.destination.owner is not None:
            ends = _named(passage.source, passage.cause, owner), _named(passage.destination, passage.cause, owner)
            sheets.setdefault(ends, _Sheet()).add(passage)
    cells = (sheet.cell(*ends) for ends, sheet in sheets.items())
    return Matrix(
        owner,
        tuple(sorted(cells, key=lambda cell: (_rank(cell.source), _rank(cell.destination)))),
        () if owner is None else tuple(_unfiltered(world.catalogue, owner)),
    )


@dataclass
class _Sheet:
    """What has been found for a cell so far."""

    intended: list[Box] = field(default_factory=list)
    residual: list[Box] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    allowances: set[str] = field(default_factory=set)

    def add(self, passage: Passage) -> None:
        (self.residual if passage.residual else self.intended).extend(passage.boxes)
        cause = passage.cause
        if cause is not None and not passage.residual:
            if cause.kind is CauseKind.SERVICE:
                self.services.add(cause.reason)
            elif cause.kind is CauseKind.ALLOWANCE and cause.key is not None:
                self.allowances.add(cause.key)

    def cell(self, source: str, destination: str) -> Cell:
        return Cell(
            source,
            destination,
            port_words(self.intended),
            port_words(self.residual),
            tuple(sorted(self.services)),
            tuple(sorted(self.allowances)),
        )


def _all_of(catalogue: Catalogue, owner: str) -> FlowSet:
    """Every flow that an end of the owner's has part in."""
    who = catalogue.owner(owner)
    assert who is not None
    return FlowSet.union(
        each for network in networks_inside(who) for each in (flows(network, EVERY_IPV4), flows(EVERY_IPV4, network))
    )


def _named(end: End, cause: Cause, owner: str | None) -> str:
    """A service by its function; in the matrix of all owners any other end by its owner."""
    if owner != PLATFORM:
        end = service_end(end, cause)
    return str(end) if owner is not None or end.kind is PlaceKind.SERVICE else str(end.owner)


def _rank(name: str) -> tuple[bool, str]:
    """The platform and its services first."""
    return name.partition("/")[0] != PLATFORM, name


def _unfiltered(catalogue: Catalogue, owner: str) -> Iterator[str]:
    who = catalogue.owner(owner)
    assert who is not None
    yield from (f"{owner}/{name}" for name in sorted(who.endpoints))
    if isinstance(who, Tenant):
        yield from (f"{owner}/{name}" for name in sorted({*who.lines, *who.gateways}))
