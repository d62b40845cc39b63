"""A file of certificates as what is to be trusted: one chain up to its root, with keys that are worth something.

Here: what cryptography tells of such a file, whatever the time is. Not here: what of it is objected to, and where
(`anchor`). The library is loaded when there is a file to look at, and a file is looked at once however many rules ask.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from wpf_infra.language import Text, visible
from wpf_infra.policy.pem import Fault, certificate_blocks, fault
from wpf_infra.policy.strength import weak_key, weak_signature, weaknesses

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Span:
    """called: the certificate in messages; begins, ends: its validity, both inclusive, in UTC."""

    called: Text
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """What was seen in a file. unusable: why it is not a list of certificates, and then nothing else is known;
    broken: what keeps it from being one chain; weak: keys and signatures that prove nothing;
    spans: in the file's order.
    """

    unusable: Fault | None = None
    broken: tuple[Fault, ...] = ()
    weak: tuple[Fault, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A certificate and its place in the file, from 1."""

    number: int
    certificate: Certificate

    @property
    def called(self) -> Text:
        name = visible(self.certificate.subject.rfc4514_string())
        name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        return Text(en=f"certificate {self.number} ({name})", ja=f"{self.number}番目の証明書（{name}）")


@lru_cache(maxsize=4096)
def read_chain(content: bytes) -> Chain:
    """What the file's content amounts to. Never raises."""
    if (unusable := fault(content)) is not None:
        return Chain(unusable)
    every: list[_Numbered] = []
    for number, block in enumerate(certificate_blocks(content), 1):
        certificate = _parsed(block)
        if certificate is None:
            return Chain(_malformed(number))
        every.append(_Numbered(number, certificate))
    return Chain(
        broken=_out_of_order(every) or _no_authority(every),
        weak=tuple(one for each in every for one in weaknesses(each.called, each.certificate)),
        spans=tuple(
            Span(each.called, each.certificate.not_valid_before_utc, each.certificate.not_valid_after_utc)
            for each in every
        ),
    )


def _parsed(block: bytes) -> Certificate | None:
    """The certificate, with every part of it looked at once; None for one that does not hold together."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import load_pem_x509_certificate
    from cryptography.x509.extensions import DuplicateExtension

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library would have people know is for its users, not for ours
            certificate = load_pem_x509_certificate(block)
            _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.version)
            _ = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
            with suppress(UnsupportedAlgorithm):  # said as a weak key
                certificate.public_key()
    except (ValueError, TypeError, DuplicateExtension, UnsupportedAlgorithm):
        return None
    return certificate


def _malformed(number: int) -> Fault:
    return (
        Text(
            en=f"certificate {number} in the file does not hold together",
            ja=f"{number}番目の証明書が壊れていて読めません",
        ),
        Text(en="have the vendor send the file again", ja="ベンダーにファイルを送り直してもらってください"),
    )


def _issued(issuer: Certificate, holder: Certificate) -> bool | None:
    """Did the one sign the other? None where key or signature are too weak to be looked into, which is said."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if holder.issuer != issuer.subject:
        return False
    try:
        holder.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, TypeError, ValueError):  # no signature by such a key, or none that is looked into
        return None if weak_key(issuer) is not None or weak_signature(holder) is not None else False
    return True


def _out_of_order(every: Sequence[_Numbered]) -> tuple[Fault, ...]:
    """The first place at which a certificate is not signed by the next, or the last not by itself."""
    for each, issuer in zip_longest(every, every[1:]):
        if issuer is None:
            if _issued(each.certificate, each.certificate) is False:
                return (_without_root(each),)
        elif each.certificate == issuer.certificate:
            return (_twice(each),)
        elif _issued(each.certificate, each.certificate) or _issued(issuer.certificate, each.certificate) is False:
            return (_misplaced(each, every),)
    return ()


