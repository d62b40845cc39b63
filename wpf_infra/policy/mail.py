"""Mail: to whitelisted domains and nowhere else (FAQ 5, 6).

Here: every address of the declarations, and the whitelist itself. Not here: the shape of an address (`model.scalar`),
which domains are public (`public_mail`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import idna

from wpf_infra.language import Text, visible
from wpf_infra.model.finding import Severity
from wpf_infra.model.identity import PLATFORM
from wpf_infra.policy.context import Context
from wpf_infra.policy.public_mail import is_public
from wpf_infra.policy.rule import Objection, Rule

_WHITELIST = f"{PLATFORM}.mail_whitelist"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_MAIL_DOMAIN = re.compile(rf"(?=.{{4,253}}$)(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
"""Two labels or more, and no IPv4 address."""


@lru_cache(maxsize=4096)
def ascii_domain(written: str) -> str | None:
    """The domain as DNS has it (UTS 46: case, width and script folded, then IDNA 2008); None when it has none."""
    try:
        return idna.encode(written, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        return None


def addresses(context: Context) -> Iterator[tuple[str, str]]:
    """Every mail address that is declared, with its path."""
    for owner, tenant in context.tenants.items():
        yield f"{owner}.notify", tenant.notify
        for name, user in tenant.users.items():
            yield f"{owner}.users.{name}.email", user.email


def to_whitelisted_domains(context: Context) -> Iterator[Objection]:
    allowed = {ascii_domain(entry) for entry in context.platform.mail_whitelist} - {None}
    for path, address in addresses(context):
        written = visible(address.rpartition("@")[2])
        domain = ascii_domain(address.rpartition("@")[2])
        if domain is None:
            yield Objection(
                path,
                Text(en=f"`{written}` is no domain of mail", ja=f"`{written}` はメールのドメインとして使えません"),
                Text(en="correct the address", ja="アドレスを直してください"),
            )
        elif domain not in allowed:
            yield _not_allowed(path, written, domain)


def _not_allowed(path: str, written: str, domain: str) -> Objection:
    if is_public(domain):
        return Objection(
            path,
            Text(
                en=f"`{written}` gives addresses to anybody, and no mail leaves the platform to such domains",
                ja=f"`{written}` は誰でも使えるパブリックドメインのため、基盤からメールを送れません",
            ),
            Text(en="give an address of the organisation's own domain", ja="組織のドメインのアドレスにしてください"),
        )
    shown = written if written == domain else f"{written} ({domain})"
    return Objection(
        path,
        Text(
            en=f"`{shown}` is not on the whitelist of mail domains, so no mail reaches this address",
            ja=f"`{shown}` は許可ドメイン（ホワイトリスト）になく、このアドレスにはメールが届きません",
        ),
        Text(
            en="correct the address, or have the operator add exactly this domain to `mail_whitelist`",
            ja="アドレスを直すか、このドメインそのものを `mail_whitelist` に加えるよう基盤運用者に依頼してください",
        ),
    )


def whitelist_of_domains(context: Context) -> Iterator[Objection]:
    for entry in sorted(context.platform.mail_whitelist):
        domain = ascii_domain(entry)
        if domain is None or not _MAIL_DOMAIN.fullmatch(domain):
            yield Objection(
                _WHITELIST,
                Text(
                    en=f"`{visible(entry)}` is no full domain: each is written out, without wildcards",
                    ja=f"`{visible(entry)}` は完全なドメイン名ではありません（ワイルドカードは使えません）",
                ),
                Text(
                    en="write it like higashi-suido.example.jp; its subdomains are entries of their own",
                    ja="higashi-suido.example.jp のように書いてください。サブドメインは1つずつ書きます",
                ),
            )


def whitelist_without_public_domains(context: Context) -> Iterator[Objection]:
    for entry in sorted(context.platform.mail_whitelist):
        domain = ascii_domain(entry)
        if domain is not None and is_public(domain):
            yield Objection(
                _WHITELIST,
                Text(
                    en=f"`{visible(entry)}` gives addresses to anybody: mail would leave to people nobody knows",
                    ja=f"`{visible(entry)}` は誰でも使えるパブリックドメインで、不特定多数への送信を許すことになります",
                ),
                Text(
                    en="take it out; public mail domains are never whitelisted",
                    ja="消してください。パブリックドメインは許可できません",
                ),
            )


def group_address(context: Context) -> Iterator[Objection]:
    for owner, tenant in context.tenants.items():
        notify = _same_mailbox(tenant.notify)
        person = next((name for name, user in tenant.users.items() if _same_mailbox(user.email) == notify), None)
        if person is not None:
            yield Objection(
                f"{owner}.notify",
                Text(
                    en=f"this is the address of one person, the portal user `{person}`",
                    ja=f"ポータル利用者 `{person}` 個人のアドレスです",
                ),
                Text(
                    en="give a group address, which stays when people move on",
                    ja="異動があっても届くよう、グループアドレスを推奨します",
                ),
            )


def _same_mailbox(address: str) -> tuple[str, str | None]:
    local, _, domain = address.rpartition("@")
    return local.casefold(), ascii_domain(domain)


RULES = (
    Rule(
        "notify-group",
        5,
        Severity.WARNING,
        Text(en="notifications go to a group, not to one person", ja="通知先はグループアドレスにする"),
        group_address,
    ),
    Rule(
        "mail-domain",
        6,
        Severity.ERROR,
        Text(en="every mail address is of a whitelisted domain", ja="メールアドレスは許可ドメインのもの"),
        to_whitelisted_domains,
    ),
    Rule(
        "mail-whitelist-domain",
        6,
        Severity.ERROR,
        Text(en="the whitelist holds full domain names", ja="ホワイトリストには完全なドメイン名を書く"),
        whitelist_of_domains,
    ),
    Rule(
        "mail-whitelist-public",
        6,
        Severity.ERROR,
        Text(en="no public mail domain is whitelisted", ja="パブリックドメインを許可しない"),
        whitelist_without_public_domains,
    ),
)
