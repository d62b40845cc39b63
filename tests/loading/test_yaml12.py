"""YAML by the core rules of 1.2, and what cannot be decoded at all: file, line, column, what to do, exit code 2."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import to_yaml
from wpf_infra.errors import Unreadable
from wpf_infra.language import Language
from wpf_infra.loading.yaml12 import decode

WORDS = (
    ("on", "on"),
    ("no", "no"),
    ("yes", "yes"),
    ("y", "y"),
    ("Off", "Off"),
    ("1_0", "1_0"),
    ("190:20:30", "190:20:30"),
    ("2026-11-24", "2026-11-24"),
    ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"),
    ("0b1", "0b1"),
    ("+81-3", "+81-3"),
    ("=", "="),
    ("<<", "<<"),
    ("10.64.8.0/24", "10.64.8.0/24"),
    ("1.2.3", "1.2.3"),
    ("'4'", "4"),
    ('"true"', "true"),
    ("true", True),
    ("FALSE", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("017", 17),
    ("0o17", 15),
    ("0x1F", 31),
    ("-3", -3),
    ("1e3", 1000.0),
    (".5", 0.5),
    ("-.inf", -math.inf),
)


@pytest.mark.parametrize(("word", "meaning"), WORDS)
def test_a_plain_word_means_what_the_core_schema_says(word: str, meaning: object) -> None:
    value = decode(f"key: {word}\n".encode(), "f.yaml").data["key"]
    assert (value, type(value)) == (meaning, type(meaning))


def test_every_key_and_element_has_its_place() -> None:
    document = decode("vms:\n  app-1: {名前: x, cpu: 4}\n  b:\n    - one\n    - two\n".encode(), "f.yaml")
    assert document.places == {
        "": (1, 1),
        "vms": (1, 1),
        "vms.app-1": (2, 3),
        "vms.app-1.名前": (2, 11),
        "vms.app-1.cpu": (2, 18),
        "vms.b": (3, 3),
        "vms.b.0": (4, 7),
        "vms.b.1": (5, 7),
    }


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1\n", "f.yaml").data == {"a": 1}


BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
UNDECODABLE = (
    ("no YAML", b"a: [1, 2\nb: 3\n", "f.yaml:2:2", "not YAML"),
    ("a colon too many", b"a: b: c\n", "f.yaml:1:5", "not YAML"),
    ("a tab in the indentation", b"a:\n\tb: 1\n", "f.yaml:2:1", "indent with spaces"),
    ("a tab after spaces", b"a:\n  \tb: 1\n", "f.yaml:2:3", "indent with spaces"),
    ("a tab in a flow", b"a: [\n\t1]\n", "f.yaml:2:1", "indent with spaces"),
    ("a key twice", b"vms:\n  app-1: 1\n  app-1: 2\n", "f.yaml:3:3", "first in line 2"),
    ("a quoted key twice", b"{a: 1, 'a': 2}", "f.yaml:1:8", "`a` stands here twice"),
    ("an alias bomb", BOMB, "f.yaml:2:8", "`*a` is an alias"),
    ("an alias to itself", b"&a [*a]", "f.yaml:1:5", "alias"),
    ("an alias to nothing", b"a: *x\n", "f.yaml:1:4", "alias"),
    ("a tag", b"a: !!python/object:os.system x\n", "f.yaml:1:4", "quotes"),
    ("a tag on a mapping", b"!mine {a: 1}\n", "f.yaml:1:1", "tag `!mine`"),
    ("a tag on a key", b"!!str a: 1\n", "f.yaml:1:1", "tag"),
    ("not UTF-8", "a: 1\nb: 水道\n".encode("shift_jis"), "f.yaml:2:4", "save it as UTF-8"),
    ("UTF-16", "a: 1\n".encode("utf-16"), "f.yaml:1:1", "save it as UTF-8"),
    ("a control character", b"a: 1\nb: \x07\n", "f.yaml:2", "remove the character"),
    ("a NUL", b"a: 1\x00\n", "f.yaml:1", "remove the character"),
    ("empty", b"", "f.yaml", "empty"),
    ("only a comment", b"# later\n", "f.yaml", "empty"),
    ("only a marker", b"---\n", "f.yaml", "empty"),
    ("two documents", b"a: 1\n---\nb: 2\n", "f.yaml:2:1", "one document"),
    ("a mapping as a key", b"{a: 1}: 2\n", "f.yaml:1:1", "plain word"),
    ("a list as a key", b"? [a]\n: 2\n", "f.yaml:1:3", "plain word"),
    ("too deep", b"[" * 40 + b"]" * 40, "f.yaml:1:33", "nested"),
    ("absurdly deep", b"[" * 100_000, "f.yaml:1:33", "nested"),
    ("absurdly large", b"# " + b"x" * 5_000_000, "f.yaml", "larger than 4 MiB"),
)


@pytest.mark.parametrize(
    ("content", "where", "says"), [case[1:] for case in UNDECODABLE], ids=[case[0] for case in UNDECODABLE]
)
def test_what_cannot_be_decoded_says_where_and_what_to_do(content: bytes, where: str, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(content, "f.yaml")
    error = caught.value
    assert error.where == where
    assert says in error.sentence(Language.ENGLISH)
    assert error.exit_code == 2
    assert error.sentence(Language.JAPANESE) != error.sentence(Language.ENGLISH)


@given(st.binary(max_size=200))
def test_no_bytes_end_in_anything_but_data_or_a_clear_refusal(content: bytes) -> None:
    try:
        decode(content, "f.yaml")
    except Unreadable as error:
        assert error.where is not None
        assert error.where.startswith("f.yaml")


@given(st.text(alphabet="{}[]:,-#&*!|>'\"%@` \n\ta1é水", max_size=60))
def test_no_text_of_yamls_own_signs_does_either(text: str) -> None:
    try:
        decode(text.encode(), "f.yaml")
    except Unreadable as error:
        assert error.where is not None


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(texts, values, min_size=1, max_size=3))
def test_data_that_is_written_is_read_back(data: dict[str, object]) -> None:
    assert decode(to_yaml(data).encode(), "f.yaml").data == data
