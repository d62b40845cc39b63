"""Who may declare that a server is on or off (FAQ 14).

Here: where `power` may stand. Not here: the hours of a start (`wpf_infra.plan`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.availability import Power
from wpf_infra.model.finding import Severity
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def vendors_own_power(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        if tenant.kind is not TenantKind.VENDOR:
            continue
        for name, vm in tenant.vms.items():
            keys = {"power": vm.power, "power_reason": vm.power_reason}
            declared = [key for key, value in keys.items() if value is not None]
            if declared:
                quoted = [f"`{key}`" for key in declared]
                yield Objection(
                    f"{owner}.vms.{name}.{declared[0]}",
                    Text(
                        en="in a vendor tenant the vendor stops and starts its servers itself, in the console",
                        ja="ベンダーテナントのサーバの停止・起動は、ベンダーが管理コンソールで行います",
                    ),
                    Text(en=f"leave {' and '.join(quoted)} out", ja=f"{' と '.join(quoted)} を消してください"),
                )


def reason_for_a_start(context: Context) -> Iterator[Objection]:
    for server in context.servers:
        tenant = context.tenants.get(server.owner)
        if tenant is not None and tenant.kind is TenantKind.VENDOR:
            continue  # neither key may stand there
        if server.vm.power_reason is not None and server.vm.power is not Power.ON:
            yield Objection(
                f"{server.path}.power_reason",
                Text(
                    en="a reason for a start outside 9:00-17:00 of a business day, and no start is declared",
                    ja="営業日9:00〜17:00以外に起動する理由ですが、起動の宣言がありません",
                ),
                Text(
                    en="declare `power: on` beside it, or leave it out",
                    ja="`power: on` を宣言するか、これを消してください",
                ),
            )


RULES = (
    Rule(
        "power-is-vendors",
        14,
        Severity.ERROR,
        Text(en="a vendor tenant declares no power state", ja="ベンダーテナントは電源状態を宣言しない"),
        vendors_own_power,
    ),
    Rule(
        "power-reason",
        14,
        Severity.WARNING,
        Text(en="a reason for a start stands beside `power: on`", ja="`power_reason` は `power: on` と一緒に書く"),
        reason_for_a_start,
    ),
)
