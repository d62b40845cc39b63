"""What the answering side of an allowance may open itself, because filters remember nothing (FAQ 22).

Here: which service ports of the opener that exposes. Not here: everything else that passes without being allowed
(`wpf_infra.network`): it reaches no port on which somebody is known to answer.
The reply to tcp/443 is "from port 443 to any port", so who answers may speak first from there, to any port of the
opener. Ping has no port, and what answers it exposes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from netaddr import IPAddress

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.line import Gateway
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.vm import VirtualMachine
from wpf_infra.network.resolve import EndKind, ResolvedEnd
from wpf_infra.policy.context import Context
from wpf_infra.policy.conversation import Cell, Span, Stated, left_of
from wpf_infra.policy.needless import passes_a_filter
from wpf_infra.policy.port_set import listed, merged
from wpf_infra.policy.rule import Objection, Rule

_LISTED = 3
"""How many pairs a sentence names."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Who answers may open `cell` itself, from any of `answered`; both are of one protocol."""

    answered: tuple[Port, ...]
    cell: Cell


def exposes(context: Context) -> Iterator[Objection]:
    answering = Answering(context)
    for each in context.conversations.stated:
        if each.allowance.agreed is not None or _doubtful(context, each):
            continue
        pairs = [_pair(context, each, exposure) for exposure in exposures(context, each, answering)]
        if not pairs:
            continue
        more = len(pairs) - _LISTED
        yield Objection(
            each.path,
            Text(
                en="filters remember nothing, so who answers may also speak first: "
                + "; ".join(pair.en for pair in pairs[:_LISTED])
                + (f"; and {more} more" if more > 0 else ""),
                ja="フィルタは通信の状態を覚えないため、応答側から先に通信を始められます: "
                + "、".join(pair.ja for pair in pairs[:_LISTED])
                + (f"、ほか{more}件" if more > 0 else ""),
            ),
            Text(
                en=f"let the firewall of {_whole(each.source)} itself refuse that, then record it here as "
                "`agreed: {by, on, reason}`; or allow it, if it is meant",
                ja=f"{_whole(each.source)} 自身のファイアウォールで遮断し、`agreed: {{by, on, reason}}` に記録して"
                "ください。意図した通信なら許可を宣言してください",
            ),
        )


def _doubtful(context: Context, each: Stated) -> bool:
    """Could something unread allow what looks exposed, or say that nobody answers there?"""
    owners = (each.source.owner, each.destination.owner)
    return any(context.is_doubtful(f"{owner}.allowances") for owner in owners) or any(
        context.is_doubtful(f"{each.source.owner}.{kind}") for kind in (EndKind.VM, EndKind.GATEWAY)
    )


class Answering:
    """On which ports of a span somebody is known to answer, looked up once for each span."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[tuple[str, Span], tuple[tuple[Span, tuple[Port, ...]], ...]] = {}

    def at(self, owner: str, span: Span) -> tuple[tuple[Span, tuple[Port, ...]], ...]:
        """Parts of the span, apart from each other, with what is answered there: what a server or gateway `listens` on
        where that is declared, else what an allowance lets others reach.
        """
        if (owner, span) not in self._found:
            self._found[owner, span] = tuple(_joined(self._parts(owner, span)))
        return self._found[owner, span]

    def _parts(self, owner: str, span: Span) -> Iterator[tuple[Span, tuple[Port, ...]]]:
        listening = {
            address: listens for address, _, listens in _things(self._context, owner, span) if listens is not None
        }
        allowed = [each.cell for each in self._context.conversations.answered_at(owner, span)]
        known = [*(Span(address, address) for address in listening), *(cell.destination for cell in allowed)]
        bounds = {span.first, span.last + 1}
        bounds |= {bound for each in known for bound in (each.first, each.last + 1) if span.first < bound <= span.last}
        for first, after in pairwise(sorted(bounds)):
            part = Span(first, after - 1)
            ports = listening.get(first)
            if ports is None:
                ports = tuple(port for cell in allowed if cell.destination.holds(part) for port in cell.ports)
            if ports := merged(port for port in ports if port.protocol is not Protocol.ICMP):
                yield part, ports


def _joined(parts: Iterable[tuple[Span, tuple[Port, ...]]]) -> list[tuple[Span, tuple[Port, ...]]]:
    """The same parts, in order, where neighbours on which the same is answered are one."""
    found: list[tuple[Span, tuple[Port, ...]]] = []
    for span, ports in parts:
        if found and found[-1][0].last + 1 == span.first and found[-1][1] == ports:
            span = Span(found.pop()[0].first, span.last)
        found.append((span, ports))
    return found


def exposures(context: Context, each: Stated, answering: Answering) -> Iterator[Exposure]:
    """What is exposed of the opener, less what the answering side is allowed to open anyway."""
    if not passes_a_filter(context, each):
        return  # anything passes there, with or without the allowance
    opener, other = each.source.owner, each.destination.owner
    for protocol in (Protocol.TCP, Protocol.UDP):
        answered = tuple(port for port in each.cell.ports if port.protocol is protocol)
        if not answered:
            continue
        for part, ports in answering.at(opener, each.cell.source):
            reached = tuple(port for port in ports if port.protocol is protocol)
            if reached:
                back = Cell(each.cell.destination, part, reached)
                allowed = (found.cell for found in context.conversations.beside(other, opener, back))
                yield from (Exposure(answered, left) for left in left_of(back, allowed))


def _things(context: Context, owner: str, span: Span) -> Iterator[tuple[int, str, tuple[Port, ...] | None]]:
    """Address, name and `listens` of the owner's servers and gateways in the span."""
    declared = context.catalogue.owner(owner)
    assert declared is not None
    things: list[tuple[str, VirtualMachine | Gateway]] = [*declared.vms.items()]
    if isinstance(declared, Tenant):
        things += declared.gateways.items()
    for name, thing in things:
        if span.first <= int(thing.address) <= span.last:
            yield int(thing.address), name, thing.listens


def _pair(context: Context, each: Stated, exposure: Exposure) -> Text:
    source = _named(context, each.destination, exposure.cell.source)
    destination = _named(context, each.source, exposure.cell.destination)
    answered, reached = listed(exposure.answered), listed(exposure.cell.ports)
    return Text(
        en=f"{source} from {answered} → {destination} {reached}",
        ja=f"{source} の {answered} から {destination} の {reached} へ",
    )


def _named(context: Context, end: ResolvedEnd, span: Span) -> str:
    """The end, or the part of it that is meant: what stands there by name, else addresses."""
    if span == Span.of(end.network):
        return _whole(end)
    if span.first == span.last:
        for _, name, _ in _things(context, end.owner, span):
            return f"{end.owner}/{name}"
        return f"{end.owner} ({IPAddress(span.first)})"
    return f"{end.owner} ({IPAddress(span.first)}-{IPAddress(span.last)})"


def _whole(end: ResolvedEnd) -> str:
    return f"{end.owner}/{end.name}"


RULES = (
    Rule(
        "allowance-reverse",
        22,
        Severity.WARNING,
        Text(
            en="who answers an allowance reaches no service of the opener",
            ja="応答側から開始側のサービスへ届かない",
        ),
        exposes,
    ),
)
