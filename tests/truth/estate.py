"""A platform's stacks, run as the engine runs them, without the engine: previews, ups, and the records between them.

Here: what the program and the engine ask of the provider's handlers, in their order. Not here: what is declared
(`declared`), whether what was said came true (`promise`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.hand import World
from wpf_infra.backend.simulator.status import status
from wpf_infra.declare.lowering import resources_of
from wpf_infra.declare.order import in_order
from wpf_infra.errors import WpfError
from wpf_infra.language import Language
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import RESOURCES, Resource
from wpf_infra.plan.deletion import diff_deletion
from wpf_infra.plan.disturbance import Change, Plan
from wpf_infra.provider.handlers import Blocked, HalfBuilt, Handler, Verdict, judge, resource_handlers
from wpf_infra.provider.session import Session
from wpf_infra.provider.value import Properties

_FILE = Path(".wpf") / "simulator.db"


@dataclass(frozen=True, slots=True)
class Said:
    """What a preview says of one object. built: it is made, for nothing stands there; left_out: it is to go; blocked:
    the lines of what waits or is refused; empty where nothing is.
    """

    changes: tuple[Change, ...] = ()
    built: bool = False
    left_out: bool = False
    blocked: tuple[str, ...] = ()

    def lines(self, name: str) -> tuple[str, ...]:
        made = (f"create: {name}",) if self.built else ()
        return (*made, *(change.line(name, Language.ENGLISH) for change in self.changes), *self.blocked)


@dataclass(frozen=True, slots=True)
class Preview:
    """said: of every object of which anything is said; verdict: of the stack as a whole."""

    said: Mapping[Identity, Said]
    verdict: Verdict

    @property
    def blocked(self) -> tuple[Identity, ...]:
        return tuple(identity for identity, said in self.said.items() if said.blocked)

    @property
    def goes_on(self) -> bool:
        """Is there anything but what people read before they say yes?"""
        return not (self.blocked or self.verdict.blocking or self.verdict.impossible)

    def lines(self) -> tuple[str, ...]:
        own = (line for identity, said in self.said.items() for line in said.lines(identity.name))
        return (*own, *self.verdict.blocking, *self.verdict.impossible)


class Stopped(Exception):
    """An up that ended before its first change: what waits, is refused or cannot be done."""


class Estate:
    """One world in a folder, and every stack's record of it: inputs by identity, as they were made."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.world = World(root / _FILE)
        self.simulator = Simulator(root / _FILE)
        self.records: dict[str, dict[Identity, Properties]] = {}

    def close(self) -> None:
        self.world.close()
        self.simulator.close()

    def lost(self) -> Mapping[Identity, tuple[str, ...]]:
        """Disks by server whose data went with their RAID group: there is nothing left on them to overwrite."""
        if not (self._root / _FILE).exists():
            return {}
        return {server.identity: server.lost for server in status(self._root / _FILE).servers if server.lost}

    def preview(self, catalogue: Catalogue, stack: str, now: datetime) -> Preview:
        """The program's question about the whole, the provider's plan of each, the hook of what is left out."""
        declared = _declared(catalogue, stack)
        said: dict[Identity, Said] = {}
        with self._session(now) as (session, handlers):
            verdict = judge(session, handlers, [(each.type_name, each.data()) for each in declared])
            for resource in declared:
                said[resource.identity] = self._said(handlers[resource.type_name], stack, resource)
            for identity, recorded in self._left_out(stack, declared):
                said[identity] = _ending(session, identity, recorded)
        return Preview({identity: each for identity, each in said.items() if each != Said()}, verdict)

    def _said(self, handler: Handler, stack: str, resource: Resource) -> Said:
        recorded = self.records.get(stack, {}).get(resource.identity)
        plan: Plan | None
        try:
            if recorded is None:
                plan = handler.preview_create(resource.data())
            else:
                plan = handler.diff(str(resource.identity), recorded, resource.data())
        except Blocked as blocked:
            return Said(blocked=_lines(blocked))
        return Said(built=True) if plan is None else Said(plan.changes)

    def up(self, catalogue: Catalogue, stack: str, now: datetime) -> Mapping[Identity, str]:
        """Carries out what is declared; whatever went wrong, by object. Raises Stopped where the program stops."""
        declared = _declared(catalogue, stack)
        record = self.records.setdefault(stack, {})
        failed: dict[Identity, str] = {}
        with self._session(now) as (session, handlers):
            verdict = judge(session, handlers, [(each.type_name, each.data()) for each in declared])
            if verdict.blocking or verdict.impossible:
                raise Stopped(*verdict.blocking, *verdict.impossible)
            for resource in declared:
                try:
                    _apply(handlers[resource.type_name], record, resource)
                except (WpfError, Blocked, HalfBuilt) as error:
                    failed[resource.identity] = str(error)
            for identity, recorded in reversed(self._left_out(stack, declared)):
                try:
                    handlers[RESOURCES[identity.kind].type_name].delete(str(identity), recorded)
                except (WpfError, Blocked) as error:
                    failed[identity] = str(error)
                else:
                    del record[identity]
        return failed

    def insist(self, catalogue: Catalogue, stack: str, now: datetime, identity: Identity) -> None:
        """The one call that a preview which blocks should have kept from being made. Raises Blocked."""
        desired = next((each for each in _declared(catalogue, stack) if each.identity == identity), None)
        recorded = self.records.get(stack, {}).get(identity)
        with self._session(now) as (_, handlers):
            handler = handlers[RESOURCES[identity.kind].type_name]
            if desired is None:
                handler.delete(str(identity), recorded or {})
            elif recorded is None:
                handler.create(desired.data())
            else:
                handler.update(str(identity), recorded, desired.data())

    def refresh(self, stack: str, now: datetime) -> None:
        """The record becomes what stands."""
        record = self.records.get(stack, {})
        with self._session(now) as (_, handlers):
            for identity, recorded in list(record.items()):
                found = handlers[RESOURCES[identity.kind].type_name].read(str(identity), recorded)
                if found is None:
                    del record[identity]
                else:
                    record[identity] = found.inputs

    def _left_out(self, stack: str, declared: tuple[Resource, ...]) -> list[tuple[Identity, Properties]]:
        wanted = {each.identity for each in declared}
        return [each for each in self.records.get(stack, {}).items() if each[0] not in wanted]

    @contextmanager
    def _session(self, now: datetime) -> Iterator[tuple[Session, Mapping[str, Handler]]]:
        """A provider process's, for one run."""
        session = Session({"now": now.isoformat()}, self._root, Language.ENGLISH)
        try:
            yield session, resource_handlers(lambda: session)
        finally:
            session.close()


