"""What is said when there is nothing to allocate: summary and remedy.

Here: the sentences. Not here: when they are said (`allocation`).
"""

from __future__ import annotations

from collections.abc import Sequence

from netaddr import IPAddress, IPNetwork

from wpf_infra.language import Text, visible

Said = tuple[Text, Text]
_LEAVE_OUT = Text(
    en="leave the address out, and one is allocated",
    ja="アドレスを空欄にすると、空きから割り当てられます",
)


def none_left(what: Text, whose: Text, span: str) -> Said:
    """A whole space is used up."""
    return (
        Text(
            en=f"no {what.en} is free any more in the space of {whose.en}, {span}",
            ja=f"{whose.ja}の空間 {span} に空いている {what.ja} がありません",
        ),
        Text(
            en="have the platform's space enlarged, or give back what is not needed",
            ja="基盤の空間を広げるか、不要なものを返却してください",
        ),
    )


def no_address(network: IPNetwork, place: int) -> Said:
    """A network is full."""
    first = IPAddress(min(network.first + place, network.last))
    return (
        Text(
            en=f"no address is free any more in {network} from {first} on",
            ja=f"{network} の {first} 以降に空きアドレスがありません",
        ),
        Text(
            en="write a larger network, or an address that is left below",
            ja="より大きいネットワークを書くか、それより下のアドレスを指定してください",
        ),
    )


def no_room(network: IPNetwork) -> Said:
    """Terminals find no place."""
    return (
        Text(
            en=f"no sixteen addresses in a row are free for terminals in {network}",
            ja=f"{network} に端末用の連続した16アドレスの空きがありません",
        ),
        Text(en="write the range in `cidr`", ja="`cidr` に範囲を書いてください"),
    )


def not_around(address: IPAddress, around: IPNetwork, within: IPNetwork) -> Said:
    """An address is given, and no network of the space can be the one around it."""
    return (
        Text(
            en=f"{address} is given without its network, and {around} around it is no network of {within} that holds "
            "every address given here",
            ja=f"{address} の属するネットワークの記載がなく、{around} は {within} の中で"
            "記載済みのアドレスをすべて含むネットワークではありません",
        ),
        _LEAVE_OUT,
    )


def around_held(address: IPAddress, around: IPNetwork) -> Said:
    """An address is given, and the network around it is somebody's."""
    return (
        Text(
            en=f"{address} is given without its network, and {around} around it is held by others already",
            ja=f"{address} の属するネットワークの記載がなく、{around} は既に使われています",
        ),
        _LEAVE_OUT,
    )


def no_line(line: str, known: Sequence[str]) -> Said:
    """A gateway stands on a line that the form does not have."""
    lines = ", ".join(known)
    return (
        Text(
            en=f"there is no line `{visible(line)}`, so that no address on it can be allocated",
            ja=f"回線 `{visible(line)}` がないので、アドレスを割り当てられません",
        ),
        Text(en=f"name one of {lines}", ja=f"{lines} のどれかを書いてください")
        if known
        else Text(en="declare the line", ja="回線を書いてください"),
    )
