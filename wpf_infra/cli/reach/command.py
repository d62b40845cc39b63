"""`wpf reach`: may this end open a conversation with that one, what does a change open or close, who talks to whom.

Here: the verb, its forms and exit codes. Not here: answering (`wpf_infra.network`), how it is told (`answer`,
`difference`, `matrix`), where worlds come from (`worlds`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from wpf_infra.cli.output import say, say_data
from wpf_infra.cli.reach.answer import as_data, as_lines, said, why_nothing
from wpf_infra.cli.reach.difference import Sides, difference_data, difference_lines, proof_data, proof_lines
from wpf_infra.cli.reach.matrix import matrix_data, print_matrix
from wpf_infra.cli.reach.worlds import HEAD, DeclarationsRefused, read_revisions, standing_world, worlds_of
from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Text, spoken, visible
from wpf_infra.loading.project import find_project
from wpf_infra.model.identity import PLATFORM
from wpf_infra.network.picture.matrix import matrix as matrix_of
from wpf_infra.network.reach.answer import Verdict, ask
from wpf_infra.network.reach.difference import compare, prove
from wpf_infra.network.reach.place import Place, PlaceKind, find_place
from wpf_infra.network.reach.question import Question, read_question

if TYPE_CHECKING:
    from wpf_infra.network.reach.world import World

_DIFFERS = 1
_CODES = {Verdict.INTENDED: 0, Verdict.BLOCKED: 1, Verdict.RESIDUAL: 4}
_DIFF = "--diff"
_STANDARD_OUTPUT = Path("-")


class _Reach(TyperCommand):
    """`--diff` without a revision is `--diff HEAD`, which the parser has no way to say."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_with_revision(args)))


def _with_revision(words: Sequence[str]) -> Iterator[str]:
    end = words.index("--") if "--" in words else len(words)
    for word, after in zip_longest(words[:end], words[1 : end + 1], fillvalue="-"):
        yield word
        if word == _DIFF and after.startswith("-"):
            yield HEAD
    yield from words[end:]


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The command as it was given: one of its forms, and the ends it is about."""

    source: str | None
    destination: str | None
    matrix: bool
    diff: str | None
    svg: Path | None
    as_json: bool

    @property
    def ends(self) -> tuple[str, str] | None:
        return (self.source, self.destination) if self.source is not None and self.destination is not None else None


@app.command(cls=_Reach)
def reach(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="FROM",
            help="Who opens: TENANT, TENANT/NAME, NAME, platform/FUNCTION, an address, a network or any.",
        ),
    ] = None,
    destination: Annotated[
        str | None,
        typer.Argument(
            metavar="TO[:PORT]", help="Who answers, likewise; then :tcp/443, :tcp/8000-8010, :udp/53, :icmp."
        ),
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="All pairs that talk, of all owners or of the one tenant named.")
    ] = False,
    diff: Annotated[
        str | None,
        typer.Option(
            "--diff",
            metavar="[REF|OLD..NEW]",
            help="What passes otherwise than in REF (else HEAD); with FROM and TO: prove that it is just that.",
        ),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Draw it, or what was asked; - is standard output.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="The instant that dates are judged at (ISO 8601).")] = None,
) -> None:
    """May FROM open a conversation with TO? Answered from what is declared in stacks/, for every packet there can be.

    Exit code 0 when every flow asked about is intended, 1 when any is blocked, 4 when it passes in part only as a
    residue of filters that remember nothing; with --diff 0 for no difference or a proven change, else 1; with --matrix
    and --svg 0; 2 for ends that do not exist, declarations that cannot be compiled and a FILE that nothing can be
    drawn to, 3 when the system refuses. --lang en|ja chooses the language.
    """
    asked = _Asked(source, destination, matrix, diff, svg, as_json)
    try:
        _sensible(asked)
        project = find_project(Path.cwd())
        code = _answer(project.root, project.now(now), asked)
    except DeclarationsRefused as error:
        _refuse(error.sentences(spoken()), as_json)
        raise typer.Exit(error.exit_code) from None
    except WpfError as error:
        if as_json:
            say_data({"errors": [error.sentence(spoken())]})
        raise
    if code:
        raise typer.Exit(code)


def _answer(root: Path, now: datetime, asked: _Asked) -> int:
    """Prints it, and returns the exit code."""
    if asked.diff is not None:
        return _difference(root, now, asked)
    world = standing_world(root, now)
    if asked.matrix:
        return _matrix(world, asked)
    if asked.svg is not None:
        return _picture(world, asked, asked.svg, root)
    assert asked.ends is not None, "the only form left is a question"
    answer = ask(world, read_question(world.catalogue, *asked.ends))
    _print(as_data(world, answer) if asked.as_json else as_lines(world, answer))
    return _CODES[answer.verdict]


def _difference(root: Path, now: datetime, asked: _Asked) -> int:
    assert asked.diff is not None
    revisions = read_revisions(asked.diff)
    before, after = worlds_of(root, revisions, now)
    sides = Sides(before, after, revisions.names)
    if asked.ends is None:
        difference = compare(before, after)
        _print(difference_data(sides, difference) if asked.as_json else difference_lines(sides, difference))
        return _DIFFERS if difference else 0
    question = read_question(after.catalogue, *asked.ends)
    proof = prove(before, after, question)
    _print(proof_data(sides, question, proof) if asked.as_json else proof_lines(sides, question, proof))
    return 0 if proof.holds else _DIFFERS


def _matrix(world: World, asked: _Asked) -> int:
    owner = None
    if asked.source is not None:
        place = find_place(world.catalogue, asked.source)
        if place.kind is not PlaceKind.TENANT:
            raise _no_tenant(asked.source)
        owner = place.owner
    found = matrix_of(world, owner)
    if asked.as_json:
        _print(matrix_data(found))
    else:
        print_matrix(found)
    return 0


def _picture(world: World, asked: _Asked, path: Path, root: Path) -> int:
    from wpf_infra.cli.reach.svg_file import write_svg  # a question needs none of it
    from wpf_infra.network.picture.layout import lay_out
    from wpf_infra.network.picture.picture import picture_of
    from wpf_infra.template import render_report

    drawn = _drawn(world, asked)
    drawing = lay_out(picture_of(world, drawn), spoken())
    svg = render_report("reach.svg", drawing=drawing)
    if path == _STANDARD_OUTPUT:
        say(svg.rstrip("\n"))
        return 0
    file = write_svg(svg, path, root)
    nothing = why_nothing(drawn)
    if asked.as_json:
        _print({"written": [file], "why": said(nothing)})
    else:
        drawn_there = Text(en=f"{file}: drawn", ja=f"{file}: 描きました")
        _print(each.in_(spoken()) for each in (drawn_there, nothing) if each is not None)
    return 0


def _drawn(world: World, asked: _Asked) -> Question | Place | None:
    """What the drawing is cut down to."""
    if asked.ends is not None:
        return read_question(world.catalogue, *asked.ends)
    return find_place(world.catalogue, asked.source) if asked.source is not None else None


def _sensible(asked: _Asked) -> None:
    """Raises Unreadable for arguments that do not make one of the verb's forms."""
    forms = [
        name
        for name, given in (
            ("--matrix", asked.matrix),
            (_DIFF, asked.diff is not None),
            ("--svg", asked.svg is not None),
        )
        if given
    ]
    if len(forms) > 1:
        both = Text(en=" and ".join(forms), ja=" と ".join(forms))
        raise _misused(Text(en=f"{both.en} are two questions at once", ja=f"{both.ja} は同時に指定できません"))
    if not forms and asked.ends is None:
        raise _misused(Text(en="a question has two ends, FROM and TO", ja="質問には FROM と TO の両端が必要です"))
    if asked.diff is not None and asked.source is not None and asked.destination is None:
        raise _one_end(asked.diff, asked.source)
    if asked.matrix and asked.destination is not None:
        raise _misused(Text(en="--matrix is of one tenant, or of all", ja="--matrix に指定できるテナントは1つまでです"))
    if asked.svg == _STANDARD_OUTPUT and asked.as_json:
        raise _misused(
            Text(
                en="--svg - and --json both take standard output",
                ja="--svg - と --json はどちらも標準出力を使うため、両立しません",
            )
        )


