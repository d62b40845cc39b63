"""What a tenant ordered altogether stays within its quota.

Here: sums against the quota. Not here: what the platform can carry (`capacity`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def quotas(context: Context) -> Iterator[Objection]:
    for owner, declared in context.owners:
        vms = declared.vms.values()
        for resource, unit, limit, used in (
            ("cpu", "vCPU", declared.quota.cpu, sum(vm.cpu for vm in vms)),
            ("memory_gib", "GiB", declared.quota.memory_gib, sum(vm.memory_gib for vm in vms)),
            (
                "storage_gb",
                "GB",
                declared.quota.storage_gb,
                sum(disk.size_gb for vm in vms for disk in vm.disks.values()),
            ),
        ):
            if used > limit:
                yield Objection(
                    f"{owner}.quota.{resource}",
                    Text(
                        en=f"{used} {unit} are declared, {used - limit} more than the quota of {limit}",
                        ja=f"宣言の合計は {used} {unit} で、上限 {limit} {unit} を {used - limit} {unit} 超えています",
                    ),
                    Text(
                        en=f"order {used - limit} {unit} less, or have the quota raised to {used}",
                        ja=f"{used - limit} {unit} 減らすか、上限を {used} に引き上げてください",
                    ),
                )


RULES = (
    Rule("quota", None, Severity.ERROR, Text(en="orders stay within the quota", ja="上限の範囲で注文する"), quotas),
)
