"""What is seen in a file of certificates, and that `openssl verify` sees it alike."""

from __future__ import annotations

import shutil
import subprocess
from base64 import encodebytes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.x509 import BasicConstraints, ObjectIdentifier, UnrecognizedExtension
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.issuing import SERVER, Issued, authority, issue, issuing, key, root, usage
from wpf_infra.policy.chain import Chain, read_chain

ROOT, OTHER = root(), root("other")
ISSUING = issuing(ROOT)
LEAF = issue("scada", ISSUING)
STRANGE = UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
SHALLOW = root("shallow", extensions=authority(0))
NARROW = issuing(ROOT, "narrow", extensions=authority(0))
LAX = issuing(ROOT, "lax", extensions=((BasicConstraints(True, None), False),))
UNMARKED = issue("unmarked", ROOT)
UNSIGNING = issuing(ROOT, "unsigning", extensions=(authority()[0], (usage(signs=False), True)))
FORGED = issue("scada", Issued(ISSUING.certificate, OTHER.key))

GOOD: dict[str, tuple[Issued, ...]] = {
    "a self-signed server": (issue("lone"),),
    "a self-signed server without extensions": (issue("bare", extensions=()),),
    "a root": (ROOT,),
    "a CA and its root": (ISSUING, ROOT),
    "a whole chain": (LEAF, ISSUING, ROOT),
    "a server of a root": (issue("direct", ROOT), ROOT),
    "a CA without keyUsage": (issue("scada", LAX), LAX, ROOT),
    "as deep as allowed": (issue("scada", SHALLOW), SHALLOW),
    "a CA that allows none below it": (issue("scada", NARROW), NARROW, ROOT),
    "an extension that need not be known": (issue("odd", extensions=(*SERVER, (STRANGE, False))),),
}
BROKEN: dict[str, tuple[tuple[Issued, ...], str]] = {
    "no root": ((ISSUING,), "put its issuer's certificate (CN=root) after it"),
    "a server of a public CA": ((LEAF,), "not self-signed"),
    "a gap": ((LEAF, ROOT), "not signed by certificate 2 (CN=root)"),
    "another's root": ((ISSUING, OTHER), "put its issuer's certificate (CN=root) after it"),
    "upside down": ((ROOT, ISSUING, LEAF), "put them in order"),
    "shuffled": ((LEAF, ROOT, ISSUING), "put them in order"),
    "two roots": ((ROOT, OTHER), "another anchor is a `trust` of its own"),
    "something behind the root": ((LEAF, ISSUING, ROOT, OTHER), "certificate 4 (CN=other) follows"),
    "a forged signature": ((FORGED, ISSUING, ROOT), "not signed by certificate 2"),
    "a signature by a key of another kind": (
        (issue("scada", Issued(ISSUING.certificate, ed25519.Ed25519PrivateKey.generate())), ISSUING, ROOT),
        "not signed by certificate 2",
    ),
    "a server as a CA": ((issue("scada", UNMARKED), UNMARKED, ROOT), "certificate 2 (CN=unmarked) signs another"),
    "a CA that must not sign": ((issue("scada", UNSIGNING), UNSIGNING, ROOT), "it is no CA"),
    "deeper than allowed": (
        (issue("scada", issuing(SHALLOW, "deep")), issuing(SHALLOW, "deep"), SHALLOW),
        "allows 0 CAs below it (pathLenConstraint), and there are 1",
    ),
    "an unknown critical extension": ((issue("odd", extensions=(*SERVER, (STRANGE, True))),), "critical extension"),
}


def of(*certificates: Issued) -> Chain:
    return read_chain(b"".join(each.pem for each in certificates))


