"""What may be ordered: sizes and operating systems of the platform's menu (FAQ 15, 16, 20).

Here: rules that compare a server with the menu. Not here: what a change of size does (`wpf_infra.plan`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule, suggestion


def disk_sizes(context: Context) -> Iterator[Objection]:
    menu = context.platform.menu.disk_gb
    for server in context.servers:
        for name, disk in server.vm.disks.items():
            if disk.size_gb not in menu:
                yield _off_menu(f"{server.path}.disks.{name}.size_gb", disk.size_gb, "GB", menu, disk=True)


def cpu_sizes(context: Context) -> Iterator[Objection]:
    menu = context.platform.menu.cpu
    for server in context.servers:
        if server.vm.cpu not in menu:
            yield _off_menu(f"{server.path}.cpu", server.vm.cpu, "vCPU", menu)


def memory_sizes(context: Context) -> Iterator[Objection]:
    menu = context.platform.menu.memory_gib
    for server in context.servers:
        if server.vm.memory_gib not in menu:
            yield _off_menu(f"{server.path}.memory_gib", server.vm.memory_gib, "GiB", menu)


def operating_systems(context: Context) -> Iterator[Objection]:
    menu = context.platform.menu.os
    offered = ", ".join(sorted(menu))
    for server in context.servers:
        if server.vm.os not in menu:
            yield Objection(
                f"{server.path}.os",
                Text(
                    en=f"`{server.vm.os}` is no OS template of the platform ({offered})",
                    ja=f"`{server.vm.os}` は基盤のOSテンプレートにありません（{offered}）",
                ),
                suggestion(
                    server.vm.os,
                    menu,
                    Text(en="order one of the templates", ja="テンプレートの中から選んでください"),
                ),
            )


def _off_menu(path: str, size: int, unit: str, menu: Iterable[int], *, disk: bool = False) -> Objection:
    sizes = sorted(menu)
    offered = ", ".join(map(str, sizes))
    larger = next((each for each in sizes if each > size), None)
    if larger is not None:
        remedy = Text(
            en=f"order {larger} {unit}, the next larger size", ja=f"次に大きい {larger} {unit} にしてください"
        )
    elif disk and sizes:
        remedy = Text(
            en=f"order several disks of up to {sizes[-1]} {unit}",
            ja=f"{sizes[-1]} {unit} 以下のディスクに分けてください",
        )
    else:
        remedy = Text(en="order one of these sizes", ja="この中から選んでください")
    return Objection(
        path,
        Text(
            en=f"{size} {unit} is not on the menu ({offered} {unit})",
            ja=f"{size} {unit} はメニューにありません（{offered} {unit}）",
        ),
        remedy,
    )


RULES = (
    Rule(
        "disk-size-menu",
        15,
        Severity.ERROR,
        Text(en="a disk has a size of the menu", ja="ディスクはメニューの容量から選ぶ"),
        disk_sizes,
    ),
    Rule("cpu-menu", 16, Severity.ERROR, Text(en="CPUs are on the menu", ja="CPU数はメニューから選ぶ"), cpu_sizes),
    Rule(
        "memory-menu",
        16,
        Severity.ERROR,
        Text(en="memory is on the menu", ja="メモリ量はメニューから選ぶ"),
        memory_sizes,
    ),
    Rule(
        "os-menu",
        20,
        Severity.ERROR,
        Text(en="the OS is a template of the platform", ja="OSは基盤のテンプレートから選ぶ"),
        operating_systems,
    ),
)