def _misplaced(wrong: _Numbered, every: Sequence[_Numbered]) -> Fault:
    """For a certificate that another than its issuer follows, or any when it is its own."""
    behind = every[wrong.number :]
    own = bool(_issued(wrong.certificate, wrong.certificate))
    if own:
        related = any(_issued(wrong.certificate, other.certificate) for other in behind)
    else:
        related = any(_issued(other.certificate, wrong.certificate) for other in every)
    following = behind[0].called
    if own and not related:
        summary = Text(
            en=f"{wrong.called.en} is its own issuer and ends the chain, but {following.en} follows",
            ja=f"{wrong.called.ja}は自己署名で連鎖の終わりですが、後ろに{following.ja}があります",
        )
        return summary, Text(
            en="keep one chain in a file; another anchor is a `trust` of its own",
            ja="1つのファイルには1つの連鎖だけを入れ、別のものは別の `trust` にしてください",
        )
    summary = Text(
        en=f"{wrong.called.en} is not signed by {following.en}, which follows it",
        ja=f"{wrong.called.ja}は、次にある{following.ja}で署名されていません",
    )
    if related:
        return summary, Text(
            en="put them in order: each is followed by its issuer, the self-signed root stands last",
            ja="発行元が次に来る順に並べ、自己署名のルートを最後にしてください",
        )
    return summary, _append_issuer(wrong)


def _without_root(last: _Numbered) -> Fault:
    return (
        Text(
            en=f"the chain ends with {last.called.en}, which is not self-signed",
            ja=f"連鎖の最後の{last.called.ja}が自己署名ではありません",
        ),
        _append_issuer(last),
    )


def _append_issuer(of: _Numbered) -> Text:
    issuer = visible(of.certificate.issuer.rfc4514_string())[:_LONGEST_NAME]
    return Text(
        en=f"put its issuer's certificate ({issuer}) after it, up to the vendor's root",
        ja=f"発行元（{issuer}）の証明書をその次に入れ、ベンダーのルートまで続けてください",
    )


def _twice(each: _Numbered) -> Fault:
    return (
        Text(en=f"{each.called.en} stands there twice", ja=f"{each.called.ja}が2回入っています"),
        Text(en="leave one out", ja="一方を消してください"),
    )


def _no_authority(every: Sequence[_Numbered]) -> tuple[Fault, ...]:
    """Who signs another may do so: `cA`, `keyCertSign`, `pathLenConstraint` (RFC 5280, 4.2.1.3 and 4.2.1.9)."""
    from cryptography.x509 import BasicConstraints, KeyUsage, UnrecognizedExtension

    faults: list[Fault] = []
    below = 0  # authorities below the certificate that is looked at
    for each in every:
        extensions = {type(one.value): one.value for one in each.certificate.extensions}
        constraints, usage = extensions.get(BasicConstraints), extensions.get(KeyUsage)
        is_ca = isinstance(constraints, BasicConstraints) and constraints.ca
        if each.number > 1 and (not is_ca or (isinstance(usage, KeyUsage) and not usage.key_cert_sign)):
            faults.append(_may_not_sign(each))
        allowed = constraints.path_length if isinstance(constraints, BasicConstraints) else None
        if allowed is not None and allowed < below:
            faults.append(_too_deep(each, allowed, below))
        if any(one.critical and isinstance(one.value, UnrecognizedExtension) for one in each.certificate.extensions):
            faults.append(_unknown_extension(each))
        below += is_ca and each.certificate.subject != each.certificate.issuer
    return tuple(faults)


def _may_not_sign(each: _Numbered) -> Fault:
    return (
        Text(
            en=f"{each.called.en} signs another and may not: it is no CA by its own basicConstraints and keyUsage",
            ja=f"{each.called.ja}は他の証明書に署名していますが、basicConstraints・keyUsageの上ではCAではありません",
        ),
        Text(
            en="have the vendor issue it as a CA: cA true, keyCertSign",
            ja="CAとして（cA true、keyCertSign）発行し直すようベンダーに依頼してください",
        ),
    )


def _too_deep(each: _Numbered, allowed: int, below: int) -> Fault:
    return (
        Text(
            en=f"{each.called.en} allows {allowed} CAs below it (pathLenConstraint), and there are {below}",
            ja=f"{each.called.ja}の下に置けるCAは{allowed}段まで（pathLenConstraint）ですが、{below}段あります",
        ),
        Text(
            en="have the vendor issue the chain again, within that depth",
            ja="その段数に収まるように発行し直すようベンダーに依頼してください",
        ),
    )


def _unknown_extension(each: _Numbered) -> Fault:
    return (
        Text(
            en=f"{each.called.en} has a critical extension that nobody here knows, so nobody may accept it",
            ja=f"{each.called.ja}に未知のcritical拡張があり、受け入れられません",
        ),
        Text(
            en="have the vendor issue it without that extension",
            ja="その拡張なしで発行し直すようベンダーに依頼してください",
        ),
    )
