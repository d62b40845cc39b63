"""The provider's core: what the engine asks, answered in model terms.

Here: one handler for a kind: check, diff, create, read, update, delete. Not here: protobuf (`wire`), decisions
(`wpf_infra.plan`), acting (`wpf_infra.backend`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import ValidationError

from wpf_infra.backend.contract import Erasure
from wpf_infra.errors import Refused, Unreadable, WpfError
from wpf_infra.language import Language, Text
from wpf_infra.model.agreement import CONSENT_DAYS
from wpf_infra.model.finding import Finding
from wpf_infra.model.identity import Identity
from wpf_infra.model.observation import Observed, ObservedVm
from wpf_infra.model.refusals import refusals, refused_places
from wpf_infra.model.resource import (
    ISSUED,
    RESOURCES,
    SECRET_OUTPUTS,
    Resource,
    TenantResource,
    UserResource,
    VmResource,
)
from wpf_infra.plan import diff
from wpf_infra.plan.deletion import diff_deletion
from wpf_infra.plan.disturbance import Change, Disturbance, Plan, StopRequest
from wpf_infra.plan.step import Build, PowerOn, ShutDownGuest
from wpf_infra.provider.session import Session, patiently
from wpf_infra.provider.value import Path, Properties, Secret, dotted, filled, kept_secret, revealed, unknown_paths
from wpf_infra.template import render_document


class Blocked(Exception):
    """A plan that must not be carried out: its lines say what waits or is refused and the way out; behind them stand
    the requests to send.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__("\n".join(lines))

    @classmethod
    def by(cls, plan: Plan, language: Language) -> Blocked:
        lines = [change.line(plan.identity.name, language) for change in plan.blocking]
        return cls(lines + [_letter(change.request, language) for change in plan.blocking if change.request])


def _letter(request: StopRequest, language: Language) -> str:
    letter = render_document(
        "stop-request.txt",
        language,
        vendor=request.vendor,
        server=request.server,
        changes=[change.in_(language) for change in request.changes],
        platform_starts=request.platform_starts,
        consent_days=CONSENT_DAYS,
    )
    return textwrap.indent(letter, "    ", lambda line: bool(line.strip()))


class HalfBuilt(Exception):
    """A create that failed with its object standing: the engine records it, so that it is nobody's orphan."""

    def __init__(self, id: str, inputs: Properties, reason: str) -> None:
        super().__init__(reason)
        self.id = id
        self.inputs = inputs


@dataclass(frozen=True, slots=True)
class Failure:
    """A property that the schema refuses. path as the engine writes paths."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """What stands there: inputs that would declare it, and outputs."""

    inputs: Properties
    outputs: Properties


class Handler(Protocol):
    """A kind, as the engine's calls need it. Properties may hold unknowns and secrets, and give them back unharmed."""

    def owned(self, id: str, stack: str, name: str) -> None: ...
    def check(self, inputs: Properties) -> tuple[Failure, ...]: ...
    def diff(self, id: str, recorded: Properties, inputs: Properties) -> Plan: ...
    def foresee(self, inputs: Properties) -> Plan | None: ...
    def preview_create(self, inputs: Properties) -> Plan | None: ...
    def create(self, inputs: Properties) -> tuple[str, Properties]: ...
    def read(self, id: str, recorded: Properties) -> Read | None: ...
    def update(self, id: str, recorded: Properties, inputs: Properties) -> Properties: ...
    def delete(self, id: str, recorded: Properties) -> str | None: ...


