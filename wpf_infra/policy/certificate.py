"""Certificates: the platform's CA signs for the platform's paths and names only (FAQ 3).

Here: declared certificates and the CA's terms. Not here: vendors' own anchors (`anchor`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from wpf_infra.language import Text
from wpf_infra.model.certificate import Certificate, Path
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.tenant import Tenant
from wpf_infra.policy.context import Context
from wpf_infra.policy.rule import Objection, Rule, suggestion

_AUTHORITY = f"{PLATFORM}.certificate_authority"
_PRIVATE_SUFFIXES = frozenset({"internal", "lan", "home", "corp", "intranet", "private", "test", "example", "invalid"})
"""Never delegated: reserved by RFC 2606, RFC 6762 (appendix G) and, for `internal`, by ICANN."""
_PRIVATE_DOMAIN = "home.arpa"
_REGISTRY = re.compile(r"(ac|ad|co|com|ed|edu|go|gob|gov|gr|lg|ne|net|nom|or|org)\.[a-z]{2}")
"""Domains that strangers register names in: `co.jp`."""


def platform_paths(context: Context) -> Iterator[Objection]:
    for path, _, _, certificate in _certificates(context):
        if not certificate.path.to_platform:
            yield Objection(
                f"{path}.path",
                Text(
                    en=f"the platform's CA never signs for {certificate.path.value}: there the vendor does",
                    ja=f"基盤のCAは経路 {certificate.path.value} の証明書を発行しません。ベンダーが用意します",
                ),
                Text(
                    en="declare what the vendor brings under `trust`",
                    ja="ベンダーが用意した証明書を `trust` で宣言してください",
                ),
            )


def authority_there(context: Context) -> Iterator[Objection]:
    if context.platform.certificate_authority is not None:
        return
    for path, _, _, certificate in _certificates(context):
        if certificate.path.to_platform:
            yield Objection(
                path,
                Text(
                    en="the platform has no certificate authority to sign this",
                    ja="基盤に認証局がないので、この証明書を発行できません",
                ),
                Text(
                    en="declare `certificate_authority` in stacks/platform.py",
                    ja="stacks/platform.py で `certificate_authority` を宣言してください",
                ),
            )


def own_names(context: Context) -> Iterator[Objection]:
    """HOLDER.TENANT.DOMAIN with one label each for holder and tenant: read so, a name is nobody else's."""
    authority = context.platform.certificate_authority
    if authority is None:
        return
    domains = sorted(authority.domains)
    for path, owner, _, certificate in _certificates(context):
        if not certificate.path.to_platform or _owned(owner, certificate, domains):
            continue
        name = certificate.common_name
        if name in domains:
            summary = Text(
                en=f"`{name}` is the domain itself; the platform's CA signs HOLDER.TENANT.DOMAIN below it",
                ja=f"`{name}` はドメインそのものです。基盤のCAが署名するのは、その下の 保持者.テナント.ドメイン です",
            )
        elif any(name.endswith(f".{domain}") for domain in domains):
            summary = Text(
                en=f"`{name}` is no name of {owner}'s: the platform's CA signs HOLDER.TENANT.DOMAIN",
                ja=f"`{name}` は {owner} の名前ではありません。基盤のCAが署名するのは 保持者.テナント.ドメイン です",
            )
        else:
            summary = Text(
                en=f"`{name}` lies outside {', '.join(domains)}, below which alone the platform's CA signs",
                ja=f"`{name}` は、基盤のCAが署名できる {'、'.join(domains)} の下にありません",
            )
        holder = name.partition(".")[0]
        named = name not in domains and not holder.isdigit()  # no domain, no address
        right = f"{holder if named else path.rpartition('.')[2]}.{owner}.{domains[0]}"
        yield Objection(
            f"{path}.common_name",
            summary,
            Text(en=f"call it {right}", ja=f"{right} としてください"),
        )


def one_holder(context: Context) -> Iterator[Objection]:
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for path, _, _, certificate in _certificates(context):
        holders[certificate.common_name].append(path)
    for name, paths in holders.items():
        for index, path in enumerate(paths if len(paths) > 1 else ()):
            other = paths[0] if index else paths[1]
            yield Objection(
                f"{path}.common_name",
                Text(en=f"`{name}` is also the name of {other}", ja=f"`{name}` は {other} の名前でもあります"),
                Text(en="give each holder a name of its own", ja="保持者ごとに別の名前にしてください"),
            )


def holder_declared(context: Context) -> Iterator[Objection]:
    """A client's certificate is for a terminal, which stands in no file. Of a name that is not the tenant's own, this
    is not asked.
    """
    authority = context.platform.certificate_authority
    for path, owner, tenant, certificate in _certificates(context):
        if authority is not None and not _owned(owner, certificate, authority.domains):
            continue
        holder = certificate.common_name.partition(".")[0]
        if certificate.path is Path.GATEWAY_TO_PLATFORM:
            key, known, what = "gateways", [*tenant.gateways], Text(en="gateway", ja="ゲートウェイ")
        elif certificate.path is Path.APP_TO_PLATFORM:
            key, known, what = "vms", [*tenant.vms], Text(en="server", ja="サーバ")
        else:
            continue
        if holder not in known and not context.catalogue.is_unjudged(f"{owner}.{key}.{holder}"):
            yield Objection(
                f"{path}.common_name",
                Text(
                    en=f"{owner} has no {what.en} `{holder}` to hold this certificate",
                    ja=f"{owner} に、この証明書を持つ{what.ja} `{holder}` がありません",
                ),
                suggestion(
                    holder,
                    known,
                    Text(en=f"begin the name with its {what.en}'s", ja=f"名前を{what.ja}名で始めてください"),
                ),
            )


