"""YAML by the core rules of 1.2, and what cannot be decoded at all: file, line, column, what to do, exit code 2."""

from __future__ import annotations

import math

import pytest
import yaml
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


def test_what_is_meant_in_two_places_may_be_written_once() -> None:
    document = decode(b"a: &x {k: [1, on]}\nb: *x\nc: [*x, 2]\n", "f.yaml")
    x = {"k": [1, "on"]}
    assert document.data == {"a": x, "b": x, "c": [x, 2]}
    document.data["a"]["k"].append("more")
    assert document.data["b"] == x, "nothing is shared"
    assert (document.places["a.k.1"], document.places["b"], document.places["c.0"]) == ((1, 15), (2, 1), (3, 5))
    assert "b.k" not in document.places


ALIASES = (
    ("a word", b"a: &x 017\nb: *x\n", {"a": 17, "b": 17}),
    ("quoted", b"a: &x '4'\nb: *x\n", {"a": "4", "b": "4"}),
    ("as a key", b"a: &x on\n*x : 1\n", {"a": "on", "on": 1}),
    ("of a key", b"&x a: 1\nb: *x\n", {"a": 1, "b": "a"}),
    ("the latest mark counts", b"a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
    ("an earlier one within a later", b"a: &x 1\nb: &x [2]\nc: *x\n", {"a": 1, "b": [2], "c": [2]}),
    ("an alias of aliases", b"a: &x [1]\nb: &y [*x, *x]\nc: *y\n", {"a": [1], "b": [[1], [1]], "c": [[1], [1]]}),
    ("a merge key is a key", b"a: &x {k: 1}\nb: {<<: *x}\n", {"a": {"k": 1}, "b": {"<<": {"k": 1}}}),
)


@pytest.mark.parametrize(("content", "data"), [case[1:] for case in ALIASES], ids=[case[0] for case in ALIASES])
def test_an_alias_stands_for_what_was_marked(content: bytes, data: object) -> None:
    assert decode(content, "f.yaml").data == data


def test_a_file_as_a_serializer_writes_it_is_read() -> None:
    shared = {"size_gb": 100, "storage_class": "raid6"}
    data = {"app-1": {"disks": {"system": shared}}, "app-2": {"disks": {"system": shared}}}
    written = yaml.safe_dump(data)
    assert "*id001" in written
    assert decode(written.encode(), "f.yaml").data == data


BOMB = b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 31))
LADDER = b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (n, n, n - 1) for n in range(1, 40))
UNDECODABLE = (
    ("no YAML", b"a: [1, 2\nb: 3\n", "f.yaml:2:2", "not YAML"),
    ("a colon too many", b"a: b: c\n", "f.yaml:1:5", "not YAML"),
    ("a tab in the indentation", b"a:\n\tb: 1\n", "f.yaml:2:1", "indent with spaces"),
    ("a tab after spaces", b"a:\n  \tb: 1\n", "f.yaml:2:3", "indent with spaces"),
    ("a tab in a flow", b"a: [\n\t1]\n", "f.yaml:2:1", "indent with spaces"),
    ("a key twice", b"vms:\n  app-1: 1\n  app-1: 2\n", "f.yaml:3:3", "first in line 2"),
    ("a quoted key twice", b"{a: 1, 'a': 2}", "f.yaml:1:8", "`a` stands here twice"),
    ("an alias bomb", BOMB, "f.yaml:15:18", "more than 100,000 values"),
    ("many aliases of much", b"a: &a [" + b"x," * 999 + b"]\nb: [" + b"*a," * 101 + b"]\n", "f.yaml:2:305", "100,000"),
    ("aliases as a ladder", LADDER, "f.yaml:32:12", "nested deeper"),
    ("an alias to itself", b"&a [*a]", "f.yaml:1:5", "`*a` contains itself"),
    ("an alias to what is around it", b"a: &x {b: {c: *x}}\n", "f.yaml:1:15", "contains itself"),
    ("an alias to itself, marked before", b"a: &x 1\nb: &x [*x]\n", "f.yaml:2:8", "contains itself"),
    ("an alias to nothing", b"a: *x\n", "f.yaml:1:4", "`*x` stands for nothing"),
    ("an alias to what comes later", b"a: *x\nb: &x 1\n", "f.yaml:1:4", "comes before it"),
    ("an alias to a list as a key", b"a: &x [1]\n*x : 1\n", "f.yaml:2:1", "a key is a plain word"),
    ("a key twice, once by an alias", b"&x a: 1\n*x : 2\n", "f.yaml:2:1", "first in line 1"),
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
