"""What is missing for a blocked flow to pass: the option to order, or the line to add and to whose file.

Here: the way out as sentences and a line to copy. Not here: whether it would be right (`wpf check` judges it).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from netaddr import IPAddress, IPNetwork

from wpf_infra.cli.reach.words import protocol_name
from wpf_infra.language import Text
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.ports import LONGEST_RANGE, Protocol
from wpf_infra.model.tenant import Option, Tenant
from wpf_infra.network.flow.flow_set import Flow
from wpf_infra.network.picture.end import Directory
from wpf_infra.network.reach.place import Place, PlaceKind
from wpf_infra.network.reach.question import Question
from wpf_infra.network.service import Service, ServiceFlow, flows_of

_PRIVATE = tuple(IPNetwork(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""
_NAMEABLE = (PlaceKind.VM, PlaceKind.ENDPOINT, PlaceKind.LINE, PlaceKind.GATEWAY)


_NOT_NAMED = Text(
    en="no declaration allows it (FAQ-22): ask with two named ends for the line to add",
    ja="この通信を許可する宣言がありません（FAQ-22）。追加する行を知るには、両端を名前で指定してください",
)


@dataclass(frozen=True, slots=True)
class Advice:
    """what: what to do, or why nothing can be done; file: where, with the line where it is known; add: the text to put
    there; stacks: what to apply then.
    """

    what: Text
    file: str | None = None
    add: str | None = None
    stacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _End:
    """An end as an allowance may name it; name None: nothing stands there that has one."""

    owner: str | None
    name: str | None
    address: int


class Adviser:
    """For one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._directory = Directory(catalogue)

    def advice(self, question: Question, witness: Flow) -> Advice:
        """The way out for the witness, which is one of what was asked."""
        if any(_wide(place) for place in (question.source, question.destination)):
            return Advice(_NOT_NAMED)
        if (service := self._unordered(witness)) is not None:
            return _order(self._catalogue, *service)
        source = self._end(question.source, witness.source)
        destination = self._end(question.destination, witness.destination)
        for end in (source, destination):
            if end.owner is None or end.name is None:
                return Advice(_nothing_there(end))
        return _declare(self._catalogue, source, destination, _port(question, witness))

    def _unordered(self, witness: Flow) -> tuple[str, Service] | None:
        """The tenant and the service of an option it has not ordered, where that would let the witness pass."""
        for owner in (self._owner(witness.source), self._owner(witness.destination)):
            tenant = self._catalogue.tenants.get(owner or "")
            if tenant is None:
                continue
            with_all = tenant.model_copy(update={"options": frozenset(Option)})
            for flow in flows_of(self._catalogue.platform, with_all):
                if flow.service.option not in (None, *tenant.options) and _carries(flow, witness):
                    return tenant.tenant, flow.service
        return None

    def _end(self, place: Place, address: int) -> _End:
        if place.kind in _NAMEABLE:
            return _End(place.owner, place.name, address)
        owner = self._owner(address)
        return _End(owner, None if owner is None else _name(self._catalogue, owner, address), address)

    def _owner(self, address: int) -> str | None:
        return next(self._directory.ends(address, address)).owner


def _wide(place: Place) -> bool:
    """Does it span what several owners may have? Then whoever stands in the witness is nobody that was asked about."""
    return place.owner is None and any(
        network.first < block.last and block.first < network.last and network.size > 1
        for network in place.networks
        for block in _PRIVATE
    )


def _carries(flow: ServiceFlow, witness: Flow) -> bool:
    protocol = protocol_name(witness.protocol)
    return (
        _holds(flow.source, witness.source)
        and _holds(flow.destination, witness.destination)
        and any(
            port.protocol == protocol
            and (port.protocol is Protocol.ICMP or port.first <= witness.destination_port <= port.last)
            for port in flow.ports
        )
    )


def _order(catalogue: Catalogue, tenant: str, service: Service) -> Advice:
    option = str(service.option)
    options = sorted({*catalogue.tenants[tenant].options, option})
    return Advice(
        Text(
            en=f"{tenant} has not ordered the option `{option}` that opens it (FAQ-{service.row})",
            ja=f"{tenant} は、この通信に必要なオプション `{option}` を注文していません（FAQ-{service.row}）",
        ),
        file=_place(catalogue, tenant, "options"),
        add=f"options: [{', '.join(options)}]",
        stacks=(tenant,),
    )


