"""A catalogue as sets of flows: what is meant, what passes, and what passes though nobody meant it.

Here: the sets, exact, as far as one asks for them. Not here: questions (`answer`) and differences (`difference`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wpf_infra.model.catalogue import Catalogue
from wpf_infra.network.cause import Cause, CauseKind
from wpf_infra.network.flow_set import Flow, FlowSet

__all__ = ["Cause", "CauseKind", "World"]


@dataclass(frozen=True)
class World:
    catalogue: Catalogue

    @classmethod
    def of(cls, catalogue: Catalogue) -> World:
        raise NotImplementedError

    def intents(self, within: FlowSet) -> Iterator[tuple[Cause, FlowSet]]:
        """Every declaration that means some of these flows, with what it means of them."""
        raise NotImplementedError

    def intended(self, within: FlowSet) -> FlowSet:
        raise NotImplementedError

    def permitted(self, within: FlowSet) -> FlowSet:
        raise NotImplementedError

    def residual(self, within: FlowSet) -> FlowSet:
        raise NotImplementedError

    def unfiltered(self, within: FlowSet) -> FlowSet:
        """What no filter sees: neither end is at a port of ours."""
        raise NotImplementedError

    def residues(self, within: FlowSet) -> Iterator[tuple[Cause | None, FlowSet]]:
        """What is left by which declaration of these flows, though nobody meant it; None: no filter sees it."""
        raise NotImplementedError

    def filter_owner(self, address: int) -> str | None:
        """Whose rules stand at the address's port; None where it has no port of ours."""
        raise NotImplementedError

    def dropped_by(self, flow: Flow) -> str | None:
        """Whose filter drops the flow first; None where it passes."""
        raise NotImplementedError
