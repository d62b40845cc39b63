"""What is left out of a declaration: said, and refused unless due, in preview too (FAQ 13, 15).

Here: the hook that the engine runs before it deletes, in previews as well. Not here: the decision
(`wpf_infra.plan.deletion`). The engine asks no provider about deletes in a preview; the provider's Delete judges again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pulumi
from pydantic import ValidationError

from wpf_infra.language import Language
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import RESOURCES, Resource
from wpf_infra.plan.deletion import diff_deletion
from wpf_infra.plan.disturbance import Disturbance

if TYPE_CHECKING:
    from wpf_infra.model.observation import Observed

_NAME = "wpf-ending"
_LOUD = (Disturbance.STOP, Disturbance.ERASE)


def ending_hook(find: Callable[[Identity], Observed | None], now: datetime, language: Language) -> pulumi.ResourceHook:
    """The `before_delete` hook of every resource. find: looks at what is left out as it stands now."""

    def before_delete(args: pulumi.ResourceHookArgs) -> None:
        identity = Identity.parse(args.id)
        observed = find(identity)
        if observed is None:
            return
        # What stands has no end in it: a record that cannot be read makes no erasure due.
        recorded = _recorded(identity, args.old_inputs or args.old_outputs or {}) or observed.resource
        plan = diff_deletion(observed, recorded, now.date())
        lines = plan.lines(language)
        if plan.blocking:
            raise RuntimeError("\n".join(lines))
        for line, change in zip(lines, plan.changes, strict=True):
            (pulumi.log.warn if change.disturbance in _LOUD else pulumi.log.info)(line)

    return pulumi.ResourceHook(_NAME, before_delete, pulumi.ResourceHookOptions(on_dry_run=True))


def _recorded(identity: Identity, inputs: Mapping[str, Any]) -> Resource | None:
    """The inputs of the last run; None when a version wrote them that we cannot read."""
    try:
        return RESOURCES[identity.kind].model_validate(inputs)
    except ValidationError:
        return None
