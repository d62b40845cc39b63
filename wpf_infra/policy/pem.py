"""The text of a PEM file, as far as it can be told without looking into a certificate (RFC 7468).

Here: which certificates stand in it, and what should not. Not here: what is in them (`chain`). Nothing of a file's
content is repeated in a message.
"""

from __future__ import annotations

import re

from wpf_infra.language import Text, visible

Fault = tuple[Text, Text]
"""Summary and remedy."""

_BLOCK = re.compile(
    rb"^-----BEGIN (?P<label>[^\r\n]*?)-----[ \t]*\r?\n(?P<body>[^-]*)^-----END (?P=label)-----[ \t]*\r?$", re.MULTILINE
)
_FENCE = re.compile(rb"-----BEGIN ")
_PRIVATE_KEY = re.compile(rb"BEGIN [^\r\n]{0,80}?PRIVATE KEY", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BINARY = b"\x30"
"""How DER begins: a sequence."""


def certificate_blocks(content: bytes) -> tuple[bytes, ...]:
    """Every certificate's block, in the file's order."""
    return tuple(block[0] for block in _BLOCK.finditer(content))


def fault(content: bytes) -> Fault | None:
    """Why the file is not certificates in PEM and nothing but them.

    Explanatory text around the blocks is let be (RFC 7468, section 5.2).
    """
    if _PRIVATE_KEY.search(content.replace(b"\0", b"")):
        return (
            Text(en="there is a private key in the file", ja="ファイルに秘密鍵が入っています"),
            Text(
                en="take it out, and have the vendor make a new key: whoever reads this repository has this one",
                ja="秘密鍵を消し、ベンダーに鍵の作り直しを依頼してください。リポジトリを読める人全員に漏れています",
            ),
        )
    blocks = tuple(_BLOCK.finditer(content))
    if not blocks:
        return _none(content)
    foreign = sorted({block["label"] for block in blocks} - {b"CERTIFICATE"})
    if foreign:
        label = visible(foreign[0][:40].decode("ascii", "replace"))
        return (
            Text(
                en=f"there is `{label}` in the file, which is no certificate",
                ja=f"証明書ではない `{label}` がファイルに入っています",
            ),
            _CERTIFICATES_ALONE,
        )
    if len(_FENCE.findall(content)) != len(blocks):
        return (
            Text(en="a certificate in the file is cut off", ja="途中で切れている証明書があります"),
            _CERTIFICATES_ALONE,
        )
    return None


_CERTIFICATES_ALONE = Text(
    en="leave whole certificates alone in it, from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`",
    ja="`-----BEGIN CERTIFICATE-----` から `-----END CERTIFICATE-----` までの完全な証明書だけにしてください",
)


def _none(content: bytes) -> Fault:
    summary = Text(en="there is no certificate in PEM in the file", ja="PEM形式の証明書が入っていません")
    if content.startswith(_MARKS):
        return summary, Text(
            en="save it as plain ASCII text, without a byte order mark",
            ja="BOMなしのASCIIテキストで保存し直してください",
        )
    if content.startswith(_BINARY):
        return summary, Text(
            en="it is binary: convert it, for example with `openssl x509 -inform der -in FILE -out FILE.pem`",
            ja="バイナリ形式です。`openssl x509 -inform der -in FILE -out FILE.pem` などで変換してください",
        )
    return summary, _CERTIFICATES_ALONE
