"""Mail: every address, the exact whitelist, what is never on it, and nothing that ends a header's line (FAQ 5, 6)."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from typing import Annotated, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, TypeAdapter, ValidationError

from tests.policy.judged import found, sentence, told
from wpf_infra.model.platform import Platform
from wpf_infra.model.scalar import MailAddress, Sentence
from wpf_infra.model.tenant import Tenant
from wpf_infra.model.value import Value
from wpf_infra.policy.mail import ascii_domain
from wpf_infra.policy.public_mail import is_public

U, V = "minami-suido", "kawa-systems"
NOTIFY = f"{U}.notify"
WHITELIST = "platform.mail_whitelist"
HOME = "minami-suido.example.jp"
BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\x7f\t"


@pytest.mark.parametrize(
    "domain",
    [
        HOME,
        "Minami-Suido.Example.JP",
        "ｍｉｎａｍｉ-ｓｕｉｄｏ．ｅｘａｍｐｌｅ．ｊｐ",
        "minami-suido。example。jp",
    ],
)
def test_an_address_is_compared_as_dns_has_it(domain: str) -> None:
    """FAQ-6: case and width mean nothing."""
    assert told({NOTIFY: f"ops@{domain}"}) == []


@pytest.mark.parametrize(
    "domain",
    [
        f"mail.{HOME}",
        f"x{HOME}",
        f"{HOME}.evil.example",
        f"{HOME}.",
        "example.jp",
        "minami-suido.example.com",
        "minami‐suido.example.jp",
        "mіnami-suido.example.jp",
        "xn--mnami-suido-fib.example.jp",
        "10.64.1.1",
        "localhost",
    ],
)
def test_nothing_but_the_domain_itself_is_whitelisted(domain: str) -> None:
    """FAQ-6: no subdomain, no look-alike."""
    assert told({NOTIFY: f"ops@{domain}"}) == [("mail-domain", "error", NOTIFY)]


@pytest.mark.parametrize(
    "domain",
    [f"evil.example＠{HOME}", "a_b.example.jp", "-a.example.jp", "a..example.jp", "xn--zzzz.example.jp", "*.jp"],
)
def test_what_is_no_domain_is_said(domain: str) -> None:
    """FAQ-6"""
    assert "is no domain of mail" in sentence({NOTIFY: f"ops@{domain}"}, "mail-domain")


def test_a_public_domain_is_called_that() -> None:
    """FAQ-6"""
    said = sentence({NOTIFY: "suidou@gmail.com"}, "mail-domain")
    assert "gives addresses to anybody" in said and said.endswith("FAQ-6")


def test_a_whitelisted_domain_in_japanese() -> None:
    assert told({WHITELIST: [HOME, f"{V}.example.jp", "水道.jp"], NOTIFY: "ops@水道.jp"}) == []
    assert told({WHITELIST: [HOME, f"{V}.example.jp", "xn--1rwo48e.jp"], NOTIFY: "ops@水道.jp"}) == []


@pytest.mark.parametrize(
    "entry",
    [
        *("*.example.jp", ".example.jp", "example.jp.", "jp", "a b.jp", "ops@example.jp", "a_b.jp", "-a.jp"),
        *("10.64.1.1", "１０．６４．１．１", "a" * 64 + ".jp", ".".join(["a" * 60] * 5)),
    ],
)
def test_a_whitelist_entry_is_a_full_domain(entry: str) -> None:
    """FAQ-6"""
    changes = {WHITELIST: [HOME, f"{V}.example.jp", entry]}
    assert told(changes) == [("mail-whitelist-domain", "error", WHITELIST)]


PUBLIC = (
    "gmail.com",
    "googlemail.com",
    "yahoo.co.jp",
    "yahoo.com",
    "yahoo.ne.jp",
    "yahoo.fr",
    "yahoo.co.uk",
    "docomo.ne.jp",
    "softbank.ne.jp",
    "i.softbank.jp",
    "ezweb.ne.jp",
    "au.com",
    "outlook.com",
    "outlook.jp",
    "hotmail.com",
    "hotmail.co.jp",
    "live.jp",
    "icloud.com",
    "me.com",
    "nifty.com",
    "biglobe.ne.jp",
    "so-net.ne.jp",
    "ocn.ne.jp",
    "mail.ocn.ne.jp",
    "GMAIL.com",
    "ｇｍａｉｌ.com",
    "xx1.so-net.ne.jp",
    "aol.jp",
)


@pytest.mark.parametrize("entry", PUBLIC)
def test_no_public_domain_is_whitelisted(entry: str) -> None:
    """FAQ-6"""
    assert told({WHITELIST: [HOME, f"{V}.example.jp", entry]}) == [("mail-whitelist-public", "error", WHITELIST)]


@pytest.mark.parametrize(
    "domain",
    ["yahoo.example.jp", "mygmail.com", "city.osaka.lg.jp", "gmail.example", "docomo.co.jp", "home.example.jp"],
)
def test_what_only_looks_public_is_not(domain: str) -> None:
    assert not is_public(domain)


def test_each_wrong_entry_is_said() -> None:
    findings = found({WHITELIST: [HOME, f"{V}.example.jp", "gmail.com", "yahoo.co.jp"]})
    assert [finding.summary.en.split("`")[1] for finding in findings] == ["gmail.com", "yahoo.co.jp"]


def test_a_persons_address_for_notifications() -> None:
    """FAQ-5: a group address is advised."""
    assert told({NOTIFY: "Sato@Minami-Suido.example.jp"}) == [("notify-group", "warning", NOTIFY)]
    assert "the portal user `sato`" in sentence({NOTIFY: f"sato@{HOME}"}, "notify-group")


def test_no_address_of_the_model_is_forgotten() -> None:
    """FAQ-6: whoever adds a field that holds an address meets this test, and then `mail.addresses`."""
    assert {*_mail_fields(Tenant, set()), *_mail_fields(Platform, set())} == {("Tenant", "notify"), ("User", "email")}
    changes = {NOTIFY: "ops@nowhere.example", f"{U}.users.sato.email": "sato@nowhere.example"}
    assert told(changes) == [
        ("mail-domain", "error", NOTIFY),
        ("mail-domain", "error", f"{U}.users.sato.email"),
    ]


def _mail_fields(model: type[Value], seen: set[type[Value]]) -> Iterator[tuple[str, str]]:
    """Every field of the model, and of what stands under it, whose type holds a mail address."""
    if model in seen:
        return
    seen.add(model)
    for name, info in model.model_fields.items():
        if any(_is_mail(part) for part in (*info.metadata, *_parts(info.annotation))):
            yield model.__name__, name
        for part in _parts(info.annotation):
            if isinstance(part, type) and issubclass(part, Value):
                yield from _mail_fields(part, seen)


def _parts(annotation: Any) -> Iterator[Any]:
    """The annotation and everything in it, the marks of `Annotated` among them."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _is_mail(mark: object) -> bool:
    (form,) = (each.func for each in get_args(MailAddress) if isinstance(each, AfterValidator) and "mail" in str(each))
    return isinstance(mark, AfterValidator) and mark.func is form


