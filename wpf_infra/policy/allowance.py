"""Allowances: between tenants only what was stated is allowed, nothing goes to the internet and no mail comes in
(FAQ 21, 22, 24).

Here: rules about allowances and their ends. Not here: what ends resolve to (`wpf_infra.network`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wpf_infra.language import Text
from wpf_infra.model.finding import Severity
from wpf_infra.model.function import Function
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.ports import Port, Protocol
from wpf_infra.model.tenant import Tenant
from wpf_infra.network.resolve import EndKind, ResolvedEnd, split_end, stays_inside
from wpf_infra.policy.address import private
from wpf_infra.policy.context import Context
from wpf_infra.policy.conversation import AllowanceEnd
from wpf_infra.policy.port_set import merged
from wpf_infra.policy.rule import Objection, Rule, suggestion

_MAIL = (25, 465, 587)
"""SMTP, submission over TLS, submission."""


def own_tenant(context: Context) -> Iterator[Objection]:
    """A tenant states what it itself opens or answers, never what two others do."""
    for path, declaring, source, destination in _owners(context):
        if declaring not in (source, destination) and all(map(context.catalogue.owner, (source, destination))):
            yield Objection(
                path,
                Text(
                    en=f"an allowance from {source} to {destination} is not {declaring}'s to give",
                    ja=f"{source} から {destination} への通信を {declaring} が許可することはできません",
                ),
                Text(
                    en=f"declare it in {source} or {destination}",
                    ja=f"{source} か {destination} で宣言してください",
                ),
            )


def within_tenant(context: Context) -> Iterator[Objection]:
    """Of an end that does not exist nobody knows whose it was to be."""
    for source, destination in context.allowance_pairs:
        owners = {split_end(end.written, end.declaring)[0] for end in (source, destination)}
        if owners == {source.declaring} and _inside(source, destination):
            yield Objection(
                source.path.removesuffix(".from"),
                *(_BETWEEN_SERVERS if source.declaring == PLATFORM else _BETWEEN_ENDS),
            )


_BETWEEN_ENDS = (
    Text(
        en="both ends are this tenant's, where traffic is free anyway",
        ja="両端とも同じテナントです。テナント内の通信はもともと自由です",
    ),
    Text(
        en="leave it out, or name the other tenant's end: [tenant/]name",
        ja="消すか、相手テナントの端点を テナント/名前 で書いてください",
    ),
)
_BETWEEN_SERVERS = (
    Text(
        en="both ends are the platform's own servers, between which traffic is free anyway",
        ja="両端とも基盤のサーバです。基盤のサーバ同士の通信はもともと自由です",
    ),
    Text(
        en="leave it out, or name a tenant's end (tenant/name) or one of the platform's `endpoints`",
        ja="消すか、テナントの端点（テナント/名前）か基盤の `endpoints` の名前を書いてください",
    ),
)


def stated_once(context: Context) -> Iterator[Objection]:
    """One side's declaration suffices, so what the other side declares too is told to whoever comes later."""
    for path, other in repeated(context):
        yield Objection(
            path,
            Text(
                en=f"{other} allows the same already; one side's declaration suffices",
                ja=f"同じ通信を {other} がすでに許可しています。宣言は片側だけで足ります",
            ),
            Text(en="leave one of them out", ja="どちらかを消してください"),
        )


def repeated(context: Context) -> Iterator[tuple[str, str]]:
    """Paths of allowances between the same two ends on the same ports as an earlier one, and of that one."""
    first: dict[tuple[object, ...], str] = {}
    for source, destination in context.allowance_pairs:
        if len(source.named) != 1 or len(destination.named) != 1:
            continue
        path = source.path.removesuffix(".from")
        ends = ((end.owner, end.kind, end.name) for end in (*source.named, *destination.named))
        other = first.setdefault((*ends, *merged(source.allowance.ports)), path)
        if other != path:
            yield path, other


def no_inbound_mail(context: Context) -> Iterator[Objection]:
    """Servers may hand mail to a relay, and a relay may hand it on to a network of the operator's; no other way."""
    relays = mail_relays(context)
    for source, destination in context.allowance_pairs:
        mail = sorted({port for each in source.allowance.ports for port in _mail_ports(each)})
        if not mail or not destination.named or _goes_out(source, destination, relays):
            continue
        if _inside(source, destination):
            continue  # where traffic is free, whatever it carries
        ports = ", ".join(f"tcp/{port}" for port in mail)
        yield Objection(
            source.path.removesuffix(".from"),
            Text(
                en=f"{ports} would bring mail to `{destination.written}`; servers send mail out and receive none",
                ja=f"{ports} は `{destination.written}` へメールを届ける通信です。サーバはメールの送信だけで、"
                "受信はできません",
            ),
            Text(
                en="leave these ports out; what goes out goes to the platform's relay, with the option `smtp`",
                ja="そのポートを消してください。送信はオプション `smtp` で基盤のリレーを使います",
            ),
        )


def _goes_out(source: AllowanceEnd, destination: AllowanceEnd, relays: frozenset[tuple[str, str]]) -> bool:
    """Is it on the way from a server through a relay to the operator's own mail server, at either step of it?"""
    if any((end.owner, end.name) in relays for end in destination.named):
        return not any(map(_outside, source.named))
    handed_on = any((end.owner, end.name) in relays for end in source.named)
    return handed_on and any(map(_outside, destination.named))


def _outside(end: ResolvedEnd) -> bool:
    """Is it a network beside the platform's servers, where others' mail may come from?"""
    return end.owner == PLATFORM and end.kind is EndKind.ENDPOINT


