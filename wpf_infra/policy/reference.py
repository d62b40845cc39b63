"""Names that have to mean something: clusters, vendors, storage classes, images, lines, servers behind a function.

Here: rules about references. A reference into something that could not be read is not called dangling. Not here: the
ends of allowances (`allowance`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenancy import TenantKind
from wpf_infra.model.tenant import Tenant
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule, suggestion


def clusters(context: Context) -> Iterator[Objection]:
    known = context.platform.clusters
    for owner, declared in context.owners:
        if declared.cluster not in known:
            yield _unknown(f"{owner}.cluster", declared.cluster, known, Text(en="cluster", ja="クラスタ"))
    for class_name, storage_class in context.platform.storage_classes.items():
        for name, group in storage_class.groups.items():
            if group.cluster not in known:
                path = f"{PLATFORM}.storage_classes.{class_name}.groups.{name}.cluster"
                yield _unknown(path, group.cluster, known, Text(en="cluster", ja="クラスタ"))


def vendors(context: Context) -> Iterator[Objection]:
    known = [name for name, tenant in context.tenants.items() if tenant.kind is TenantKind.VENDOR]
    for owner, tenant in context.tenants.items():
        if tenant.vendor is None or context.catalogue.is_unjudged(tenant.vendor):
            continue
        named = context.tenants.get(tenant.vendor)
        if named is None:
            yield _unknown(f"{owner}.vendor", tenant.vendor, known, Text(en="vendor tenant", ja="ベンダーテナント"))
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
                yield _unknown(path, disk.storage_class, known, Text(en="storage class", ja="ストレージクラス"))
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


def images(context: Context) -> Iterator[Objection]:
    """An image is of a server, a server from an image, both of the tenant itself; the copy has the original's OS."""
    for owner, tenant in context.tenants.items():
        for name, image in tenant.images.items():
            if image.of not in tenant.vms and not context.catalogue.is_unjudged(f"{owner}.vms.{image.of}"):
                yield _unknown(f"{owner}.images.{name}.of", image.of, tenant.vms, Text(en="server", ja="サーバ"))
        for name, vm in tenant.vms.items():
            if vm.from_image is not None:
                yield from _from_image(context, owner, tenant, name, vm.from_image)
    for name, vm in context.platform.vms.items():
        if vm.from_image is not None:
            yield _unknown(f"{PLATFORM}.vms.{name}.from_image", vm.from_image, (), Text(en="image", ja="イメージ"))


def _from_image(context: Context, owner: str, tenant: Tenant, name: str, image_name: str) -> Iterator[Objection]:
    path = f"{owner}.vms.{name}.from_image"
    image = tenant.images.get(image_name)
    if image is None:
        if not context.catalogue.is_unjudged(f"{owner}.images.{image_name}"):
            yield _unknown(path, image_name, tenant.images, Text(en="image", ja="イメージ"))
        return
    if _leads_back(tenant, name):
        yield Objection(
            path,
            Text(
                en=f"the image `{image_name}` is, in the end, made of this very server",
                ja=f"イメージ `{image_name}` は、元をたどるとこのサーバ自身から作られています",
            ),
            Text(en="deploy one of them from its OS template", ja="どれか1台はOSテンプレートから作ってください"),
        )
        return
    original = tenant.vms.get(image.of)
    if original is not None and original.os != tenant.vms[name].os:
        yield Objection(
            path,
            Text(
                en=f"the image is of `{image.of}` with {original.os}, the server declares {tenant.vms[name].os}",
                ja=f"イメージの元 `{image.of}` は {original.os} ですが、このサーバは {tenant.vms[name].os} です",
            ),
            Text(en="declare the OS of the image", ja="イメージと同じOSにしてください"),
        )


def _leads_back(tenant: Tenant, start: str) -> bool:
    """Does following images from the server come back to it?"""
    seen: set[str] = set()
    name: str | None = start
    while name is not None and name not in seen:
        seen.add(name)
        vm = tenant.vms.get(name)
        image = tenant.images.get(vm.from_image) if vm is not None and vm.from_image is not None else None
        name = image.of if image is not None else None
    return name == start


def gateway_lines(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        for name, gateway in tenant.gateways.items():
            if gateway.line not in tenant.lines and not context.catalogue.is_unjudged(f"{owner}.lines.{gateway.line}"):
                yield _unknown(f"{owner}.gateways.{name}.line", gateway.line, tenant.lines, Text(en="line", ja="回線"))


def platform_functions(context: Context) -> Iterator[Objection]:
    known = context.platform.vms
    for function, names in context.platform.services.items():
        for index, name in enumerate(names):
            if name not in known:
                path = f"{PLATFORM}.services.{function.value}.{index}"
                yield _unknown(path, name, known, Text(en="server of the platform", ja="基盤のサーバ"))


def _unknown(path: str, name: str, known: Collection[str], what: Text) -> Objection:
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
        "image-exists",
        25,
        Severity.ERROR,
        Text(en="an image and its original are the tenant's own", ja="イメージとその元が同じテナントにある"),
        images,
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
