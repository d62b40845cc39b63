"""A workbook's bytes to its parts: unpacked here, measured while unpacking, and packed anew for whoever reads on.

Here: what is refused before anything parses a cell: other formats, passwords, macros, links to other files, sizes.
Not here: what stands in the parts (`scan`, `grid`).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.onboarding.workbook.scan import WORKBOOK

_MIB = 1024 * 1024
LARGEST_FILE = 5 * _MIB
LARGEST_PART = 20 * _MIB
LARGEST_TOTAL = 50 * _MIB
MOST_PARTS = 200
_CHUNK = 256 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_AS_XLSX = Text(
    en="save it as an Excel workbook (.xlsx), or fill in the form of `wpf onboard --template`",
    ja="Excelブック（.xlsx）形式で保存し直すか、`wpf onboard --template` の様式に記入してください",
)
_SAVE_AGAIN = Text(
    en="open it in Excel and save it again as .xlsx, or send it again",
    ja="Excelで開いて .xlsx で保存し直すか、もう一度送ってもらってください",
)
_OTHERS = (
    ("xl/workbook.bin", "an Excel binary workbook (.xlsb)", "Excelバイナリブック（.xlsb）"),
    ("word/document.xml", "a Word document", "Word文書"),
    ("ppt/presentation.xml", "a PowerPoint presentation", "PowerPointの資料"),
    ("content.xml", "an OpenDocument file (.ods)", "OpenDocument形式（.ods）のファイル"),
    ("Index/Document.iwa", "a Numbers sheet", "Numbersのシート"),
)
_FORBIDDEN = (
    ("vbaproject", "the workbook carries macros", "ブックにマクロが含まれています"),
    ("xl/externallinks/", "the workbook links to other files", "ブックが別のファイルを参照しています"),
    ("xl/chartsheets/", "the workbook has a sheet that is a chart", "グラフだけのシートがあります"),
    ("xl/dialogsheets/", "the workbook has a dialog sheet", "ダイアログシートがあります"),
    ("xl/macrosheets/", "the workbook carries macros", "ブックにマクロが含まれています"),
)
_LEAVE_OUT = Text(
    en="copy the values into an empty form of `wpf onboard --template`",
    ja="`wpf onboard --template` の空の様式に値を貼り付けてください",
)


def parts(content: bytes, name: str) -> dict[str, bytes]:
    """Every part of a workbook by its name. Raises Unreadable for what is no .xlsx workbook, or is not safe to read."""
    if len(content) > LARGEST_FILE:
        raise _too_large(name, f"{LARGEST_FILE // _MIB} MiB")
    if not content.startswith(b"PK"):
        raise _no_package(content, name)
    try:
        with ZipFile(BytesIO(content)) as archive:
            return _unpacked(archive, name)
    except Unreadable:
        raise
    except (BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, KeyError):
        raise damaged(name) from None


def packed(contents: Mapping[str, bytes]) -> BytesIO:
    """The parts as a package again: it holds what was measured, and nothing that a header only says."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for part, content in contents.items():
            archive.writestr(ZipInfo(part), content)
    made.seek(0)
    return made


def damaged(name: str) -> Unreadable:
    return Unreadable(
        Text(en="the workbook is damaged and cannot be read", ja="ブックが壊れていて読めません"),
        remedy=_SAVE_AGAIN,
        where=name,
    )


def _unpacked(archive: ZipFile, name: str) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_PARTS:
        raise _too_large(name, Text(en=f"{MOST_PARTS} parts", ja=f"{MOST_PARTS}部品"))
    if len(names) < len(entries):
        raise damaged(name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _locked(name)
    _refuse_others(names, name)
    unpacked: dict[str, bytes] = {}
    left = LARGEST_TOTAL
    for entry in entries:
        unpacked[entry.filename] = _part(archive, entry, min(left, LARGEST_PART), name)
        left -= len(unpacked[entry.filename])
    return unpacked


def _part(archive: ZipFile, entry: ZipInfo, most: int, name: str) -> bytes:
    """One part, unpacked piece by piece: what its header says of its size is not believed."""
    content = bytearray()
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            content += piece
            if len(content) > most:
                raise _too_large(name, Text(en=f"{most // _MIB} MiB when unpacked", ja=f"展開後{most // _MIB} MiB"))
    return bytes(content)


def _refuse_others(names: set[str], name: str) -> None:
    if WORKBOOK not in names:
        for part, en, ja in _OTHERS:
            if part in names:
                raise _other_format(name, en, ja)
        raise _other_format(name, "a zip archive without a workbook", "ブックの入っていないzipファイル")
    for sign, en, ja in _FORBIDDEN:
        if any(sign in part.lower() for part in names):
            raise Unreadable(Text(en=en, ja=ja), remedy=_LEAVE_OUT, where=name)


def _no_package(content: bytes, name: str) -> Unreadable:
    if not content:
        return Unreadable(Text(en="the file is empty", ja="ファイルが空です"), remedy=_SAVE_AGAIN, where=name)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return _locked(name)
        return _other_format(name, "an old Excel workbook (.xls)", "古い形式のExcelブック（.xls）")
    if content.startswith(b"%PDF"):
        return _other_format(name, "a PDF", "PDF")
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _other_format(name, "an HTML or XML file", "HTMLまたはXMLファイル")
    if b"\0" not in content[:4096]:
        return _other_format(name, "a text file (CSV?)", "テキストファイル（CSVなど）")
    return _other_format(name, "some other kind of file", "別の種類のファイル")


def _other_format(name: str, en: str, ja: str) -> Unreadable:
    return Unreadable(
        Text(en=f"this is no Excel workbook (.xlsx) but {en}", ja=f"Excelブック（.xlsx）ではなく、{ja}です"),
        remedy=_AS_XLSX,
        where=name,
    )


def _locked(name: str) -> Unreadable:
    return Unreadable(
        Text(en="the workbook is protected by a password", ja="ブックにパスワードが設定されています"),
        remedy=Text(
            en="open it in Excel, take the password off and save it",
            ja="Excelで開き、パスワードを外して保存してください",
        ),
        where=name,
    )


def _too_large(name: str, than: str | Text) -> Unreadable:
    size = Text(en=than, ja=than) if isinstance(than, str) else than
    return Unreadable(
        Text(en=f"the workbook is larger than {size.en}", ja=f"ブックが{size.ja}を超えています"),
        remedy=Text(
            en="check that it is the right file, and remove pictures and sheets that are not the form's",
            ja="正しいファイルか確かめ、画像や様式にないシートを消してください",
        ),
        where=name,
    )
