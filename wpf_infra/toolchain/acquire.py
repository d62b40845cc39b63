"""The ways to an engine, one after the other, and the one message when none leads anywhere.

Here: their order, and the cache between them. Not here: the ways themselves.
"""

from __future__ import annotations

from wpf_infra.errors import WpfError
from wpf_infra.language import Text
from wpf_infra.toolchain.build import build_engine
from wpf_infra.toolchain.cache import Shelf, Workplace, cache_folder
from wpf_infra.toolchain.engine import Engine
from wpf_infra.toolchain.installer import install_engine
from wpf_infra.toolchain.on_path import engine_on_path
from wpf_infra.toolchain.release import MINIMUM, engine_key, version_text
from wpf_infra.toolchain.way import Traveller, WayClosed

_ON_PATH = Text("on the PATH", "PATH 上")
_INSTALLER = Text("by the SDK's own installer", "SDK 付属のインストーラー")
_BUILD = Text("built from the Go module proxy", "Go モジュールプロキシからのビルド")


class NoEngine(WpfError):
    """Every way to an engine is closed on this machine."""


def acquire_engine(traveller: Traveller) -> Engine:
    """An engine: on the PATH, in the cache, installed, or built; `NoEngine` with every reason when none can be had."""
    tried: list[tuple[Text, Text]] = []
    try:
        return engine_on_path(traveller.environ)
    except WayClosed as closed:
        tried.append((_ON_PATH, closed.reason))

    def fill(work: Workplace) -> None:
        for name, way in ((_INSTALLER, install_engine), (_BUILD, build_engine)):
            try:
                return way(traveller, work)
            except WayClosed as closed:
                traveller.progress.say(_leads_nowhere(name, closed.reason))
                tried.append((name, closed.reason))
        raise _no_engine(tried, str(shelf.folder / engine_key()))

    shelf = Shelf(cache_folder(traveller.environ) / "engine", whole=lambda place: not Engine.in_folder(place).missing())
    return Engine.in_folder(shelf.entry_or(engine_key(), fill, traveller.progress))


def _leads_nowhere(name: Text, reason: Text) -> Text:
    return Text(f"  not {name.en}: {reason.en}", f"  {name.ja}: 不可 ({reason.ja})")


def _no_engine(tried: list[tuple[Text, Text]], place: str) -> NoEngine:
    minimum = version_text(MINIMUM)
    return NoEngine(
        Text(
            f"no engine (pulumi {minimum} or newer with its Python language host) can be had on this machine. Tried:\n"
            + "".join(f"  - {name.en}: {reason.en}\n" for name, reason in tried),
            f"このマシンではエンジン (pulumi {minimum} 以上と Python 言語ホスト) を用意できません。試した方法:\n"
            + "".join(f"  - {name.ja}: {reason.ja}\n" for name, reason in tried),
        ),
        remedy=Text(
            f"install pulumi {minimum} or newer so that it is on the PATH; or let this machine reach a Go module proxy "
            f"(GOPROXY) and, where it has no Go, a Python package index (pip's index-url); or copy {place} from "
            "another machine of this kind. Then run the same command again",
            f"pulumi {minimum} 以上を PATH に入れる、Go モジュールプロキシ (GOPROXY) と、Go がなければ "
            f"Python パッケージインデックス (pip の index-url) に届くようにする、"
            f"または同種のマシンから {place} をコピーする。そのうえで同じコマンドを再実行してください",
        ),
    )