class ResourceHandler:
    """Every kind of the model: inputs are the model's own field names, outputs are the inputs."""

    def __init__(self, model: type[Resource], session: Callable[[], Session]) -> None:
        self._model = model
        self._session = session

    def owned(self, id: str, stack: str, name: str) -> None:
        """Raises Refused for an object that is another stack's, or goes by another name: an import of it would end in
        its deletion here.
        """
        identity = self._identity(id)
        if (identity.tenant, identity.name) != (stack, name):
            own = Identity(stack, self._model.kind, name)
            raise Refused(
                Text(
                    en=f"{id} does not belong to resource {name} of stack {stack}",
                    ja=f"{id} はスタック {stack} のリソース {name} のものではありません",
                ),
                remedy=Text(
                    en=f"here the id is {own}; import an object into its own tenant's stack, under its own name",
                    ja=f"ここでのIDは {own} です。オブジェクトは自テナントのスタックに、同じ名前で取り込んでください",
                ),
                row=22,
            )

    def check(self, inputs: Properties) -> tuple[Failure, ...]:
        """Every failure, each with its property path; what is unknown is not judged yet."""
        unknown = tuple(unknown_paths(inputs))
        try:
            self._model.model_validate(revealed(inputs))
        except ValidationError as error:
            language = self._session().language
            return tuple(
                Failure(dotted(place), _reason(finding, language))
                for finding, (place, _) in zip(
                    refusals(error, self._model, ""), refused_places(error, self._model), strict=True
                )
                if not any(_touches(path, place) for path in unknown)
            )
        return ()

    def diff(self, id: str, recorded: Properties, inputs: Properties) -> Plan:
        """The plan against the live observation. Raises Blocked when it must not be carried out."""
        self._session().require_world()
        waiting = tuple(_not_known_yet(dotted(path)) for path in unknown_paths(inputs))
        known = filled(revealed(inputs), revealed(recorded))
        if any(unknown_paths(known)):
            return Plan(self._identity(id), waiting)
        desired = self._parse(known)
        plan = self._plan(self._session().standing(desired.identity), desired, recorded)
        return dataclasses.replace(plan, changes=(*plan.changes, *waiting))

    def foresee(self, inputs: Properties) -> Plan | None:
        """The plan without a record, as far as it can be told: a disk that is left out is judged by Diff, which knows
        its end, and so is whether a tenant's network was altered or is declared otherwise. None while something is not
        known. Raises Blocked.
        """
        if any(unknown_paths(inputs)):
            return None
        desired = self._parse(inputs)
        observed = self._session().seen(desired.identity)
        if isinstance(observed, ObservedVm) and isinstance(desired, VmResource):
            disks = {name: disk for name, disk in observed.resource.disks.items() if name in desired.disks}
            declared = observed.resource.model_copy(update={"disks": disks})
            plan = self._plan(dataclasses.replace(observed, resource=declared), desired, {})
            return plan if declared.disks == observed.resource.disks else _without_a_start(plan)
        return self._plan(observed, desired, inputs if isinstance(desired, TenantResource) else {})

    def preview_create(self, inputs: Properties) -> Plan | None:
        """What a create would meet: nothing (None), or an object of ours whose record was lost or never written."""
        if any(unknown_paths(inputs)):
            return None
        desired = self._parse(inputs)
        observed = self._session().seen(desired.identity)
        return None if observed is None else self._plan(observed, desired, {})

    def create(self, inputs: Properties) -> tuple[str, Properties]:
        """Builds, or finishes or takes over what an earlier run left. Raises HalfBuilt when it ends in between."""
        desired = self._parse(inputs)
        id = str(desired.identity)
        try:
            self._apply(desired, {})
        except WpfError as error:
            if self._session().fresh(desired.identity) is None:
                raise
            raise HalfBuilt(id, inputs, error.sentence(self._session().language)) from error
        return id, self._outputs(desired.identity, inputs)

    def read(self, id: str, recorded: Properties) -> Read | None:
        """What stands there, in the terms of a declaration; agreements are kept from what was recorded."""
        self._session().require_world()
        observed = self._session().standing(self._identity(id))
        if observed is None:
            return None
        before = self._recorded(recorded)
        inputs = kept_secret(_with_record(observed.resource, before).data(), recorded)
        return Read(inputs, {**inputs, **_issued(observed)})

    def update(self, id: str, recorded: Properties, inputs: Properties) -> Properties:  # noqa: ARG002
        self._session().require_world()
        desired = self._parse(inputs)
        self._apply(desired, recorded)
        return self._outputs(desired.identity, inputs)

    def delete(self, id: str, recorded: Properties) -> str | None:
        """Refused unless due, for itself too. The sentence says what was overwritten, where anything was."""
        session = self._session()
        session.require_world()
        identity = self._identity(id)
        observed = session.fresh(identity)
        if observed is None:
            patiently(lambda: session.backend.delete(identity))  # its records may have no end yet
            return None
        # What stands has no retirement in it: a record that cannot be read makes no erasure due.
        plan = diff_deletion(observed, self._recorded(recorded) or observed.resource, session.now().date())
        if plan.blocking:
            raise Blocked.by(plan, session.language)
        erasure = patiently(lambda: session.backend.delete(identity))
        return _erased(erasure).in_(session.language) if erasure else None

    def _apply(self, desired: Resource, recorded: Properties) -> None:
        """The plan's steps. A server that was shut down for a change that then fails is started again as it was; where
        that fails too, the backend's mark of an owed restart stays for the next run.
        """
        session = self._session()
        identity = desired.identity
        plan = self._plan(session.fresh(identity), desired, recorded)
        for error in patiently(lambda: session.backend.rehearse([(identity, plan.steps)])).values():
            raise error  # before anybody is stopped for nothing
        stopped = False
        for step in plan.steps:
            try:
                if isinstance(step, Build):
                    patiently(functools.partial(session.backend.create, desired))
                else:
                    patiently(functools.partial(session.backend.perform, identity, step))
            except WpfError:
                if stopped:
                    with contextlib.suppress(WpfError):
                        patiently(lambda: session.backend.perform(identity, PowerOn()))
                raise
            stopped = stopped or (isinstance(step, ShutDownGuest) and step.owe_restart)

    def _outputs(self, identity: Identity, inputs: Properties) -> Properties:
        """The inputs, and what was issued for the object."""
        observed = self._session().fresh(identity) if self._model.kind in ISSUED else None
        return {**inputs, **_issued(observed)} if observed else inputs

    def _plan(self, observed: Observed | None, desired: Resource, recorded: Properties) -> Plan:
        session = self._session()
        plan = diff(observed, desired, self._recorded(recorded), session.now())
        if plan.blocking:
            raise Blocked.by(plan, session.language)
        return plan

    def _identity(self, id: str) -> Identity:
        """The identity that an id means. Raises Unreadable for one that is none, or of another kind."""
        try:
            identity = Identity.parse(id)
        except ValueError:
            identity = None
        if identity is None or identity.kind is not self._model.kind:
            form = f"tenant/{self._model.kind}/name"
            raise Unreadable(
                Text(
                    en=f"{id!r} is no id of a {self._model.type_name}",
                    ja=f"{id!r} は {self._model.type_name} のIDではありません",
                ),
                remedy=Text(en=f"an id is written {form}", ja=f"IDは {form} と書きます"),
            )
        return identity

    def _parse(self, inputs: Properties) -> Resource:
        return self._model.model_validate(revealed(inputs))

    def _recorded(self, recorded: Properties) -> Resource | None:
        """The inputs of the last run; None where there are none, or from a version that wrote them otherwise."""
        try:
            return self._parse(recorded) if recorded else None
        except ValidationError:
            return None


