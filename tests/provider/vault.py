"""A kind that only tests have: it keeps a secret, and one of its properties may be unknown.

Here: its handler, which is as careless with the secret as code can be. Not here: what is tried with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wpf_infra.errors import Refused
from wpf_infra.language import Text, same
from wpf_infra.model.identity import Identity, Kind
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.provider.handlers import Blocked, Failure, HalfBuilt, Read
from wpf_infra.provider.session import Session
from wpf_infra.provider.value import Properties, revealed

TYPE = "test:index:Vault"
_IDENTITY = Identity("hill", Kind.VM, "vault")
_NOWHERE = Text(en="no way out", ja="手立てはありません")


@dataclass
class Vault:
    """mood: what it does next: nothing special, or the kind of failure to end in."""

    mood: str = ""
    standing: dict[str, Properties] = field(default_factory=dict)

    def check(self, inputs: Properties) -> tuple[Failure, ...]:
        return (Failure("password", f"{_password(inputs)} is too short"),) if self.mood == "failure" else ()

    def diff(self, id: str, recorded: Properties, inputs: Properties) -> Plan:
        self._fail(inputs)
        what = same(f"password {_password(recorded)} → {_password(inputs)}")
        return Plan(_IDENTITY, (Change("password", Disturbance.ONLINE, what),))

    def owned(self, id: str, stack: str, name: str) -> None:
        """Vaults have ids of their own."""

    def foresee(self, inputs: Properties) -> Plan | None:
        return self.diff("", inputs, inputs)

    def preview_create(self, inputs: Properties) -> Plan | None:
        return self.diff("", inputs, inputs)

    def create(self, inputs: Properties) -> tuple[str, Properties]:
        self._fail(inputs)
        self.standing["vault-1"] = inputs
        return "vault-1", inputs

    def read(self, id: str, recorded: Properties) -> Read | None:
        self._fail(recorded)
        return Read(self.standing[id], self.standing[id]) if id in self.standing else None

    def update(self, id: str, recorded: Properties, inputs: Properties) -> Properties:
        self._fail(inputs)
        self.standing[id] = inputs
        return inputs

    def delete(self, id: str, recorded: Properties) -> str | None:
        self._fail(recorded)
        del self.standing[id]
        return f"erased {_password(recorded)}"

    def _fail(self, inputs: Properties) -> None:
        sentence = f"the password {_password(inputs)} did not open it"
        match self.mood:
            case "refused":
                raise Refused(same(sentence), remedy=_NOWHERE)
            case "blocked":
                raise Blocked([sentence])
            case "half-built":
                raise HalfBuilt("vault-1", inputs, sentence)
            case "bug":
                raise RuntimeError(sentence)

    def handlers(self, _session: Callable[[], Session]) -> Mapping[str, Any]:
        return {TYPE: self}


def _password(properties: Properties) -> object:
    return revealed(properties).get("password")