def _declared(catalogue: Catalogue, stack: str) -> tuple[Resource, ...]:
    return tuple(each for _, each in in_order(resources_of(catalogue, stack)))


def _apply(handler: Handler, record: dict[Identity, Properties], resource: Resource) -> None:
    """The engine asks for a plan, and has it carried out where there is anything in it."""
    inputs, id, recorded = resource.data(), str(resource.identity), record.get(resource.identity)
    if recorded is None:
        try:
            handler.create(inputs)
        except HalfBuilt as error:
            record[resource.identity] = error.inputs
            raise
    elif handler.diff(id, recorded, inputs).changes:
        handler.update(id, recorded, inputs)
    record[resource.identity] = inputs


def _ending(session: Session, identity: Identity, recorded: Properties) -> Said:
    observed = session.backend.find(identity)
    if observed is None:
        return Said(left_out=True)
    plan = diff_deletion(observed, RESOURCES[identity.kind].model_validate(recorded), session.now().date())
    if plan.blocking:
        return Said(left_out=True, blocked=plan.lines(Language.ENGLISH))
    return Said(plan.changes, left_out=True)


def _lines(blocked: Blocked) -> tuple[str, ...]:
    """Without the letters that stand behind them."""
    return tuple(line for line in str(blocked).splitlines() if line and not line.startswith(" "))
