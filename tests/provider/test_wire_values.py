"""Values on the wire and back: nothing is lost, nothing changes its type."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.provider.value import UNKNOWN, Secret, dotted, filled, kept_secret, revealed, unknown_paths, veiled
from wpf_infra.provider.wire import decode_struct, encode

_EXACT = 2**53
"""Numbers travel as doubles; whole ones up to here arrive as they left."""
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-_EXACT, _EXACT)
    | st.floats(allow_nan=False).filter(lambda number: not number.is_integer() or math.isinf(number))
    | st.text()
    | st.just(UNKNOWN)
)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4) | inner.map(Secret),
    max_leaves=20,
)
_PROPERTIES = st.dictionaries(st.text(), _VALUES, max_size=5)


def _same(one: Any, other: Any) -> bool:
    """Equal, and of one type at every depth: 1 is not True, nor 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Secret):
        return _same(one.value, other.value)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


@given(_PROPERTIES)
def test_what_is_encoded_is_decoded_as_it_was(properties: dict[str, Any]) -> None:
    assert _same(decode_struct(encode(properties)), properties)


@given(_PROPERTIES)
def test_the_bytes_between_make_no_difference(properties: dict[str, Any]) -> None:
    struct = encode(properties)
    again = type(struct).FromString(struct.SerializeToString())
    assert _same(decode_struct(again), properties)


@given(_PROPERTIES)
def test_revealed_values_hold_no_secret_and_lose_nothing_else(properties: dict[str, Any]) -> None:
    plain = revealed(properties)
    assert not _outermost(plain)
    assert list(unknown_paths(plain)) == list(unknown_paths(properties))


@given(_PROPERTIES)
def test_what_was_secret_is_secret_again(properties: dict[str, Any]) -> None:
    veiled_again = kept_secret(revealed(properties), properties)
    assert _same(revealed(veiled_again), revealed(properties))
    assert _outermost(veiled_again) == _outermost(properties)


def _outermost(value: Any, at: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Where secrets begin."""
    if isinstance(value, Secret):
        return {at}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {place for name, item in items for place in _outermost(item, (*at, name))}


@given(_PROPERTIES)
def test_an_unknown_takes_the_place_of_what_was_recorded(properties: dict[str, Any]) -> None:
    plain = revealed(properties)
    assert _same(filled(plain, {}), plain)
    assert not list(unknown_paths(filled(plain, _settled(plain))))


def _settled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _settled(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_settled(item) for item in value]
    return "known" if value is UNKNOWN else value


@given(st.text(min_size=1), st.text(), st.text())
def test_a_secret_text_is_in_no_sentence(secret: str, before: str, after: str) -> None:
    sentence = veiled(f"{before}{secret}{after}", {"deep": [Secret({"in": secret})]})
    assert not any(secret in part for part in sentence.split("[secret]"))


def test_a_secret_number_is_hidden_where_it_stands_alone() -> None:
    assert veiled("cpu 4 → 16: in 2026 on 10.64.1.4 FAQ-16", {"cpu": Secret(4)}) == (
        "cpu [secret] → 16: in 2026 on 10.64.1.[secret] FAQ-16"
    )


def test_a_secret_is_not_shown_by_a_debugger() -> None:
    assert "hunter2" not in repr({"password": Secret("hunter2")})


def test_paths_are_written_as_the_engine_writes_them() -> None:
    assert dotted(("disks", "data", "size_gb")) == "disks.data.size_gb"
    assert dotted(("allowances", "a/b", "ports", 2)) == 'allowances["a/b"].ports[2]'
    assert dotted(("a.b", "c")) == '["a.b"].c'
    assert dotted(('say "x"', "")) == '["say \\"x\\""][""]'
