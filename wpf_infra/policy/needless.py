"""Allowances that change nothing: allowed elsewhere already, or applied by no filter (FAQ 22).

Here: what could be left out, all of it at once, without closing anything. Not here: the same stated twice
(`allowance`), and allowances that are wider than what is answered (`listening`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.network.resolve import EndKind, ResolvedEnd
from wpf_infra.policy.allowance import repeated
from wpf_infra.policy.context import Context
from wpf_infra.policy.conversation import Conversation, Span, Stated, left_of
from wpf_infra.policy.rule import Objection, Rule

_NAMED = 3
"""How many others a sentence names."""


def unused(context: Context) -> Iterator[Objection]:
    said = {path for path, _ in repeated(context)}
    for each in context.conversations.stated:
        if each.path in said:
            continue
        if not passes_a_filter(context, each):
            yield Objection(
                each.path,
                Text(
                    en=f"neither {_written(each.source)} nor {_written(each.destination)} is a server: no filter "
                    "stands between them, and nothing is opened or closed by this",
                    ja=f"{_written(each.source)} も {_written(each.destination)} もサーバではなく、"
                    "間にフィルタがないため、この許可では何も変わりません",
                ),
                Text(
                    en="leave it out; what has to be kept apart there is kept apart by the devices themselves",
                    ja="消してください。そこで遮断が要るなら、機器の側で行ってください",
                ),
            )
        elif (ended := _ended(context, each)) is not None:
            end, day = ended
            yield Objection(
                each.path,
                Text(
                    en=f"the server {_written(end)} ended on {day}: nobody speaks by this any more",
                    ja=f"サーバ {_written(end)} は {day} に終了しており、この許可で通信する相手がいません",
                ),
                Text(en="leave it out, together with the server", ja="サーバと一緒に消してください"),
            )


def shadowed(context: Context) -> Iterator[Objection]:
    for each, wider in _shadowed(context):
        yield Objection(
            each.path,
            Text(
                en=f"{_name(wider).en} allows all of this already",
                ja=f"この通信はすべて{_name(wider).ja}がすでに許可しています",
            ),
            Text(
                en="leave this one out; or, if it is all that is needed, narrow the other",
                ja="これを消してください。必要なのがこれだけなら、もう一方を狭めてください",
            )
            if isinstance(wider, Stated)
            else Text(
                en="leave it out: what the platform offers everybody needs no allowance",
                ja="消してください。基盤のサービスの利用に通信許可は要りません",
            ),
        )


def redundant(context: Context) -> Iterator[Objection]:
    for each, others in _redundant(context):
        names = [_name(other) for other in others]
        more = len(names) - _NAMED
        yield Objection(
            each.path,
            Text(
                en=" and ".join(name.en for name in names[:_NAMED])
                + (f" and {more} more" if more > 0 else "")
                + " allow all of this together",
                ja="、".join(name.ja for name in names[:_NAMED])
                + (f"、ほか{more}件" if more > 0 else "")
                + "を合わせると、この通信はすべて許可されています",
            ),
            Text(en="leave it out: nothing closes by that", ja="消してください。それで閉じる通信はありません"),
        )


def passes_a_filter(context: Context, each: Stated) -> bool:
    """Does a server's port stand at either end? Terminals, lines, gateways and networks beside have none of ours."""
    return _has_a_server(context, each.source) or _has_a_server(context, each.destination)


def _has_a_server(context: Context, end: ResolvedEnd) -> bool:
    if end.kind is not EndKind.ENDPOINT or end.owner == PLATFORM:
        return end.kind is EndKind.VM
    if context.is_doubtful(f"{end.owner}.vms"):
        return True  # one that could not be read may stand there
    addresses, span = context.addresses.get(end.owner, ()), Span.of(end.network)
    place = bisect_left(addresses, span.first)
    return place < len(addresses) and addresses[place] <= span.last


def _ended(context: Context, each: Stated) -> tuple[ResolvedEnd, date] | None:
    """A server at one of the ends whose contract is over, and since when."""
    for end in (each.source, each.destination):
        if end.kind is EndKind.VM:
            owner = context.catalogue.owner(end.owner)
            assert owner is not None
            retire = owner.vms[end.name].retire
            if retire is not None and retire.due(context.today):
                return end, retire.ends
    return None


def _judged(context: Context) -> tuple[Stated, ...]:
    """Those of which nothing else is said already."""
    said = {path for path, _ in repeated(context)}
    return tuple(
        each
        for each in context.conversations.stated
        if each.path not in said and passes_a_filter(context, each) and _ended(context, each) is None
    )


def _shadowed(context: Context) -> Iterator[tuple[Stated, Conversation]]:
    """Each with one that holds all of it; of two that are equal under different names, the later one."""
    judged = _judged(context)
    place = {each.path: number for number, each in enumerate(judged)}
    for each in judged:
        for other in _others(context, each):
            if not other.cell.holds(each.cell) or (isinstance(other, Stated) and other.path not in place):
                continue
            if other.cell != each.cell or place.get(other.path, -1) < place[each.path]:
                yield each, other
                break


def _redundant(context: Context) -> Iterator[tuple[Stated, Sequence[Conversation]]]:
    """Each with the others that hold all of it; the last first, so that all of them may go at once."""
    shadowed = {each.path for each, _ in _shadowed(context)}
    judged = [each for each in _judged(context) if each.path not in shadowed]
    staying = {each.path for each in judged}
    for each in reversed(judged):
        others = [other for other in _others(context, each) if not isinstance(other, Stated) or other.path in staying]
        if len(others) > 1 and not left_of(each.cell, (other.cell for other in others)):
            staying.discard(each.path)
            yield each, _needed(each, others)


def _others(context: Context, each: Stated) -> Iterator[Conversation]:
    beside = context.conversations.beside(each.source.owner, each.destination.owner, each.cell)
    return (other for other in beside if other.path != each.path)


def _needed(each: Stated, others: Iterable[Conversation]) -> list[Conversation]:
    """As few of the others as still hold all of it, none of which could be spared."""
    kept = list(others)
    for other in tuple(kept):
        rest = [one for one in kept if one is not other]
        if not left_of(each.cell, (one.cell for one in rest)):
            kept = rest
    return kept


def _name(conversation: Conversation) -> Text:
    path = conversation.path
    if isinstance(conversation, Stated):
        return Text(en=path, ja=f" {path} ")
    service = path.rpartition(".")[2]
    return Text(en=f"the platform's service `{service}`", ja=f"基盤のサービス `{service}` ")


def _written(end: ResolvedEnd) -> str:
    return f"{end.owner}/{end.name}"


RULES = (
    Rule(
        "allowance-shadowed",
        22,
        Severity.WARNING,
        Text(en="no wider allowance or service allows the same", ja="より広い許可やサービスに含まれる許可がない"),
        shadowed,
    ),
    Rule(
        "allowance-redundant",
        22,
        Severity.WARNING,
        Text(en="no allowance is made up of others", ja="ほかの許可やサービスを合わせた範囲に含まれる許可がない"),
        redundant,
    ),
    Rule(
        "allowance-unused",
        22,
        Severity.WARNING,
        Text(en="an allowance is applied by a server's filter", ja="通信許可を適用するサーバがある"),
        unused,
    ),
)