def _declare(catalogue: Catalogue, source: _End, destination: _End, port: str) -> Advice:
    """In the answering side's file, for it is the side that is opened; what tenants want of the platform in theirs."""
    declaring, other = destination.owner, source.owner
    if declaring == PLATFORM:
        declaring, other = other, declaring
    assert declaring is not None and other is not None
    ends = [str(end.name) if end.owner == declaring else f"{end.owner}/{end.name}" for end in (source, destination)]
    who = (declaring,) if declaring == other else (declaring, other)
    names = Text(en=" or ".join(who), ja=" か ".join(who))
    return Advice(
        Text(
            en=f"no declaration allows it (FAQ-22): {names.en} may declare it, for instance",
            ja=f"この通信を許可する宣言がありません（FAQ-22）。{names.ja} のファイルで、たとえば次のように宣言します",
        ),
        file=_place(catalogue, declaring, "allowances"),
        add=_line(catalogue, declaring, f"{source.name}-to-{destination.name}", (ends[0], ends[1]), port),
        stacks=who,
    )


def _line(catalogue: Catalogue, declaring: str, key: str, ends: tuple[str, str], port: str) -> str:
    owner = catalogue.owner(declaring)
    assert owner is not None
    while key in owner.allowances:
        key += "-too"
    if _in_python(catalogue, declaring):
        return f'"{key}": Allowance(source="{ends[0]}", destination="{ends[1]}", ports=("{port}",), reason="…"),'
    return f"{key}: {{from: {ends[0]}, to: {ends[1]}, ports: [{port}], reason: …}}"


def _place(catalogue: Catalogue, owner: str, key: str) -> str:
    """`stacks/tenants/higashi-suido.yaml:44:1 (allowances)`; where the file has no such key yet, without a line."""
    at = catalogue.positions.get(f"{owner}.{key}")
    if at is not None:
        return f"{at} ({key})"
    around = catalogue.position(owner)
    return f"{around.file if around else owner} ({key})"


def _in_python(catalogue: Catalogue, owner: str) -> bool:
    position = catalogue.position(owner)
    return owner == PLATFORM or (position is not None and PurePosixPath(position.file).suffix == ".py")


def _port(question: Question, witness: Flow) -> str:
    """As it was asked; of a range that no allowance can hold the witness's; nothing where nothing was said."""
    asked = question.port
    if asked is None:
        return "…"
    return str(asked) if asked.last - asked.first < LONGEST_RANGE else f"{asked.protocol}/{witness.destination_port}"


def _holds(network: IPNetwork, address: int) -> bool:
    return bool(network.first <= address <= network.last)


def _name(catalogue: Catalogue, owner: str, address: int) -> str | None:
    """What an allowance would call it: a server or gateway, else the range it lies in."""
    declared = catalogue.owner(owner)
    assert declared is not None
    named = {name: IPNetwork(vm.address) for name, vm in declared.vms.items()}
    if isinstance(declared, Tenant):
        named |= {name: IPNetwork(gateway.address) for name, gateway in declared.gateways.items()}
        named |= {name: line.cidr for name, line in declared.lines.items()}
    named |= {name: endpoint.cidr for name, endpoint in declared.endpoints.items()}
    fitting = [(network.size, name) for name, network in named.items() if _holds(network, address)]
    return min(fitting)[1] if fitting else None


def _nothing_there(end: _End) -> Text:
    address = str(IPAddress(end.address, 4))
    if end.owner is not None:
        return Text(
            en=f"{end.owner} has no server, terminal, line or gateway at {address}: declare it first",
            ja=f"{end.owner} の {address} にはサーバも端末も回線もゲートウェイもありません。先にそれを宣言してください",
        )
    if any(_holds(block, end.address) for block in _PRIVATE):
        return Text(
            en=f"nobody has declared {address}: nothing can be allowed for it",
            ja=f"{address} は誰のものとしても宣言されていないため、許可できません",
        )
    return Text(
        en=f"{address} is a public address, and this is a closed network: nothing reaches it (FAQ-21)",
        ja=f"{address} はパブリックアドレスです。閉域網のため通信できません（FAQ-21）",
    )