def terms_in_order(context: Context) -> Iterator[Objection]:
    """Nothing outlives what signed it, and a renewal falls into the life of what it renews."""
    authority = context.platform.certificate_authority
    if authority is None:
        return
    terms = {
        "root_days": authority.root_days,
        "issuing_days": authority.issuing_days,
        "leaf_days": authority.leaf_days,
        "renew_before_days": authority.renew_before_days,
    }
    order = " > ".join(terms)
    for (longer, most), (shorter, days) in pairwise(terms.items()):
        if days >= most:
            yield Objection(
                f"{_AUTHORITY}.{shorter}",
                Text(
                    en=f"{shorter} is {days}, which is not less than {longer}, {most}",
                    ja=f"{shorter}（{days}）が {longer}（{most}）より短くありません",
                ),
                Text(
                    en=f"keep the order {order}",
                    ja=f"{order} の順になるようにしてください",
                ),
            )


def no_registry(context: Context) -> Iterator[Objection]:
    for path, domain in _domains(context):
        if _REGISTRY.fullmatch(domain):
            yield Objection(
                path,
                Text(
                    en=f"below `{domain}` strangers register their names, and the CA could sign for all of them",
                    ja=f"`{domain}` の下には他者の名前があり、そのすべてに署名できることになります",
                ),
                _OWN_DOMAIN,
            )


def private_domain(context: Context) -> Iterator[Objection]:
    for path, domain in _domains(context):
        private = domain.rpartition(".")[2] in _PRIVATE_SUFFIXES or f".{domain}".endswith(f".{_PRIVATE_DOMAIN}")
        if not private and not _REGISTRY.fullmatch(domain):
            yield Objection(
                path,
                Text(
                    en=f"`{domain}` is a name of the public DNS, which the closed network never asks",
                    ja=f"`{domain}` は公開DNSの名前です。閉域網から公開DNSは引けません",
                ),
                _OWN_DOMAIN,
            )


_OWN_DOMAIN = Text(
    en="take a domain that is private for good, such as wpf.internal",
    ja="wpf.internal のような、私設用に予約されたドメインにしてください",
)


def _owned(owner: str, certificate: Certificate, domains: Iterable[str]) -> bool:
    """Is it HOLDER.TENANT.DOMAIN of its own tenant?"""
    rest = certificate.common_name.partition(".")[2]
    return any(rest == f"{owner}.{domain}" for domain in domains)


def _certificates(context: Context) -> Iterator[tuple[str, str, Tenant, Certificate]]:
    """Path, owner and declaration of each, by tenant and name."""
    for owner, tenant in sorted(context.tenants.items()):
        for name, certificate in sorted(tenant.certificates.items()):
            yield f"{owner}.certificates.{name}", owner, tenant, certificate


def _domains(context: Context) -> Iterator[tuple[str, str]]:
    authority = context.platform.certificate_authority
    for domain in sorted(authority.domains) if authority is not None else ():
        yield f"{_AUTHORITY}.domains", domain


RULES = (
    Rule(
        "certificate-platform-path",
        3,
        Severity.ERROR,
        Text(en="the platform signs for its own paths only", ja="基盤が証明書を発行するのは基盤への経路だけ"),
        platform_paths,
    ),
    Rule(
        "certificate-authority",
        3,
        Severity.ERROR,
        Text(en="there is a CA for the certificates", ja="証明書を発行する認証局がある"),
        authority_there,
    ),
    Rule(
        "certificate-name",
        3,
        Severity.ERROR,
        Text(
            en="a certificate's name is its tenant's own, in a domain of the platform's",
            ja="証明書の名前は基盤のドメインの下のテナント自身の名前",
        ),
        own_names,
    ),
    Rule(
        "certificate-name-unique",
        3,
        Severity.ERROR,
        Text(en="a certificate's name has one holder", ja="証明書の名前が重複しない"),
        one_holder,
    ),
    Rule(
        "certificate-holder",
        3,
        Severity.WARNING,
        Text(en="a certificate's holder is declared", ja="証明書の保持者が宣言されている"),
        holder_declared,
    ),
    Rule(
        "authority-terms",
        3,
        Severity.ERROR,
        Text(en="a CA outlives what it signs", ja="認証局の期間が署名する証明書より長い"),
        terms_in_order,
    ),
    Rule(
        "authority-domain-own",
        3,
        Severity.ERROR,
        Text(en="a CA signs below no public suffix", ja="認証局のドメインが他者も使うドメインでない"),
        no_registry,
    ),
    Rule(
        "authority-domain-private",
        3,
        Severity.WARNING,
        Text(en="a CA's domains are private for good", ja="認証局のドメインが私設用である"),
        private_domain,
    ),
)
