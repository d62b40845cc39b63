"""The description of a traffic rule of ours: what the rule itself cannot say, to be read back, and by people too.

Here: its words both ways, pure. Not here: the rule (`filter`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from pydantic_core import PydanticCustomError

from wpf_infra.model.ports import Port, parse_port
from wpf_infra.model.resource import Direction, FirewallResource
from wpf_infra.network.rules import Action, Rule

_MARK = "wpf "


class Part(StrEnum):
    """What the rule is to its policy. A request and its reply make an allowance, two insides a line."""

    INSIDE = "inside"
    REQUEST = "request"
    REPLY = "reply"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Caption:
    """line: the name of the line that is inside; the fields of an allowance: those of a request or reply. All are None
    where the rule belongs to every policy; peer too where nobody's policy follows.
    """

    part: Part
    allowance: str | None = None
    direction: Direction | None = None
    peer: str | None = None
    port: Port | None = None
    reason: str | None = None
    line: str | None = None

    @classmethod
    def of(cls, rule: Rule, policy: FirewallResource) -> Caption:
        if rule.allowance is None:
            return cls(Part.REST if rule.action is Action.DROP else Part.INSIDE, line=rule.line)
        allowance = policy.allowances[rule.allowance]
        part = Part.REPLY if rule.answers else Part.REQUEST
        return cls(part, rule.allowance, allowance.direction, allowance.peer, rule.port, allowance.reason)

    @property
    def entry(self) -> tuple[str, str] | None:
        """Kind and name of what it stands for in its policy: a line or an allowance; None for what every policy has."""
        if self.line is not None:
            return "line", self.line
        return ("allowance", self.allowance) if self.allowance is not None else None

    @property
    def text(self) -> str:
        words = {
            "part": self.part,
            "line": self.line,
            "allowance": self.allowance,
            "direction": self.direction,
            "peer": self.peer,
            "port": None if self.port is None else str(self.port),
            "reason": self.reason,
        }
        return _MARK + json.dumps({key: word for key, word in words.items() if word is not None}, ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> Caption | None:
        """None for what we never wrote: then the rule is somebody else's."""
        if not text.startswith(_MARK):
            return None
        try:
            words = _words(text.removeprefix(_MARK))
            caption = cls(
                Part(words["part"]),
                words.get("allowance"),
                Direction(words["direction"]) if "direction" in words else None,
                words.get("peer"),
                parse_port(words["port"]) if "port" in words else None,
                words.get("reason"),
                words.get("line"),
            )
        except (ValueError, KeyError, RecursionError, PydanticCustomError):
            return None
        return caption if caption.text == text else None


def _words(text: str) -> dict[str, str]:
    """Raises ValueError for anything but words by name; RecursionError for brackets without end."""
    words = json.loads(text)
    if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
        raise ValueError
    return words