def resource_handlers(session: Callable[[], Session]) -> Mapping[str, Handler]:
    """The handlers of all kinds of the model, by the engine's type name."""
    for model in RESOURCES.values():
        model.model_rebuild()  # before calls come from several threads
    return {model.type_name: ResourceHandler(model, session) for model in RESOURCES.values()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """blocking: lines of what waits or is refused; impossible: what the backend would refuse as things stand."""

    blocking: tuple[str, ...]
    impossible: tuple[str, ...]


def judge(session: Session, handlers: Mapping[str, Handler], declared: Sequence[tuple[str, Properties]]) -> Verdict:
    """A whole stack before its run: where anything is said, nothing of it may be applied.

    declared: type names and inputs, in the order in which they are made. Only the live observation counts; what was
    recorded comes with each Diff. What no plan blocks is rehearsed together, so that servers that fit each alone and
    not all at once are seen too.
    """
    blocking: list[str] = []
    plans: list[Plan] = []
    for type_name, inputs in declared:
        try:
            plan = handlers[type_name].foresee(inputs)
        except Blocked as blocked:
            blocking.append(str(blocked))
        else:
            if plan is not None and plan.steps:
                plans.append(plan)
    refused = patiently(lambda: session.backend.rehearse([(plan.identity, plan.steps) for plan in plans]))
    impossible = (
        Change("", Disturbance.REFUSED, _cannot(error), error.row).line(identity.name, session.language)
        for identity, error in refused.items()
    )
    return Verdict(tuple(blocking), tuple(impossible))


def _without_a_start(plan: Plan) -> Plan:
    """For a server of which a disk is left out: whether it can start is known once that has gone, perhaps half erased
    already.
    """
    return dataclasses.replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, PowerOn)))


def _cannot(error: WpfError) -> Text:
    return Text(
        en=f"cannot be done as things stand: {error.what.en} → {error.remedy.en}",
        ja=f"は現状では実施できません: {error.what.ja} → {error.remedy.ja}",
    )


def _reason(finding: Finding, language: Language) -> str:
    row = f" FAQ-{finding.row}" if finding.row is not None else ""
    return f"{finding.summary.in_(language)} → {finding.remedy.in_(language)}{row}"


def _not_known_yet(path: str) -> Change:
    return Change(path, Disturbance.NONE, Text(en=f"{path} is not known yet", ja=f"{path} は未定です"))


def _touches(unknown: Path, place: Path) -> bool:
    """Is one inside the other?"""
    shorter = min(len(unknown), len(place))
    return unknown[:shorter] == place[:shorter]


def _with_record(observed: Resource, recorded: Resource | None) -> Resource:
    """What lives in the record alone: a server's agreements; all of a user, whose declaration only seeds what the
    portal then owns (FAQ 7).
    """
    if isinstance(observed, VmResource) and isinstance(recorded, VmResource):
        return observed.with_record(recorded)
    if isinstance(observed, UserResource) and isinstance(recorded, UserResource):
        return recorded
    return observed


def _issued(observed: Observed) -> Properties:
    secret = SECRET_OUTPUTS.get(observed.resource.kind, frozenset())
    issued = observed.issued.data() if observed.issued else {}
    return {name: Secret(value) if name in secret else value for name, value in issued.items()}


def _erased(erasure: Erasure) -> Text:
    disks = ", ".join(f"{name} {size} GB" for name, size in sorted(erasure.disks.items()))
    return Text(
        en=f"erased: {erasure.identity.name}: {disks}: {erasure.method}; no proof of what the storage kept FAQ-13",
        ja=f"消去: {erasure.identity.name}: {disks}: {erasure.method}。記憶装置内部の残存までは証明しません FAQ-13",
    )