def _misused(what: Text) -> Unreadable:
    forms = "FROM TO[:tcp/443] | --matrix [TENANT] | --diff [REF] [FROM TO:tcp/443] | --svg FILE [FROM [TO]]"
    return Unreadable(
        what,
        remedy=Text(en=f"say: wpf reach {forms}", ja=f"次のように指定してください: wpf reach {forms}"),
        where="wpf reach",
    )


def _one_end(revision: str, end: str) -> Unreadable:
    """Nearly always the ends were written behind the option, which took the first of them."""
    taken, left = visible(revision), visible(end)
    return Unreadable(
        Text(
            en=f"{_DIFF} compares with the revision `{taken}`, and of FROM and TO only `{left}` is given",
            ja=f"{_DIFF} はリビジョン `{taken}` との比較ですが、FROM と TO のうち `{left}` しか指定されていません",
        ),
        remedy=Text(
            en=f"write FROM and TO before {_DIFF}, or the revision with it: {_DIFF}={HEAD} FROM TO",
            ja=f"FROM と TO を {_DIFF} の前に書くか、{_DIFF}={HEAD} FROM TO のようにリビジョンも書いてください",
        ),
        where="wpf reach",
    )


def _no_tenant(name: str) -> Unreadable:
    return Unreadable(
        Text(en=f"`{name}` is no tenant", ja=f"`{name}` はテナントではありません"),
        remedy=Text(en=f"name a tenant or {PLATFORM}", ja=f"テナントか {PLATFORM} を指定してください"),
        where="wpf reach --matrix",
    )


def _refuse(sentences: Sequence[str], as_json: bool) -> None:
    if as_json:
        say_data({"errors": list(sentences)})
    for sentence in sentences:
        say(f"wpf: {sentence}", error=True)


def _print(told: dict[str, Any] | Iterable[str]) -> None:
    if isinstance(told, dict):
        say_data(told)
    else:
        say("\n".join(told))