def verified(folder: Path, certificates: tuple[Issued, ...]) -> bool:
    """Does openssl trust the first for the sake of the last, with those between to help?"""
    first, last = folder / "first.pem", folder / "last.pem"
    first.write_bytes(certificates[0].pem)
    last.write_bytes(certificates[-1].pem)
    command = ["openssl", "verify", "-no_check_time", "-no-CApath", "-no-CAstore", "-CAfile", str(last)]
    if between := certificates[1:-1]:
        helpers = folder / "between.pem"
        helpers.write_bytes(b"".join(each.pem for each in between))
        command += ["-untrusted", str(helpers)]
    return subprocess.run([*command, str(first)], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("certificates", GOOD.values(), ids=GOOD)
def test_a_chain_in_order_is_sound(certificates: tuple[Issued, ...]) -> None:
    """FAQ-3"""
    chain = of(*certificates)
    assert (chain.unusable, chain.broken, chain.weak) == (None, (), ())
    assert [span.called.en.partition(" (")[0] for span in chain.spans] == [
        f"certificate {number}" for number in range(1, len(certificates) + 1)
    ]


@pytest.mark.parametrize(("certificates", "says"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_chain_is_said(certificates: tuple[Issued, ...], says: str) -> None:
    """FAQ-3"""
    chain = of(*certificates)
    assert chain.unusable is None
    ((summary, remedy),) = chain.broken
    assert says in f"{summary.en} → {remedy.en}"
    assert (summary.ja, remedy.ja) != (summary.en, remedy.en)


def test_a_certificate_stands_there_once() -> None:
    assert "twice" in of(ROOT, ROOT).broken[0][0].en


def test_openssl_agrees(tmp_path: Path, requires: Callable[[bool, str], None]) -> None:
    requires(shutil.which("openssl") is not None, "openssl")
    trusted = {name: verified(tmp_path, certificates) for name, certificates in GOOD.items()}
    trusted |= {name: verified(tmp_path, certificates) for name, (certificates, _) in BROKEN.items()}
    assert trusted == dict.fromkeys(GOOD, True) | dict.fromkeys(BROKEN, False)


STRONG: dict[str, Callable[[], Any]] = {
    "RSA of 2048 bits": lambda: rsa.generate_private_key(65537, 2048),
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "Ed448": ed448.Ed448PrivateKey.generate,
}
WEAK: dict[str, tuple[Callable[[], Any], str]] = {
    "RSA of 1024 bits": (lambda: rsa.generate_private_key(65537, 1024), "an RSA key of 1024 bits"),
    "secp256k1": (lambda: ec.generate_private_key(ec.SECP256K1()), "the curve secp256k1"),
    "P-224": (lambda: ec.generate_private_key(ec.SECP224R1()), "the curve secp224r1"),
    "DSA": (lambda: dsa.generate_private_key(2048), "(DSA)"),
}


@pytest.mark.parametrize("made", STRONG.values(), ids=STRONG)
def test_a_strong_key_is_let_be(made: Callable[[], Any]) -> None:
    chain = of(issue("lone", holds=made()))
    assert (chain.broken, chain.weak) == ((), ())


@pytest.mark.parametrize(("made", "says"), WEAK.values(), ids=WEAK)
def test_a_weak_key_is_said_wherever_it_stands(made: Callable[[], Any], says: str) -> None:
    """FAQ-3"""
    weak = root("weak", holds=made())
    chain = of(issuing(weak), weak)
    (fault,) = chain.weak
    assert fault[0].en.startswith("certificate 2 (CN=weak) has ")
    assert says in fault[0].en


def test_a_key_that_signs_nothing_is_no_key_of_an_anchor() -> None:
    holder = issue("exchange", ROOT, holds=x25519.X25519PrivateKey.generate())
    assert "(X25519)" in of(holder, ROOT).weak[0][0].en


@pytest.mark.parametrize(("digest", "says"), [("-md5", "MD5"), ("-sha1", "SHA-1")])
def test_a_broken_hash_is_said_even_where_a_root_signs_itself(
    digest: str, says: str, tmp_path: Path, requires: Callable[[bool, str], None]
) -> None:
    """FAQ-3: made by openssl, since no library of ours signs so any more."""
    requires(shutil.which("openssl") is not None, "openssl")
    command = f"openssl req -x509 -newkey rsa:2048 -nodes {digest} -subj /CN=old -keyout key.pem -out old.pem"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    chain = read_chain((tmp_path / "old.pem").read_bytes())
    assert [summary.en for summary, _ in chain.weak] == [f"certificate 1 (CN=old) is signed with {says}"]
    assert chain.broken == ()


def test_a_ca_that_follows_itself_is_no_level() -> None:
    """RFC 5280, 4.2.1.9: self-issued certificates do not count."""
    follower = issuing(SHALLOW, "shallow", holds=key(0))
    assert of(issue("scada", follower), follower, SHALLOW).broken == ()


def test_names_cannot_play_with_the_screen() -> None:
    (fault,) = of(issue("a\u202eb\x1b[2J", ROOT)).broken
    assert fault[0].en.isprintable()


TEXT = LEAF.pem + ISSUING.pem + ROOT.pem


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_file_is_told_of_and_never_raises(damage: list[tuple[int, int]]) -> None:
    content = bytearray(TEXT)
    for place, byte in damage:
        content[place] = byte
    read_chain(bytes(content))


@given(st.binary(max_size=300))
def test_anything_in_a_block_never_raises(body: bytes) -> None:
    content = b"-----BEGIN CERTIFICATE-----\n" + encodebytes(body) + b"-----END CERTIFICATE-----\n"
    assert read_chain(content).unusable is not None