def _inside(source: AllowanceEnd, destination: AllowanceEnd) -> bool:
    """Is it free, whatever the ends mean that exist?"""
    return bool(source.named and destination.named) and all(
        stays_inside(one, other) for one in source.named for other in destination.named
    )


def mail_relays(context: Context) -> frozenset[tuple[str, str]]:
    """Owner and name of the platform's servers that take mail from others."""
    return frozenset((PLATFORM, name) for name in context.platform.services.get(Function.SMTP, ()))


def _mail_ports(port: Port) -> Iterator[int]:
    return (each for each in _MAIL if port.protocol is Protocol.TCP and port.first <= each <= port.last)


def ends_exist(context: Context) -> Iterator[Objection]:
    for end in context.allowance_ends:
        owner_id, name = split_end(end.written, end.declaring)
        if end.named or any(context.catalogue.is_unjudged(f"{owner_id}.{kind}.{name}") for kind in EndKind):
            continue
        owner = context.catalogue.owner(owner_id)
        if "/" not in end.written and (name in context.tenants or name == PLATFORM):
            yield _whole_tenant(end, name)
            continue
        if owner is None:
            yield Objection(
                end.path,
                Text(en=f"there is no tenant `{owner_id}`", ja=f"テナント `{owner_id}` はありません"),
                suggestion(
                    owner_id,
                    context.tenants,
                    Text(en="name a tenant that is declared", ja="宣言されているテナントを指定してください"),
                ),
            )
            continue
        known = [*owner.vms, *owner.endpoints]
        if isinstance(owner, Tenant):
            known += [*owner.lines, *owner.gateways]
        yield Objection(
            end.path,
            Text(
                en=f"{owner_id} has no VM, endpoint, line or gateway `{name}`",
                ja=f"{owner_id} に `{name}` というVM・エンドポイント・回線・ゲートウェイはありません",
            ),
            suggestion(
                name,
                known,
                Text(
                    en=f"declare it in {owner_id}, or name another tenant's end: tenant/name",
                    ja=f"{owner_id} で宣言するか、他のテナントの端点を テナント/名前 で書いてください",
                ),
            ),
        )


def _whole_tenant(end: AllowanceEnd, owner: str) -> Objection:
    return Objection(
        end.path,
        Text(
            en=f"`{owner}` is a whole tenant, and an end is one thing of it",
            ja=f"`{owner}` はテナント全体です。端点にはその中の1つを書きます",
        ),
        Text(
            en=f"write {owner}/NAME, the name of a VM, endpoint, line or gateway",
            ja=f"{owner}/名前 の形で、VM・エンドポイント・回線・ゲートウェイを指定してください",
        ),
    )


def ends_unambiguous(context: Context) -> Iterator[Objection]:
    for end in context.allowance_ends:
        if len(end.named) > 1:
            kinds = ", ".join(f"{each.owner}.{each.kind}.{each.name}" for each in end.named)
            yield Objection(
                end.path,
                Text(en=f"`{end.written}` may mean {kinds}", ja=f"`{end.written}` は {kinds} のどれか決まりません"),
                Text(en="give them different names", ja="別々の名前を付けてください"),
            )


def ends_private(context: Context) -> Iterator[Objection]:
    """A range of terminals that is public is said where it is declared."""
    for end in context.allowance_ends:
        for named in end.named:
            if named.kind is not EndKind.ENDPOINT and not private(named.network.first, named.network.last):
                yield Objection(
                    end.path,
                    Text(
                        en=f"`{end.written}` is {named.network}, which is not private: no server reaches the internet",
                        ja=f"`{end.written}` は {named.network} で、プライベートアドレスではありません。"
                        "サーバからインターネットへは出られません",
                    ),
                    Text(
                        en="allow only what lies inside the platform; patches come from the maintenance terminals",
                        ja="基盤の内側だけを許可してください。パッチは保守端末から適用します",
                    ),
                )


def _owners(context: Context) -> Iterator[tuple[str, str, str, str]]:
    """Path, declaring tenant, and the owners of source and destination of each allowance."""
    for source, destination in context.allowance_pairs:
        yield (
            source.path.removesuffix(".from"),
            source.declaring,
            split_end(source.written, source.declaring)[0],
            split_end(destination.written, destination.declaring)[0],
        )


RULES = (
    Rule(
        "allowance-own-tenant",
        22,
        Severity.ERROR,
        Text(en="one end of an allowance is the declaring tenant's", ja="通信許可の一端は宣言したテナントである"),
        own_tenant,
    ),
    Rule(
        "allowance-end-exists",
        22,
        Severity.ERROR,
        Text(en="both ends of an allowance exist", ja="通信許可の両端が存在する"),
        ends_exist,
    ),
    Rule(
        "allowance-end-unambiguous",
        22,
        Severity.ERROR,
        Text(en="an end names one thing", ja="通信許可の端点が1つに決まる"),
        ends_unambiguous,
    ),
    Rule(
        "allowance-private",
        21,
        Severity.ERROR,
        Text(en="no allowance reaches a public address", ja="通信許可がインターネットに及ばない"),
        ends_private,
    ),
    Rule(
        "allowance-within-tenant",
        22,
        Severity.WARNING,
        Text(en="inside a tenant no allowance is needed", ja="テナント内の通信許可は不要である"),
        within_tenant,
    ),
    Rule(
        "allowance-once",
        22,
        Severity.WARNING,
        Text(en="what is allowed is stated once", ja="同じ通信を二重に許可しない"),
        stated_once,
    ),
    Rule(
        "allowance-no-mail-in",
        24,
        Severity.ERROR,
        Text(en="no mail reaches a server", ja="サーバはメールを受信しない"),
        no_inbound_mail,
    ),
)
