"""The program that the engine runs for a stack: load, judge, declare.

Here: everything that talks to the engine's SDK, except the hook for what is left out (`ending`). Not here: rules,
plans, and what a declaration looks like.
"""

from __future__ import annotations

import functools
import itertools
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pulumi

from wpf_infra.backend.leaving import end_process
from wpf_infra.calendar import NOW_VARIABLE
from wpf_infra.declare.ending import ending_hook
from wpf_infra.declare.lowering import resources_of
from wpf_infra.declare.order import in_order
from wpf_infra.errors import WpfError
from wpf_infra.language import Language, Text, spoken
from wpf_infra.loading.catalogue import load
from wpf_infra.loading.project import Project, find_project
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM, Identity
from wpf_infra.model.resource import JUDGE, Resource
from wpf_infra.network.resolve import touched_tenants
from wpf_infra.policy import judge

if TYPE_CHECKING:
    from wpf_infra.backend.contract import Backend
    from wpf_infra.model.observation import Observed

_TOLD = 32
"""The exit code by which the language host knows that the program has said what is wrong."""
_SETTINGS = ("backend", "simulator", "vsphere", "registry", "zabbix", "now")


def run(start: Path | None = None) -> None:
    """Declare the current stack. start: a folder inside the project, else the working directory."""
    lent: set[Backend] = set()
    # The engine interrupts the program when a preview fails; there is nothing to add to what it said.
    signal.signal(signal.SIGINT, lambda *_: end_process(1, functools.partial(_give_back, lent)))
    language = spoken()
    try:
        project = find_project(start or Path.cwd())
        stack = pulumi.get_stack()
        now = project.now(os.environ.get(NOW_VARIABLE) or pulumi.Config("wpf").get("now"))
        catalogue = _catalogue(project, stack, now, language)
        resources = tuple(resources_of(catalogue, stack))
    except WpfError as error:
        _stop([error.sentence(language)])
    hook = ending_hook(functools.partial(_find, project.root, lent), now, language)
    _nothing_blocks(resources)
    _register(resources, hook)


def _catalogue(project: Project, stack: str, now: Any, language: Language) -> Catalogue:
    """The catalogue, judged. Stops with every error that concerns the stack, and what cannot be read at all:
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
        _stop(errors)
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


def _stop(lines: Iterable[str]) -> NoReturn:
    """Ends the program with what a user has to read, and nothing else."""
    for line in lines:
        pulumi.log.error(line)
    sys.exit(_TOLD)


def _nothing_blocks(resources: tuple[Resource, ...]) -> None:
    """Before the first change of a run: does anything wait, or is it refused, as things stand now? Then nothing is
    applied, also where the engine was told to skip its preview. A preview says all that waits at once and goes on, for
    each resource says its own; what the backend would refuse only the whole knows, and ends it.
    """
    objects = [{"type": each.type_name, "inputs": each.data()} for _, each in in_order(resources)]
    verdict = pulumi.runtime.invoke(JUDGE, {"objects": objects}).value
    blocking, impossible = verdict["blocking"], verdict["impossible"]
    if impossible or (blocking and not pulumi.runtime.is_dry_run()):
        _stop([*blocking, *impossible])
    for lines in blocking if len(blocking) > 1 else ():
        pulumi.log.error(lines)


def _register(resources: tuple[Resource, ...], hook: pulumi.ResourceHook) -> None:
    """Declares each to the engine after what it stands on: a server after the tenant's room and its firewall policy, so
    that nothing runs before its policy is there, and the policy goes last.

    Dependencies, not parents: a parent is part of a URN, and an imported server would not be the declared one.
    """
    before: list[pulumi.Resource] = []
    for _, alike in itertools.groupby(in_order(resources), key=lambda pair: pair[0]):
        declared = [
            pulumi.CustomResource(
                each.type_name,
                each.identity.name,
                each.data(),
                pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_delete=[hook]), depends_on=list(before)),
            )
            for _, each in alike
        ]
        before += declared


def _find(root: Path, lent: set[Backend], identity: Identity) -> Observed | None:
    """One object, of a backend that is opened for it and given back at once: nobody says when a program that declares
    is told to end. lent: those that are open.
    """
    from wpf_infra.backend.select import open_backend  # only a deletion needs it

    config = pulumi.Config("wpf")
    backend = open_backend({name: value for name in _SETTINGS if (value := config.get(name))}, root)
    lent.add(backend)
    try:
        return backend.find(identity)
    finally:
        lent.discard(backend)
        backend.close()


def _give_back(lent: set[Backend]) -> None:
    while lent:
        lent.pop().close()