def test_the_walk_finds_an_address_wherever_it_stands() -> None:
    class Deep(Value):
        cc: dict[str, tuple[Annotated[MailAddress, "mark"], ...]]

    class Outer(Value):
        deep: list[Deep] | None = None
        plain: Sentence = "x"

    assert list(_mail_fields(Outer, set())) == [("Deep", "cc")]


@pytest.mark.parametrize("sign", BREAKS)
@pytest.mark.parametrize("kind", [Sentence, MailAddress])
def test_nothing_that_ends_a_line_is_text(kind: Any, sign: str) -> None:
    """FAQ-6: nobody writes a header of their own into a mail."""
    adapter = TypeAdapter(kind)
    for text in (f"a@b.jp{sign}Bcc: x@y.jp", f"{sign}a@b.jp", f"a@b.jp{sign}"):
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


@given(st.text(max_size=40))
def test_whatever_is_a_sentence_is_one_line_of_one_header(text: str) -> None:
    try:
        accepted = TypeAdapter(Sentence).validate_python(text)
    except ValidationError:
        return
    assert accepted.splitlines() == [accepted]
    if accepted.isprintable():
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = accepted
        mail["X-Last"] = "end"
        assert [line.split(b":")[0] for line in mail.as_bytes().split(b"\r\n") if line[:1].strip()] == [
            b"Subject",
            b"X-Last",
        ]


@given(st.from_regex(r"[a-z0-9.-]{1,20}", fullmatch=True) | st.text(max_size=20))
def test_every_text_has_an_ascii_form_or_none_and_keeps_it(text: str) -> None:
    domain = ascii_domain(text)
    assert domain is None or (domain.isascii() and ascii_domain(domain) == domain)
