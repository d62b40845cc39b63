"""Names that have to mean something: clusters, vendors, storage classes, lines, servers behind a function.

Here: rules about references. A reference into something that could not be read is not called dangling. Not here: the
ends of allowances (`allowance`), images (`image`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule, suggestion


def clusters(context: Context) -> Iterator[Objection]:
    known = context.platform.clusters
    for owner, declared in context.owners:
        if declared.cluster not in known:
            yield unknown(f"{owner}.cluster", declared.cluster, known, Text(en="cluster", ja="クラスタ"))
    for class_name, storage_class in context.platform.storage_classes.items():
        for name, group in storage_class.groups.items():
            if group.cluster not in known:
                path = f"{PLATFORM}.storage_classes.{class_name}.groups.{name}.cluster"
                yield unknown(path, group.cluster, known, Text(en="cluster", ja="クラスタ"))


def vendors(context: Context) -> Iterator[Objection]:
    known = [name for name, tenant in context.tenants.items() if tenant.kind is TenantKind.VENDOR]
    for owner, tenant in context.tenants.items():
        if tenant.vendor is None or context.catalogue.is_unjudged(tenant.vendor):
            continue
        named = context.tenants.get(tenant.vendor)
        if named is None:
            yield unknown(f"{owner}.vendor", tenant.vendor, known, Text(en="vendor tenant", ja="ベンダーテナント"))
        elif named.kind is not TenantKind.VENDOR:
            yield Objection(
                f"{owner}.vendor",
                Text(
                    en=f"`{tenant.vendor}` is a utility tenant and serves nobody",
                    ja=f"`{tenant.vendor}` は事業者テナントで、ベンダーではありません",
                ),
                Text(en="name the vendor's tenant", ja="ベンダーテナントを指定してください"),
            )


def storage_classes(context: Context) -> Iterator[Objection]:
    """A disk's storage class exists, and has disks beside the cluster that its server runs on."""
    known = context.platform.storage_classes
    beside = {name: {group.cluster for group in each.groups.values()} for name, each in known.items()}
    for server in context.servers:
        for name, disk in server.vm.disks.items():
            path = f"{server.path}.disks.{name}.storage_class"
            if disk.storage_class not in known:
                yield unknown(path, disk.storage_class, known, Text(en="storage class", ja="ストレージクラス"))
            elif server.cluster in context.platform.clusters and server.cluster not in beside[disk.storage_class]:
                places = ", ".join(sorted(beside[disk.storage_class]))
                yield Objection(
                    path,
                    Text(
                        en=f"storage class `{disk.storage_class}` has no disks beside {server.cluster}, only {places}",
                        ja=f"ストレージクラス `{disk.storage_class}` は {server.cluster} になく、"
                        f"{places} だけにあります",
                    ),
                    Text(
                        en=f"choose a class that {server.cluster} has",
                        ja=f"{server.cluster} にあるクラスを選んでください",
                    ),
                )


def gateway_lines(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        for name, gateway in tenant.gateways.items():
            if gateway.line not in tenant.lines and not context.catalogue.is_unjudged(f"{owner}.lines.{gateway.line}"):
                yield unknown(f"{owner}.gateways.{name}.line", gateway.line, tenant.lines, Text(en="line", ja="回線"))


def platform_functions(context: Context) -> Iterator[Objection]:
    known = context.platform.vms
    for function, names in context.platform.services.items():
        for index, name in enumerate(names):
            if name not in known:
                path = f"{PLATFORM}.services.{function.value}.{index}"
                yield unknown(path, name, known, Text(en="server of the platform", ja="基盤のサーバ"))


def unknown(path: str, name: str, known: Collection[str], what: Text) -> Objection:
    there = ", ".join(sorted(known)[:8]) + (", …" if len(known) > 8 else "")
    otherwise = (
        Text(en=f"name one of {there}", ja=f"{there} から選んでください")
        if known
        else Text(en=f"declare the {what.en}, or leave this out", ja=f"{what.ja}を宣言するか、これを消してください")
    )
    return Objection(
        path,
        Text(en=f"there is no {what.en} `{name}`", ja=f"{what.ja} `{name}` はありません"),
        suggestion(name, known, otherwise),
    )


RULES = (
    Rule("cluster-exists", 12, Severity.ERROR, Text(en="a cluster exists", ja="クラスタが存在する"), clusters),
    Rule(
        "vendor-exists",
        None,
        Severity.ERROR,
        Text(en="`vendor` names a vendor tenant", ja="`vendor` はベンダーテナントを指す"),
        vendors,
    ),
    Rule(
        "storage-class-exists",
        12,
        Severity.ERROR,
        Text(en="a storage class exists beside the server's cluster", ja="ストレージクラスがサーバのクラスタにある"),
        storage_classes,
    ),
    Rule(
        "gateway-line-exists",
        None,
        Severity.ERROR,
        Text(en="a gateway stands on a line of its tenant", ja="ゲートウェイの回線が存在する"),
        gateway_lines,
    ),
    Rule(
        "platform-function-server",
        None,
        Severity.ERROR,
        Text(en="a platform function has servers that exist", ja="基盤機能のサーバが存在する"),
        platform_functions,
    ),
)
