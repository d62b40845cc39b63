"""Forms that become tenants: from reading the catalogue to writing the files, with nobody else doing so meanwhile.

Here: the flow for one form, or for several that need each other. Not here: what each of its parts decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from os.path import realpath
from pathlib import Path

from wpf_infra.errors import WpfError
from wpf_infra.language import Text, visible
from wpf_infra.loading.anchor_file import read_anchors
from wpf_infra.loading.catalogue import STACKS, TENANTS, Loaded, load
from wpf_infra.loading.file import shown
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.allocation import Completed, complete
from wpf_infra.onboarding.existing import differences, other_anchors
from wpf_infra.onboarding.form import consents, left_out
from wpf_infra.onboarding.form_file import WORKBOOK, Form
from wpf_infra.onboarding.held import held_in
from wpf_infra.onboarding.judging import Newcomer, judged, newcomer, unsure
from wpf_infra.onboarding.next_step import Step, next_steps
from wpf_infra.onboarding.paper import Papers, not_written
from wpf_infra.onboarding.placing import place, sweep
from wpf_infra.onboarding.rule import CONSENT, FILE, GROUP
from wpf_infra.toolchain.lock import held as lock_held
from wpf_infra.toolchain.state import local_folder

PATIENCE_SECONDS = 120.0
_ACTIVATION = ".venv/bin/activate"


class Result(StrEnum):
    WRITTEN = "written"
    CHECKED = "checked"
    """It could be written, and was not to be."""
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of a form. tenant: the id it is filed under; file: the tenant's; declared: the tenant as it is in
    that file, or would be; chosen: dotted paths of what was allocated; errors: why nothing could be judged or written.
    """

    form: str
    tenant: str
    result: Result
    file: str | None
    declared: Tenant | None = None
    chosen: frozenset[str] = frozenset()
    written: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[WpfError, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def exit_code(self) -> int:
        codes = [error.exit_code for error in self.errors]
        return max((*codes, 1 if self.result is Result.REFUSED else 0))


@dataclass(frozen=True)
class Candidate:
    """A form on its way: what is known of it before anything is judged."""

    form: Form
    completed: Completed
    newcomer: Newcomer
    anchors: Mapping[str, AnchorFile]
    findings: tuple[Finding, ...]


def enrol(
    root: Path, forms: Sequence[Form], now: datetime, *, write: bool, waiting: Callable[[str], None]
) -> tuple[Outcome, ...]:
    """Each form's outcome, in their order. Forms whose tenant is there already are compared with it; the others become
    tenants together, or none of them does.

    waiting: told the process that onboards at the moment, when there is one. Raises WpfError when it takes too long.
    """
    with _alone(root, waiting) if write else nullcontext():
        return _Enrolment(root, now, write, load(root)).outcomes(forms)


@dataclass(frozen=True)
class _Enrolment:
    root: Path
    now: datetime
    write: bool
    loaded: Loaded

    def outcomes(self, forms: Sequence[Form]) -> tuple[Outcome, ...]:
        misplaced = {form: self._refused(form, _elsewhere(form)) for form in forms if self._is_misplaced(form)}
        others = [form for form in forms if form not in misplaced]
        outcomes = misplaced | dict(zip(others, self._of(others), strict=True))
        return tuple(outcomes[form] for form in forms)

    def _of(self, forms: Sequence[Form]) -> tuple[Outcome, ...]:
        catalogue = self.loaded.catalogue
        if self.loaded.unreadable:
            return tuple(self._refused(form, (), self.loaded.unreadable) for form in forms)
        if catalogue is None:
            return tuple(self._refused(form, self._findings_of(PLATFORM)) for form in forms)
        there = {form: catalogue.tenants[form.owner] for form in forms if form.tenant in catalogue.tenants}
        new = [form for form in forms if form not in there]
        files = {name: shown(path, self.root) for name, path in self.loaded.files.items()}
        refused = {finding.path for finding in self.loaded.findings}
        blocked = tuple(unsure(catalogue, files, {name for name in files if f"{name}.network" in refused}))
        outcomes = {form: self._compared(form, tenant) for form, tenant in there.items()}
        if blocked:
            outcomes |= {form: self._refused(form, (*form.findings, *blocked)) for form in new}
        else:
            outcomes |= zip(new, self._enrolled(catalogue, new), strict=True)
        return tuple(outcomes[form] for form in forms)

    def _is_misplaced(self, form: Form) -> bool:
        """Does a form, which has no network yet, stand where it is taken for a tenant's file?"""
        among = realpath(form.path.parent) == realpath(self._tenants) and form.path.suffix != WORKBOOK
        return among and isinstance(form.data, dict) and "network" not in form.data

    def _compared(self, form: Form, tenant: Tenant) -> Outcome:
        file = shown(self.loaded.files[tenant.tenant], self.root)
        own = self._findings_of(tenant.tenant)
        if own:
            return self._refused(form, own)
        brought = read_anchors(tenant, (form.path.parent,), self.root)
        standing = read_anchors(tenant, (self._tenants,), self.root)
        found = (*differences(form.data, tenant, file), *other_anchors(brought, standing, file))
        findings = (*form.findings, *form.located(found))
        if findings:
            return self._refused(form, findings)
        return Outcome(form.file, tenant.tenant, Result.UNCHANGED, file, tenant)

    def _enrolled(self, catalogue: Catalogue, forms: Sequence[Form]) -> Iterator[Outcome]:
        candidates = list(self._candidates(catalogue, forms))
        anchors = {path: file for each in candidates for path, file in each.anchors.items()}
        found, joined = judged(catalogue, [each.newcomer for each in candidates], anchors, self.now)
        papers = Papers(self.root, self._tenants)
        laid = [papers.lay(each.newcomer.owner, each.newcomer.whole, each.anchors) for each in candidates]
        findings = {
            each.form: self._findings(each, candidates, (*found, *objections))
            for each, objections in zip(candidates, laid, strict=True)
        }
        refused = {form for form, theirs in findings.items() if _errors(theirs)}
        if refused:
            for form, theirs in findings.items():
                yield self._refused(form, theirs if form in refused else (*theirs, *_with(form, refused)))
            return
        failure = self._write(papers, [each.newcomer.owner for each in candidates])
        for each in candidates:
            if failure is not None:
                yield self._refused(each.form, findings[each.form], (failure,))
            else:
                yield self._done(each, findings[each.form], joined, papers)

    def _candidates(self, catalogue: Catalogue, forms: Sequence[Form]) -> Iterator[Candidate]:
        held = held_in(catalogue)
        for form in forms:
            completed = complete(
                form.data, form.owner, catalogue.platform.space, held, every_line=("lines",) not in form.lost
            )
            held = completed.held
            new = newcomer(completed.data, form.owner, {".".join(steps) for steps in left_out(form.data)})
            new = replace(new, left_out=new.left_out | form.out_of_sight())
            anchors = (
                read_anchors(new.tenant, (form.path.parent, self._tenants), self.root) if new.tenant is not None else {}
            )
            findings = (*completed.findings, *consents(form.data, form.owner), *new.findings)
            yield Candidate(form, completed, new, anchors, findings)

    @staticmethod
    def _findings(each: Candidate, candidates: Sequence[Candidate], found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Everything about this one, and what is wrong elsewhere because of them all."""
        others = {other.form.owner for other in candidates} - {each.form.owner}
        consented = tuple(finding.path for finding in each.findings if finding.rule == CONSENT.id)
        theirs = tuple(
            finding
            for finding in found
            if finding.path.partition(".")[0] not in others and not f"{finding.path}.".startswith(_within(consented))
        )
        said = (*each.form.findings, *each.form.located((*each.findings, *theirs)))
        if each.newcomer.whole is None and not _errors(said):
            said = (*said, *each.form.located(each.newcomer.missing))
        return tuple(sorted(said, key=lambda finding: (finding.path, finding.rule)))

    def _write(self, papers: Papers, tenants: Sequence[str]) -> WpfError | None:
        if not self.write:
            return None
        try:
            sweep({self.root, self._tenants, *(each.path.parent for each in papers.files(tenants))})
            place(papers.files(tenants))
        except OSError as error:
            return not_written(error, self.root)
        return None

    def _done(self, each: Candidate, findings: tuple[Finding, ...], joined: Catalogue, papers: Papers) -> Outcome:
        name = each.newcomer.owner
        activation = f". {_ACTIVATION}" if (self.root / _ACTIVATION).is_file() else None
        return Outcome(
            form=each.form.file,
            tenant=name,
            result=Result.WRITTEN if self.write else Result.CHECKED,
            file=self._file(name),
            declared=each.newcomer.whole,
            chosen=each.completed.chosen,
            written=papers.names(name) if self.write else (),
            findings=findings,
            steps=next_steps(joined, name, papers.declared(name), activation) if self.write else (),
        )

    def _refused(self, form: Form, findings: tuple[Finding, ...], errors: Sequence[WpfError] = ()) -> Outcome:
        return Outcome(
            form.file, form.owner, Result.REFUSED, self._file(form.owner), findings=findings, errors=tuple(errors)
        )

    def _findings_of(self, owner: str) -> tuple[Finding, ...]:
        return tuple(each for each in self.loaded.findings if each.path.partition(".")[0] == owner)

    def _file(self, tenant: str) -> str:
        return shown(self.loaded.files.get(tenant, self._tenants / f"{tenant}.yaml"), self.root)

    @property
    def _tenants(self) -> Path:
        return self.root / STACKS / TENANTS


def _within(paths: Sequence[str]) -> tuple[str, ...]:
    """How paths at these or below begin, with a dot behind them."""
    return tuple(f"{path}." for path in paths)


def _errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _elsewhere(form: Form) -> tuple[Finding, ...]:
    """For a form among the tenants' files."""
    name = visible(form.path.name)
    return form.located(
        (
            Finding(
                FILE.id,
                None,
                form.owner,
                Severity.ERROR,
                Text(
                    en="this is an application form, and it stands where it is taken for a tenant's file",
                    ja="これは申込書ですが、テナントのファイルとみなされる場所にあります",
                ),
                Text(
                    en=f"move it out of {STACKS}/{TENANTS}, then onboard it from there, such as "
                    f"`wpf onboard forms/{name}`",
                    ja=f"{STACKS}/{TENANTS} の外へ移し、そこから登録してください（例: `wpf onboard forms/{name}`）",
                ),
            ),
        )
    )


def _with(form: Form, refused: set[Form]) -> tuple[Finding, ...]:
    names = ", ".join(sorted(other.owner for other in refused))
    return form.located(
        (
            Finding(
                GROUP.id,
                None,
                form.owner,
                Severity.ERROR,
                Text(
                    en=f"it cannot be there without {names}, which is refused",
                    ja=f"互いに参照している {names} が受け付けられないため、登録できません",
                ),
                Text(en="mend that form", ja="その申込書を直してください"),
            ),
        )
    )


@contextmanager
def _alone(root: Path, waiting: Callable[[str], None]) -> Iterator[None]:
    """Nobody else onboards in this checkout. Raises WpfError when somebody does for too long."""
    with ExitStack() as holding:
        lock = local_folder(root) / "onboarding.lock"
        try:
            holding.enter_context(lock_held(lock, waiting, PATIENCE_SECONDS))
        except TimeoutError as error:
            raise _occupied(str(error)) from None
        except OSError as error:
            error.filename = error.filename or str(lock)
            raise not_written(error, root) from None
        yield


def _occupied(holder: str) -> WpfError:
    return WpfError(
        Text(
            en=f"process {holder} has been onboarding for longer than {PATIENCE_SECONDS:.0f} s",
            ja=f"プロセス {holder} の登録処理が {PATIENCE_SECONDS:.0f} 秒を超えています",
        ),
        remedy=Text(
            en="wait for it, or end it when it hangs, and run this again",
            ja="終わるのを待つか、止まっていれば終了させてから、もう一度実行してください",
        ),
        where="wpf onboard",
    )
