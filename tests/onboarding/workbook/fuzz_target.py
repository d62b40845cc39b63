"""Spoiled workbooks, for whoever wants to read as many of them as there is time for.

Here: how a valid file is spoiled, and what reading it may come to. Not here: for how long.
"""

from __future__ import annotations

import functools
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from hypothesis import strategies as st

from tests.onboarding.workbook.books import part, with_parts, with_shared_strings, written
from wpf_infra.errors import Unreadable
from wpf_infra.language import Language
from wpf_infra.onboarding.workbook import read_workbook

_WORDS = [
    b"",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e999",
    b"nan",
    b"NaN",
    b"A1:XFD1048576",
    b"&#0;",
    b"&x;",
    b"<",
    b">",
    b'"',
    b"<c r='A1' t='s'><v>7</v></c>",
    b"<f>1</f>",
    b"t='e'",
    b"t='d'",
    b"t='b'",
    b"t='str'",
    b"r='A0'",
    b"true",
    b"\xff\xfe",
    "○".encode(),
    "サーバ".encode(),
    b"_xD800_",
    b"xml:space",
    b"</row>",
    b"<row>",
    b"hidden='1'",
    b"\x00",
]


@functools.cache
def _stored(shared: bool) -> bytes:
    """The sample without compression, so that a spoiled byte is a spoiled byte of the XML."""
    made = BytesIO()
    with (
        ZipFile(BytesIO(with_shared_strings() if shared else written())) as read,
        ZipFile(made, "w", ZIP_STORED) as write,
    ):
        for entry in read.infolist():
            write.writestr(entry.filename, read.read(entry))
    return made.getvalue()


@functools.cache
def _names(shared: bool) -> tuple[str, ...]:
    with ZipFile(BytesIO(_stored(shared))) as read:
        return tuple(read.namelist())


@st.composite
def _spoiled_part(draw: st.DrawFn) -> bytes:
    """One part of the package with pieces of it replaced."""
    shared = draw(st.booleans())
    name = draw(st.sampled_from(_names(shared)))
    content = bytearray(part(name, _stored(shared)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 30)))
        content[start:end] = draw(st.one_of(st.sampled_from(_WORDS), st.binary(max_size=8)))
    return with_parts({name: bytes(content)}, _stored(shared))


@st.composite
def _spoiled_bytes(draw: st.DrawFn) -> bytes:
    content = bytearray(written())
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        content[start : start + draw(st.integers(0, 6))] = draw(st.binary(max_size=6))
    return bytes(content[: draw(st.integers(0, len(content)))]) if draw(st.booleans()) else bytes(content)


@st.composite
def _without_a_part(draw: st.DrawFn) -> bytes:
    shared = draw(st.booleans())
    return with_parts({draw(st.sampled_from(_names(shared))): None}, _stored(shared))


spoiled_workbooks = st.one_of(_spoiled_part(), _spoiled_bytes(), _without_a_part(), st.binary(max_size=200))


def read_spoiled(content: bytes) -> None:
    """Reading comes to a form or to Unreadable, each of which can be said; anything else is an error."""
    try:
        form = read_workbook(content, "form.xlsx")
    except Unreadable as refused:
        assert refused.sentence(Language.JAPANESE)
        return
    for finding in form.findings:
        finding.located(Language.JAPANESE).encode()
        assert finding.position is not None
    form.nearest("vms.app-1.cpu")
