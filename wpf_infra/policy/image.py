"""Images: what is captured, and what a copy of it has to be (FAQ 15, 25).

Here: rules about `images` and `from_image`. Not here: the option that they need (`option`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.vm import VirtualMachine
from wpf_infra.policy.context import Context
from wpf_infra.policy.reference import unknown
from wpf_infra.policy.rule import Objection, Rule


def images(context: Context) -> Iterator[Objection]:
    """An image is of a server, a server from an image, both of the tenant itself; the copy has the original's OS."""
    for owner, tenant in context.tenants.items():
        for name, image in tenant.images.items():
            if image.of not in tenant.vms and not context.catalogue.is_unjudged(f"{owner}.vms.{image.of}"):
                yield unknown(f"{owner}.images.{name}.of", image.of, tenant.vms, Text(en="server", ja="サーバ"))
        for name, vm in tenant.vms.items():
            if vm.from_image is not None:
                yield from _from_image(context, owner, tenant, name, vm.from_image)
    for name, vm in context.platform.vms.items():
        if vm.from_image is not None:
            yield unknown(f"{PLATFORM}.vms.{name}.from_image", vm.from_image, (), Text(en="image", ja="イメージ"))


def _from_image(context: Context, owner: str, tenant: Tenant, name: str, image_name: str) -> Iterator[Objection]:
    path = f"{owner}.vms.{name}.from_image"
    image = tenant.images.get(image_name)
    if image is None:
        if not context.catalogue.is_unjudged(f"{owner}.images.{image_name}"):
            yield unknown(path, image_name, tenant.images, Text(en="image", ja="イメージ"))
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


def image_disks_there(context: Context) -> Iterator[Objection]:
    """A copy begins with what was captured. A disk of the original that is to end need not be in it."""
    for owner, name, image_of, original, copy in _copies(context):
        path = f"{owner}.vms.{name}.disks"
        missing = [
            disk
            for disk, declared in original.disks.items()
            if disk not in copy.disks
            and declared.retire is None
            and not context.catalogue.is_unjudged(f"{path}.{disk}")
        ]
        if missing:
            named = ", ".join(f"`{disk}`" for disk in sorted(missing))
            yield Objection(
                path,
                Text(
                    en=f"the image is of `{image_of}`, whose {named} is missing here",
                    ja=f"イメージの元 `{image_of}` にある {named} がありません",
                ),
                Text(
                    en=f"declare {named} with at least the original's size",
                    ja=f"{named} を元と同じかそれ以上の容量で宣言してください",
                ),
            )


def image_disks_fit(context: Context) -> Iterator[Objection]:
    for owner, name, image_of, original, copy in _copies(context):
        for disk, declared in copy.disks.items():
            captured = original.disks.get(disk)
            doubtful = context.catalogue.is_unjudged(f"{owner}.vms.{image_of}.disks.{disk}")
            if captured is not None and not doubtful and declared.size_gb < captured.size_gb:
                yield Objection(
                    f"{owner}.vms.{name}.disks.{disk}.size_gb",
                    Text(
                        en=f"{declared.size_gb} GB, while the image of `{image_of}` has {captured.size_gb} GB there: "
                        "a copy cannot shrink",
                        ja=f"{declared.size_gb} GB ですが、イメージの元 `{image_of}` は {captured.size_gb} GB です。"
                        "複製時に縮小はできません",
                    ),
                    Text(
                        en=f"declare {captured.size_gb} GB or more",
                        ja=f"{captured.size_gb} GB 以上にしてください",
                    ),
                )


def _copies(context: Context) -> Iterator[tuple[str, str, str, VirtualMachine, VirtualMachine]]:
    """Owner, the copy's name, the original's, and both, of each server that is made of another's image."""
    for owner, tenant in context.tenants.items():
        for name, vm in tenant.vms.items():
            image = tenant.images.get(vm.from_image) if vm.from_image is not None else None
            original = tenant.vms.get(image.of) if image is not None else None
            if image is not None and original is not None and not _leads_back(tenant, name):
                yield owner, name, image.of, original, vm


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


RULES = (
    Rule(
        "image-exists",
        25,
        Severity.ERROR,
        Text(en="an image and its original are the tenant's own", ja="イメージとその元が同じテナントにある"),
        images,
    ),
    Rule(
        "image-disk-missing",
        25,
        Severity.ERROR,
        Text(en="a copy has every disk of its image", ja="複製したサーバにイメージの全ディスクがある"),
        image_disks_there,
    ),
    Rule(
        "image-disk-size",
        15,
        Severity.ERROR,
        Text(en="a copy's disk is no smaller than its image's", ja="複製したサーバのディスクがイメージより小さくない"),
        image_disks_fit,
    ),
)
