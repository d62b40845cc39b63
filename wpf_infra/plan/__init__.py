"""The plan: observed against declared, and what the difference does to people.

Here: pure decisions, one module a kind. Not here: reading the world, changing it, the engine's words for a diff.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wpf_infra.language import Text
from wpf_infra.model.observation import Observed, ObservedTenant, ObservedVm
from wpf_infra.model.resource import (
    AnchorResource,
    AuthorityResource,
    CertificateResource,
    ClusterResource,
    FirewallResource,
    ImageResource,
    LineResource,
    MaintenanceResource,
    MonitoringResource,
    Resource,
    StorageClassResource,
    TenantResource,
    UserResource,
    UserRollResource,
    VmResource,
)
from wpf_infra.plan.certificate import diff_anchor, diff_authority, diff_certificate
from wpf_infra.plan.disturbance import Plan
from wpf_infra.plan.firewall import diff_firewall
from wpf_infra.plan.image import diff_image
from wpf_infra.plan.monitoring import diff_monitoring
from wpf_infra.plan.party import diff_line, diff_maintenance, diff_user, diff_user_roll
from wpf_infra.plan.room import diff_cluster, diff_storage_class, diff_tenant
from wpf_infra.plan.vm import diff_vm


def diff(observed: Observed | None, desired: Resource, recorded: Resource | None, now: datetime) -> Plan:
    """The plan of one object. observed: live, None when it is gone; recorded: its inputs of the last run;
    now: in Asia/Tokyo.

    A plan of which anything waits or is refused has no steps: nothing of it may be carried out.
    Raises TypeError when the three are not of one kind: that is a fault of ours.
    """
    plan = _diff(observed, desired, recorded, now)
    plan = replace(plan, notes=(*plan.notes, *_copies(observed)))
    return replace(plan, steps=()) if plan.blocking else plan


def _copies(observed: Observed | None) -> tuple[Text, ...]:
    """Copies that somebody made by hand: nobody of ours touches them, and somebody ought to."""
    if not isinstance(observed, ObservedTenant):
        return ()
    return tuple(
        Text(
            en=f"{copy.name} in {observed.resource.tenant} is a copy of {copy.of} that somebody made by hand: it is "
            "left alone; started, it would have the same address; have its owner remove it, or move it out of the "
            "folder",
            ja=f"{observed.resource.tenant} の {copy.name} は {copy.of} を手作業で複製したものです。"
            "変更・削除は行いません。起動するとアドレスが重複するため、"
            "作成した方に削除かフォルダ外への移動を依頼してください",
        )
        for copy in observed.copies
    )


def _diff(observed: Observed | None, desired: Resource, recorded: Resource | None, now: datetime) -> Plan:
    is_ = observed.resource if observed else None
    match desired, is_, recorded:
        case VmResource(), VmResource() | None, VmResource() | None:
            assert observed is None or isinstance(observed, ObservedVm)
            return diff_vm(observed, desired, recorded, now)
        case TenantResource(), TenantResource() | None, TenantResource() | None:
            return diff_tenant(is_, desired, recorded)
        case ClusterResource(), ClusterResource() | None, _:
            return diff_cluster(is_, desired)
        case StorageClassResource(), StorageClassResource() | None, _:
            return diff_storage_class(is_, desired)
        case FirewallResource(), FirewallResource() | None, _:
            return diff_firewall(is_, desired)
        case ImageResource(), ImageResource() | None, _:
            return diff_image(is_, desired)
        case AuthorityResource(), AuthorityResource() | None, _:
            return diff_authority(observed, desired, now)
        case CertificateResource(), CertificateResource() | None, _:
            return diff_certificate(observed, desired, now)
        case AnchorResource(), AnchorResource() | None, _:
            return diff_anchor(observed, desired)
        case LineResource(), LineResource() | None, _:
            return diff_line(is_, desired, now)
        case MonitoringResource(), MonitoringResource() | None, _:
            return diff_monitoring(is_, desired)
        case UserResource(), UserResource() | None, UserResource() | None:
            return diff_user(is_, desired, recorded)
        case UserRollResource(), UserRollResource() | None, _:
            return diff_user_roll(is_, desired)
        case MaintenanceResource(), MaintenanceResource() | None, _:
            return diff_maintenance(is_, desired)
    raise TypeError(f"{desired.identity}: observed and declared are of different kinds")
