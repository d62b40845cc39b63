"""Maintenance of the platform: when, on what, and announced how long ahead (FAQ 2).

Here: its declaration. Not here: who is affected, and the mail (`wpf_infra.report`, later); the lead time
(`wpf_infra.policy`).
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from wpf_infra.language import Text
from wpf_infra.model.agreement import Agreed
from wpf_infra.model.function import Function
from wpf_infra.model.scalar import Date, Flag, Id, Instant
from wpf_infra.model.tenancy import BilingualName
from wpf_infra.model.value import SORTED, Faq, Value, refusal


class MaintenanceTargets(Value):
    """What is worked on; who stands on it is affected."""

    clusters: Annotated[frozenset[Id], SORTED] = frozenset()
    """Whole clusters."""
    hosts: Annotated[frozenset[Id], SORTED] = frozenset()
    """Single hosts."""
    raid_groups: Annotated[frozenset[Id], SORTED] = frozenset()
    """RAID groups."""
    functions: Annotated[frozenset[Function], SORTED] = frozenset()
    """The platform's own services."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.clusters or self.hosts or self.raid_groups or self.functions):
            raise refusal(
                Text(
                    en="maintenance has a target: clusters, hosts, raid_groups or functions",
                    ja="メンテナンスの対象（clusters・hosts・raid_groups・functions）がありません",
                ),
                Text(en="name what is worked on", ja="作業の対象を書いてください"),
            )
        return self


class Maintenance(Value):
    title: Annotated[BilingualName, Faq(2)]
    """What is done, for the mail's subject."""
    announced: Annotated[Date, Faq(2)]
    """The day the mail goes out."""
    starts: Annotated[Instant, Faq(2)]
    """When the work begins."""
    ends: Annotated[Instant, Faq(2)]
    """When it is over."""
    targets: Annotated[MaintenanceTargets, Faq(2)]
    """What is worked on."""
    emergency: Annotated[Flag, Faq(2)] = False
    """Emergency work is announced when it can be."""
    agreed: Annotated[Agreed | None, Faq(2)] = None
    """Excuses an announcement less than two weeks ahead."""
