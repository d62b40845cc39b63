"""What stands written in a drawing, in its language.

Here: the words of lanes, arrows, legend and description. Not here: how much of them there is room for (`layout`).
"""

from __future__ import annotations

from wpf_infra.language import Language, Text, visible
from wpf_infra.network.picture.arrow import Arrow, inner, outer
from wpf_infra.network.picture.end import End
from wpf_infra.network.picture.picture import Frame, Picture
from wpf_infra.network.picture.port_words import ANSWERS, ANYTHING
from wpf_infra.network.reach.answer import Verdict
from wpf_infra.network.reach.place import PlaceKind

SERVERS = Text(en="Servers and terminals", ja="サーバと端末")
LINES = Text(en="Lines and gateways", ja="回線とゲートウェイ")
INSIDE = Text(
    en="within a solid frame everything passes (FAQ-22, FAQ-35)", ja="実線の枠の中は自由に通信できる（FAQ-22、FAQ-35）"
)
NO_CONVERSATION = Text(en="No conversation is declared.", ja="宣言された通信はありません。")
VERDICTS = {
    Verdict.INTENDED: Text(en="intended: an allowance, or a service", ja="意図された通信（許可またはサービス）"),
    Verdict.RESIDUAL: Text(
        en="residual: passes though not meant; who answers may also speak first, from the port it answers on",
        ja="残留（意図せず通る通信。応答側は応答ポートから先に発信できる）",
    ),
    Verdict.BLOCKED: Text(en="blocked", ja="遮断"),
}
_NAMES = {
    Verdict.INTENDED: Text(en="intended", ja="意図された通信"),
    Verdict.RESIDUAL: Text(en="residual", ja="残留"),
    Verdict.BLOCKED: Text(en="blocked", ja="遮断"),
}
_REST = Text(en="everything else", ja="その他すべて")
_UNSEEN = Text(en="what no filter sees", ja="フィルタの外の通信")
_ANYTHING = Text(en="everything", ja="すべて")
_WHOLE = Text(en="all of it", ja="全体")
_NETWORK = Text(en="its network", ja="ネットワーク")
_ANSWERING = Text(en="who answers may also speak first from there", ja="応答側もそのポートから先に発信できる")


def ports_text(arrow: Arrow, language: Language) -> str:
    """What passes, port by port."""
    rest = _REST if arrow.verdict is Verdict.BLOCKED else _UNSEEN
    return ", ".join(_word(word, language) for word in arrow.words) or rest.in_(language)


def chip_text(lane: Arrow) -> str:
    """The platform's side of a lane: services by function, servers by name."""
    return ", ".join(end.name for end in inner(lane))


def who_text(lane: Arrow, frame: Frame, language: Language) -> str:
    """The frame's side of a lane; the frame says whose they are."""
    return ", ".join(end_text(end, frame, language) for end in outer(lane))


def end_text(end: End, frame: Frame, language: Language) -> str:
    """An end in its own frame."""
    if end.kind is PlaceKind.TENANT:
        return _WHOLE.in_(language)
    return _NETWORK.in_(language) if end.name == frame.network else end.name


def pin_text(link: Arrow, language: Language, *, outward: bool) -> str:
    """Beside the frame that an arrow leaves or reaches: the ports, and who is at the other end."""
    other = (link.destinations if outward else link.sources)[0]
    return f"{ports_text(link, language)} {'→' if outward else '←'} {other}"


def told_text(arrow: Arrow, language: Language) -> str:
    """The whole arrow in a sentence, with the declarations behind it."""
    ends = " → ".join(", ".join(map(str, side)) for side in (arrow.sources, arrow.destinations))
    told = [f"{ends}: {ports_text(arrow, language)} ({_NAMES[arrow.verdict].in_(language)})"]
    told += [_ANSWERING.in_(language)] if arrow.answers else []
    told += [text.in_(language) for text in arrow.told]
    return visible("; ".join(told))


def description(picture: Picture, language: Language) -> str:
    """For who cannot see it: how many arrows of each verdict, between how many owners."""
    arrows = (*picture.lanes, *picture.links)
    counts = [
        f"{_NAMES[verdict].in_(language)} {number}"
        for verdict in Verdict
        if (number := sum(arrow.verdict is verdict for arrow in arrows))
    ]
    owners = ", ".join(str(frame.owner or frame.name.in_(language)) for frame in picture.frames)
    return visible(f"{' · '.join(counts) or NO_CONVERSATION.in_(language)} ({owners})")


def _word(word: str, language: Language) -> str:
    if word == ANYTHING:
        return _ANYTHING.in_(language)
    if word.startswith(ANSWERS):
        port = word.removeprefix(ANSWERS)
        return Text(en=f"from {port}", ja=f"{port}から").in_(language)
    return word
