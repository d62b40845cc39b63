"""A rule's description: read only when it is one that we write, whatever people put there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpf_infra.backend.vsphere.caption import Caption, Part
from wpf_infra.model.ports import parse_port
from wpf_infra.model.resource import Direction

FULL = Caption(Part.REQUEST, "hill/telemetry", Direction.OUT, "apps", parse_port("tcp/443"), "計測値の送信")
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*Part, "out", "tcp/443"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_WORDS = json.loads(FULL.text.removeprefix("wpf "))
_TOUCHED = st.dictionaries(st.sampled_from([*_WORDS, "owner"]), _JSON, max_size=2).map(lambda odd: {**_WORDS, **odd})


@pytest.mark.parametrize(
    "caption",
    [
        FULL,
        Caption(Part.REQUEST, "platform.ntp/ntp-1", Direction.OUT, None, parse_port("udp/123"), "ntp (FAQ-1)"),
        Caption(Part.INSIDE),
        Caption(Part.INSIDE, line="plant-north"),
        Caption(Part.REST),
    ],
    ids=lambda caption: caption.text,
)
def test_what_is_written_is_read(caption: Caption) -> None:
    assert Caption.parse(caption.text) == caption


@pytest.mark.parametrize(
    "text",
    [
        'wpf {"part": "request", "allowance": ["a"]}',
        'wpf {"part": "request", "allowance": {"a": "b"}}',
        'wpf {"part": "request", "reason": 1}',
        'wpf {"part": "request", "peer": null}',
        'wpf {"part": ["request"]}',
        'wpf ["part"]',
        'wpf "part"',
        "wpf 1",
        "wpf " + "[" * 100_000,
        "wpf " + "9" * 5_000,
    ],
    ids=lambda text: text[:40],
)
def test_anything_but_words_by_name_is_somebody_elses(text: str) -> None:
    assert Caption.parse(text) is None


@given(st.text() | (_JSON | _TOUCHED).map(lambda said: json.dumps(said, ensure_ascii=False)))
def test_no_text_fails_a_reading(text: str) -> None:
    for each in (text, f"wpf {text}"):
        caption = Caption.parse(each)
        assert caption is None or caption.text == each
        hash(caption)
