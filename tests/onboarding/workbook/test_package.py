"""What is no workbook of ours, or not safe to read, is said to be that, before anything parses a cell."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from openpyxl import Workbook

from tests.onboarding.workbook.books import changed, part, reading, with_cells, with_parts, written
from wpf_infra.errors import Unreadable
from wpf_infra.language import Language

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet3.xml"
MIB = 1024 * 1024


def archive(*names: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as write:
        for name in names:
            write.writestr(name, "x")
    return made.getvalue()


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    content = part(name)
    assert old in content
    return with_parts({name: content.replace(old, new, 1)})


def bomb() -> bytes:
    made = BytesIO(written())
    with ZipFile(made, "a", ZIP_DEFLATED) as write:
        write.writestr("xl/media/image1.png", bytes(21 * MIB))
    return made.getvalue()


def bombs() -> bytes:
    made = BytesIO(written())
    with ZipFile(made, "a", ZIP_DEFLATED) as write:
        for number in range(4):
            write.writestr(f"xl/media/image{number}.png", bytes(15 * MIB))
    return made.getvalue()


def lying_size() -> bytes:
    """A part whose headers claim one byte."""
    content = bytes(40 * MIB)
    honest = BytesIO()
    with ZipFile(honest, "w", ZIP_DEFLATED) as write:
        write.writestr("xl/workbook.xml", content)
    size = len(content).to_bytes(4, "little")
    return honest.getvalue().replace(size, (1).to_bytes(4, "little"))


def locked_zip() -> bytes:
    content = bytearray(written())
    central = content.rindex(b"PK\x01\x02")
    content[central + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    content = written()
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(made := BytesIO(content), "a") as write:
        write.writestr("xl/workbook.xml", "<x/>")
    return made.getvalue()


def only_a_table() -> bytes:
    workbook = Workbook()
    workbook.save(made := BytesIO())
    return made.getvalue()


CASES: list[tuple[str, Callable[[], bytes], str]] = [
    ("empty", lambda: b"", "空です"),
    ("too large", lambda: b"PK" + bytes(5 * MIB), "5 MiB"),
    ("csv", lambda: "サーバ名,OS\n".encode(), "テキストファイル"),
    ("csv in Shift_JIS", lambda: "サーバ名,OS\n".encode("cp932"), "テキストファイル"),
    ("html", lambda: b"<html><table/></html>", "HTML"),
    ("xml 2003", lambda: b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "XML"),
    ("pdf", lambda: b"%PDF-1.7", "PDF"),
    ("other", lambda: bytes(range(32)), "別の種類"),
    ("xls", lambda: OLE + bytes(600), "古い形式"),
    ("password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
    ("locked zip", locked_zip, "パスワード"),
    ("ods", lambda: archive("mimetype", "content.xml"), "OpenDocument"),
    ("xlsb", lambda: archive("xl/workbook.bin"), ".xlsb"),
    ("docx", lambda: archive("word/document.xml"), "Word"),
    ("pptx", lambda: archive("ppt/presentation.xml"), "PowerPoint"),
    ("zip", lambda: archive("readme.txt"), "zip"),
    ("cut", lambda: written()[:20000], "壊れて"),
    ("cut head", lambda: b"PK" + written()[500:], "壊れて"),
    ("zip named twice", twice, "壊れて"),
    ("macros", lambda: with_parts({"xl/vbaProject.bin": b"x"}), "マクロ"),
    ("external links", lambda: with_parts({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "別のファイルを参照"),
    ("chart sheet", lambda: with_parts({"xl/chartsheets/sheet1.xml": b"<x/>"}), "グラフだけ"),
    ("many parts", lambda: with_parts({f"xl/media/{number}.png": b"" for number in range(200)}), "200部品"),
    ("bomb", bomb, "展開後20 MiB"),
    ("bombs", bombs, "展開後"),
    ("lying size", lying_size, "壊れて"),
    ("DTD", lambda: replaced(SHEET, b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "x">]><worksheet'), "DTD"),
    ("DTD in UTF-16", lambda: with_parts({SHEET: '<!DOCTYPE w [<!ENTITY a "x">]><w/>'.encode("utf-16")}), "DTD"),
    ("no XML", lambda: with_parts({SHEET: b"<worksheet"}), "壊れて"),
    (
        "strict",
        lambda: replaced(
            "xl/workbook.xml",
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        "Strict",
    ),
    ("deep", lambda: with_parts({"xl/theme/theme1.xml": b"<a>" * 2000 + b"</a>" * 2000}), "壊れて"),
    ("row 2001", lambda: with_cells({"サーバ!A2001": "x"}), "2000行"),
    ("column 101", lambda: with_cells({"サーバ!CW6": "x"}), "100列"),
    (
        "many cells",
        lambda: replaced(SHEET, b"</sheetData>", b'<row r="1999">' + b"<c/>" * 250_000 + b"</row></sheetData>"),
        "多すぎ",
    ),
    (
        "many sheets",
        lambda: replaced("xl/workbook.xml", b"</sheets>", b'<sheet name="x"/>' * 50 + b"</sheets>"),
        "シートが多すぎ",
    ),
    (
        "one part twice",
        lambda: replaced(
            "xl/_rels/workbook.xml.rels", b"/xl/worksheets/sheet3.xml", b"worksheets/../worksheets/sheet4.xml"
        ),
        "壊れて",
    ),
    (
        "a long attribute",
        lambda: replaced(SHEET, b"<sheetData", b'<x a="' + b"a" * 60_000 + b'"/><sheetData'),
        "壊れて",
    ),
    (
        "many attributes",
        lambda: replaced(
            SHEET, b"<sheetData", b"<x " + b" ".join(b'a%d=""' % at for at in range(101)) + b"/><sheetData"
        ),
        "壊れて",
    ),
    ("rows out of order", lambda: replaced(SHEET, b"</sheetData>", b'<row r="3"/></sheetData>'), "壊れて"),
    ("a cell in another row", lambda: replaced(SHEET, b'r="A6"', b'r="A9"'), "壊れて"),
    ("a cell nowhere", lambda: replaced(SHEET, b'r="A6"', b'r="6A"'), "壊れて"),
    (
        "merged everything",
        lambda: replaced(SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A:A"/></mergeCells>'),
        "壊れて",
    ),
    ("no shared string", lambda: replaced(SHEET, b't="n"', b't="s"'), "壊れて"),
    ("no content types", lambda: with_parts({"[Content_Types].xml": None}), "壊れて"),
    (
        "far too much text",
        lambda: with_cells({f"サーバ!A{row}": "あ" * 32_000 for row in range(6, 76)}),
        "文字が多すぎ",
    ),
    ("another's table", only_a_table, "申込の様式ではありません"),
]


@pytest.mark.parametrize(("content", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_cannot_be_read_is_said(content: Callable[[], bytes], words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        reading(content())
    sentence = refused.value.sentence(Language.JAPANESE)
    assert sentence.startswith("form.xlsx: ")
    assert words in sentence


def test_a_package_of_odd_but_sound_making_is_read() -> None:
    plain = reading(written()).data
    made = BytesIO()
    with ZipFile(BytesIO(written())) as read, ZipFile(made, "w", ZIP_LZMA) as write:
        for entry in reversed(read.infolist()):
            write.writestr(entry.filename, read.read(entry))
    assert reading(made.getvalue()).data == plain
    assert reading(written() + bytes(100)).data == plain


def test_decorations_are_no_matter() -> None:
    extension = b'<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"/></extLst></worksheet>'
    read = reading(replaced(SHEET, b"</worksheet>", extension))
    assert read.findings == ()
    links = b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks></worksheet>'
    assert reading(with_parts({SHEET: part(SHEET).replace(b"</worksheet>", links)})).data == read.data
    assert reading(changed(lambda workbook: workbook.create_sheet("x", 0))).data == read.data


def test_zeros_pack_well_and_are_measured_all_the_same() -> None:
    assert len(zlib.compress(bytes(21 * MIB))) < 30_000
    assert len(bomb()) < 200_000
