"""What is monitored on a server or a gateway: four kinds, three severities (FAQ 4, 17).

Here: the shape of the monitoring hearing sheet. Not here: who is mailed for which severity; that follows from it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wpf_infra.language import Text
from wpf_infra.model.scalar import Percent, Sentence
from wpf_infra.model.value import Barred, Faq, Value


class Severity(StrEnum):
    """Zabbix severities as the platform knows them (FAQ 4)."""

    WARNING = "warning"
    MINOR = "minor"
    MAJOR = "major"


_FOLLOWS_FROM_SEVERITY = {
    key: Barred(
        4,
        Text(
            en="who is mailed and what the portal shows follows from the severity; it is never declared beside it",
            ja="メール通知の宛先とポータルへの表示は重大度で決まり、別に宣言することはできません",
        ),
        Text(
            en=f"leave `{key}` out and choose the `severity`: warning tells nobody, minor the vendor, "
            "major the utility and the portal too",
            ja=f"`{key}` を消し、`severity` を選んでください（warning は通知なし、minor はベンダーへ、"
            "major は事業者へも通知しポータルに表示）",
        ),
    )
    for key in ("mail", "media", "portal", "notify", "email", "recipients")
}


class Ping(Value):
    barred = _FOLLOWS_FROM_SEVERITY

    kind: Annotated[Literal["ping"], Faq(17)]
    """Does it answer?"""
    severity: Annotated[Severity, Faq(4)]
    """Who hears of it: warning nobody, minor the vendor, major the utility and the portal too."""


class Process(Value):
    barred = _FOLLOWS_FROM_SEVERITY

    kind: Annotated[Literal["process"], Faq(17)]
    """Does a process run?"""
    process: Sentence
    """The process's image name."""
    severity: Annotated[Severity, Faq(4)]
    """Who hears of it: warning nobody, minor the vendor, major the utility and the portal too."""


class Metric(StrEnum):
    CPU_USED_PERCENT = "cpu-used-percent"
    MEMORY_USED_PERCENT = "memory-used-percent"
    DISK_USED_PERCENT = "disk-used-percent"


class Resource(Value):
    barred = _FOLLOWS_FROM_SEVERITY

    kind: Annotated[Literal["resource"], Faq(17)]
    """Is CPU, memory or disk used beyond a threshold?"""
    metric: Metric
    """What is measured."""
    above: Percent
    """The threshold in percent."""
    severity: Annotated[Severity, Faq(4)]
    """Who hears of it: warning nobody, minor the vendor, major the utility and the portal too."""


class Log(Value):
    barred = _FOLLOWS_FROM_SEVERITY

    kind: Annotated[Literal["log"], Faq(17)]
    """Does a line of a log file match?"""
    file: Sentence
    """The file's full path on the server."""
    match: Sentence
    """The regular expression that is a fault."""
    severity: Annotated[Severity, Faq(4)]
    """Who hears of it: warning nobody, minor the vendor, major the utility and the portal too."""


Monitor = Annotated[Ping | Process | Resource | Log, Field(discriminator="kind"), Faq(17)]
