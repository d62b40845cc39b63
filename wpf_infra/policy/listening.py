"""What servers and gateways say they answer on (`listens`), and what is let through to them (FAQ 22).

Here: allowances and services that are wider than that. Not here: what the answering side may open itself (`reverse`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.ports import Port
from wpf_infra.model.resource import Direction
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.resolve import EndKind, ResolvedEnd
from wpf_infra.network.service import SERVICES
from wpf_infra.policy.context import Context
from wpf_infra.policy.port_set import common, listed, merged, without
from wpf_infra.policy.rule import Objection, Rule


def wider_than_answered(context: Context) -> Iterator[Objection]:
    for each in context.conversations.stated:
        end = each.destination
        listens = listens_of(context, end)
        if listens is None or not (extra := without(each.cell.ports, listens)):
            continue
        server = f"{end.owner}/{end.name}"
        yield Objection(
            f"{each.path}.ports",
            _nobody_answers(server, extra, listens),
            _narrower(f"{end.owner}.{end.kind}.{end.name}.listens", common(each.cell.ports, listens), extra),
        )


def services_wider_than_answered(context: Context) -> Iterator[Objection]:
    """The function's ports are every server's that carries it."""
    platform = context.platform
    for service in SERVICES:
        if service.opens is not Direction.OUT:
            continue
        ports = merged(platform.service_ports.get(service.function, service.ports))
        for name in sorted(set(platform.services.get(service.function, ()))):
            listens = platform.vms[name].listens if name in platform.vms else None
            if listens is not None and (extra := without(ports, listens)):
                yield Objection(
                    f"{PLATFORM}.vms.{name}.listens",
                    Text(
                        en=f"tenants reach {listed(extra)} of it as `{service.function}`, and it does not listen there",
                        ja=f"テナントは `{service.function}` としてこのサーバの {listed(extra)} に届きますが、"
                        "そこで待ち受けていません",
                    ),
                    Text(
                        en=f"add {listed(extra)}, or state what it answers on in `service_ports: "
                        f"{{{service.function}: […]}}`",
                        ja=f"{listed(extra)} を加えるか、`service_ports: {{{service.function}: […]}}` に"
                        "実際のポートを書いてください",
                    ),
                )


def ports_of_a_function(context: Context) -> Iterator[Objection]:
    """`service_ports` says something only where tenants call servers, and a function answers on tcp or udp."""
    called = {service.function for service in SERVICES if service.opens is Direction.OUT}
    for function, ports in sorted(context.platform.service_ports.items()):
        path = f"{PLATFORM}.service_ports.{function}"
        if function not in called or not context.platform.services.get(function):
            yield Objection(
                path,
                Text(
                    en=f"no server carries `{function}` for tenants to call, so these ports are nobody's",
                    ja=f"テナントが使う `{function}` のサーバがないため、このポートは誰のものでもありません",
                ),
                Text(
                    en=f"name its servers under `services: {{{function}: […]}}`, or leave this out",
                    ja=f"`services: {{{function}: […]}}` にサーバを書くか、これを消してください",
                ),
            )
        elif all(port.first == 0 for port in ports):
            usual = listed(port for service in SERVICES if service.function is function for port in service.ports)
            yield Objection(
                path,
                Text(
                    en=f"`{function}` would answer pings and nothing else: nobody could use it",
                    ja=f"`{function}` がpingにしか応答しなくなり、誰も使えません",
                ),
                Text(
                    en=f"add what it answers on ({usual} is usual), or leave this out",
                    ja=f"実際のポート（通常は {usual}）を加えるか、これを消してください",
                ),
            )


def listens_of(context: Context, end: ResolvedEnd) -> tuple[Port, ...] | None:
    """What the end answers on, merged; None where nobody knows, as of lines and terminals."""
    owner = context.catalogue.owner(end.owner)
    if context.is_doubtful(f"{end.owner}.{end.kind}.{end.name}.listens"):
        return None
    listens = None
    if owner is not None and end.kind is EndKind.VM:
        listens = owner.vms[end.name].listens
    elif isinstance(owner, Tenant) and end.kind is EndKind.GATEWAY:
        listens = owner.gateways[end.name].listens
    return None if listens is None else merged(listens)


def _nobody_answers(server: str, extra: Iterable[Port], listens: tuple[Port, ...]) -> Text:
    if not listens:
        return Text(
            en=f"{server} listens on nothing, so nobody answers this",
            ja=f"{server} は何も待ち受けていないため、この通信に応答する相手がいません",
        )
    return Text(
        en=f"{server} listens on {listed(listens)}: nobody answers {listed(extra)}",
        ja=f"{server} が待ち受けるのは {listed(listens)} です。{listed(extra)} には応答がありません",
    )


def _narrower(path: str, answered: tuple[Port, ...], extra: tuple[Port, ...]) -> Text:
    if not answered:
        return Text(
            en=f"leave the allowance out; if it does answer there, add {listed(extra)} to {path}",
            ja=f"この許可を消してください。実際に応答するなら {path} に {listed(extra)} を加えてください",
        )
    return Text(
        en=f"allow {listed(answered)} only; if it does answer there, add {listed(extra)} to {path}",
        ja=f"{listed(answered)} だけにしてください。実際に応答するなら {path} に {listed(extra)} を加えてください",
    )


RULES = (
    Rule(
        "allowance-wider",
        22,
        Severity.WARNING,
        Text(en="an allowance is no wider than what is answered", ja="通信許可は待ち受けているポートを超えない"),
        wider_than_answered,
    ),
    Rule(
        "service-wider",
        22,
        Severity.WARNING,
        Text(
            en="a server of a platform function listens where tenants reach it",
            ja="基盤機能のサーバはテナントが使うポートで待ち受ける",
        ),
        services_wider_than_answered,
    ),
    Rule(
        "service-ports",
        22,
        Severity.ERROR,
        Text(en="`service_ports` are of functions that tenants use", ja="`service_ports` はテナントが使う機能に書く"),
        ports_of_a_function,
    ),
)
