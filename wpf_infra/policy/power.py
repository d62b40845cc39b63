"""Who may declare that a server is on or off (FAQ 14).

Here: where `power` may stand. Not here: the hours of a start (`wpf_infra.plan`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule


def vendors_own_power(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        if tenant.kind is not TenantKind.VENDOR:
            continue
        for name, vm in tenant.vms.items():
            for key, value in (("power", vm.power), ("power_reason", vm.power_reason)):
                if value is not None:
                    yield Objection(
                        f"{owner}.vms.{name}.{key}",
                        Text(
                            en="in a vendor tenant the vendor stops and starts its servers itself, in the console",
                            ja="ベンダーテナントのサーバの停止・起動は、ベンダーが管理コンソールで行います",
                        ),
                        Text(en=f"leave `{key}` out", ja=f"`{key}` を消してください"),
                    )


RULES = (
    Rule(
        "power-is-vendors",
        14,
        Severity.ERROR,
        Text(en="a vendor tenant declares no power state", ja="ベンダーテナントは電源状態を宣言しない"),
        vendors_own_power,
    ),
)
