"""What became of forms, as people and programs read it.

Here: one outcome's lines and its JSON, and the sum of several. Not here: the verb (`onboard`), and how findings are
shown (`findings`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from wpf_infra.cli.findings import as_json as findings_as_json
from wpf_infra.cli.findings import as_lines as lines_of_findings
from wpf_infra.cli.output import paint
from wpf_infra.language import Text, spoken
from wpf_infra.model.finding import Finding
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.enrolment import Outcome, Result
from wpf_infra.onboarding.next_step import Step

_WORDS = {
    Result.WRITTEN: ("green", Text(en="onboarded", ja="登録しました")),
    Result.CHECKED: ("green", Text(en="could be onboarded; nothing was written", ja="登録できます（未登録）")),
    Result.UNCHANGED: ("green", Text(en="is there already, alike; nothing to do", ja="登録済みで、変更はありません")),
    Result.REFUSED: ("red", Text(en="not onboarded; nothing was written", ja="登録していません")),
}


def as_lines(outcome: Outcome) -> Iterator[str]:
    """For people: what became of the form, what was allocated, what was found, what to do next."""
    language = spoken()
    colour, word = _WORDS[outcome.result]
    yield f"{paint(outcome.tenant, bold=True)}: {paint(word.in_(language), colour, bold=True)} ({outcome.form})"
    if outcome.declared is not None and outcome.result is not Result.UNCHANGED:
        for line in _allocated(outcome.declared, outcome.chosen):
            yield f"  {line}"
    if outcome.written:
        yield f"  {Text(en='written', ja='作成したファイル').in_(language)}: {', '.join(outcome.written)}"
    yield from lines_of_findings(outcome.findings)
    yield from _next(outcome.steps)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """For programs. network, addresses and lines as they are, or would be, declared; empty where it was refused."""
    language = spoken()
    tenant = outcome.declared
    return {
        "form": outcome.form,
        "tenant": outcome.tenant,
        "result": outcome.result.value,
        "file": outcome.file,
        "network": {"cidr": str(tenant.network.cidr), "vlan": tenant.network.vlan} if tenant else None,
        "addresses": {name: str(vm.address) for name, vm in tenant.vms.items()} if tenant else {},
        "endpoints": {name: str(each.cidr) for name, each in tenant.endpoints.items()} if tenant else {},
        "lines": {name: str(line.cidr) for name, line in tenant.lines.items()} if tenant else {},
        "gateways": {name: str(each.address) for name, each in tenant.gateways.items()} if tenant else {},
        "allocated": sorted(outcome.chosen) if tenant else [],
        "written": list(outcome.written),
        "unchanged": outcome.result is Result.UNCHANGED,
        "next": [{"command": step.command, "why": step.why.in_(language)} for step in outcome.steps],
        "findings": findings_as_data(outcome.findings),
        "errors": [error.sentence(language) for error in outcome.errors],
    }


def findings_as_data(findings: Sequence[Finding]) -> list[Any]:
    found: list[Any] = json.loads(findings_as_json(findings))["findings"]
    return found


def summary(outcomes: Sequence[Outcome]) -> str:
    onboarded = sum(each.result in (Result.WRITTEN, Result.CHECKED) for each in outcomes)
    unchanged = sum(each.result is Result.UNCHANGED for each in outcomes)
    refused = len(outcomes) - onboarded - unchanged
    text = Text(
        en=f"{onboarded} onboarded, {unchanged} there already, {refused} not onboarded",
        ja=f"登録 {onboarded} 件、登録済み {unchanged} 件、未登録 {refused} 件",
    )
    return paint(text.in_(spoken()), "red" if refused else "green", bold=True)


def _allocated(tenant: Tenant, chosen: frozenset[str]) -> Iterator[str]:
    """What it has of addresses; what was allocated now is marked."""
    language = spoken()
    now = Text(en=" (allocated)", ja="（割り当て）").in_(language)

    def mark(path: str) -> str:
        return now if path in chosen else ""

    network = tenant.network
    title = Text(en="network", ja="ネットワーク").in_(language)
    yield f"{title} {network.cidr}{mark('network.cidr')}, VLAN {network.vlan}{mark('network.vlan')}"
    for name, vm in tenant.vms.items():
        yield f"vms.{name} {vm.address}{mark(f'vms.{name}.address')}"
    for name, endpoint in tenant.endpoints.items():
        yield f"endpoints.{name} {endpoint.cidr}{mark(f'endpoints.{name}.cidr')}"
    for name, line in tenant.lines.items():
        yield f"lines.{name} {line.cidr}{mark(f'lines.{name}.cidr')}"
    for name, gateway in tenant.gateways.items():
        yield f"gateways.{name} {gateway.address}{mark(f'gateways.{name}.address')}"


def _next(steps: Sequence[Step]) -> Iterator[str]:
    language = spoken()
    width = max((len(step.command) for step in steps if step.command is not None), default=0)
    if steps:
        yield Text(en="next:", ja="次の手順:").in_(language)
    for step in steps:
        why = step.why.in_(language)
        yield f"  {step.command:<{width}}  # {why}" if step.command is not None else f"  {why}"
