"""The program that the engine runs for a stack: load, judge, declare.

Here: everything that talks to the engine's SDK, except the hook for what is left out (`ending`). Not here: rules,
plans, and what a declaration looks like.
"""

from __future__ import annotations

import functools
import os
import signal
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from wpf_infra.calendar import NOW_VARIABLE
from wpf_infra.declare.ending import ending_hook
from wpf_infra.declare.lowering import not_applied, resources_of
from wpf_infra.errors import WpfError
from wpf_infra.language import Language, Text, spoken
from wpf_infra.loading.catalogue import load
from wpf_infra.loading.project import Project, find_project
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.resource import Resource, TenantResource, VmResource
from wpf_infra.network.resolve import touched_tenants
from wpf_infra.policy import judge

if TYPE_CHECKING:
    from wpf_infra.backend.contract import Backend

_JUDGE = "wpf:plan:judge"
_SETTINGS = ("backend", "simulator", "vsphere", "registry", "zabbix")


def run(start: Path | None = None) -> None:
    """Declare the current stack. start: a folder inside the project, else the working directory."""
    # The engine interrupts the program when a preview fails; there is nothing to add to what it said.
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    language = spoken()
    try:
        project = find_project(start or Path.cwd())
        stack = pulumi.get_stack()
        now = project.now(os.environ.get(NOW_VARIABLE) or pulumi.Config("wpf").get("now"))
        catalogue = _catalogue(project, stack, now, language)
        resources = tuple(resources_of(catalogue, stack))
    except WpfError as error:
        raise pulumi.RunError(error.sentence(language)) from None
    if waiting := not_applied(catalogue, stack):
        text = Text(en="declared, not applied yet", ja="宣言済み・未適用")
        pulumi.log.info(f"{text.in_(language)}: {', '.join(waiting)}")
    if not pulumi.runtime.is_dry_run():
        _nothing_blocks(resources)
    _register(resources, ending_hook(functools.partial(_backend, project.root), now, language))


def _catalogue(project: Project, stack: str, now: Any, language: Language) -> Catalogue:
    """The catalogue, judged. Raises RunError with every error that concerns the stack, and what cannot be read at all:
    an unread file may hold allowances of this stack, and leaving them out would cut conversations.
    """
    loaded = load(project.root)
    errors = [error.sentence(language) for error in loaded.unreadable]
    findings = list(loaded.findings)
    if loaded.catalogue is not None:
        if stack != PLATFORM and stack not in loaded.catalogue.tenants and not errors and not findings:
            raise _undeclared(stack)
        own = {stack, PLATFORM, *touched_tenants(loaded.catalogue, stack)}
        findings += [each for each in judge(loaded.catalogue, now) if each.path.partition(".")[0] in own]
    errors += [each.located(language) for each in findings if each.severity is Severity.ERROR]
    if errors or loaded.catalogue is None:
        raise pulumi.RunError("\n".join(errors))
    return loaded.catalogue


def _undeclared(stack: str) -> WpfError:
    return WpfError(
        Text(
            en=f"there is no stacks/tenants/{stack}.yaml or .py for the stack {stack}",
            ja=f"スタック {stack} の stacks/tenants/{stack}.yaml（または .py）がありません",
        ),
        remedy=Text(
            en="select a stack named after a tenant, or put the file back; to end a contract, retire its servers first",
            ja="テナント名のスタックを選ぶか、ファイルを戻してください。契約終了は、まずサーバの解約 (retire) からです",
        ),
        row=13,
    )


def _nothing_blocks(resources: tuple[Resource, ...]) -> None:
    """Before the first change of a run: is any server waiting or refused, as things stand now? Then nothing is applied,
    also where the engine was told to skip its preview.
    """
    servers = defaultdict(list)
    for resource in resources:
        if isinstance(resource, VmResource):
            servers[resource.type_name].append(resource.data())
    blocking = pulumi.runtime.invoke(_JUDGE, dict(servers)).value["blocking"]
    if blocking:
        raise pulumi.RunError("\n".join(blocking))


def _register(resources: tuple[Resource, ...], hook: pulumi.ResourceHook) -> None:
    """Declares each to the engine: the tenant after what it stands on, its servers and policy after the tenant.

    Dependencies, not parents: a parent is part of a URN, and an imported server would not be the declared one.
    """
    ground: list[pulumi.Resource] = []
    room: list[pulumi.Resource] = []
    for resource in resources:
        options = pulumi.ResourceOptions(
            hooks=pulumi.ResourceHookBinding(before_delete=[hook]),
            depends_on=list(ground) if isinstance(resource, TenantResource) else list(room),
        )
        declared = pulumi.CustomResource(resource.type_name, resource.identity.name, resource.data(), options)
        if isinstance(resource, TenantResource):
            room = [declared]
        elif not room:
            ground.append(declared)


def _backend(root: Path) -> Backend:
    from wpf_infra.backend.select import open_backend  # only a deletion needs it

    config = pulumi.Config("wpf")
    return open_backend({name: value for name in _SETTINGS if (value := config.get(name))}, root)
