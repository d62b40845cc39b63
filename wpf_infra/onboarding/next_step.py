"""What people do once a tenant's file is written.

Here: the commands to type and what else follows, in order. Not here: doing any of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shlex import quote

from wpf_infra.language import Text
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.line import FixedLine, Line
from wpf_infra.network.resolve import touched_tenants


@dataclass(frozen=True, slots=True)
class Step:
    """command: what to type, None where nothing is typed; why: what it does, or what follows."""

    command: str | None
    why: Text


def next_steps(
    catalogue: Catalogue, tenant: str, declared: Sequence[str], activated_by: str | None
) -> tuple[Step, ...]:
    """declared: the files that belong into git; activated_by: what makes a shell know the engine, where it has to."""
    return (*_commands(catalogue, tenant, declared, activated_by), *_remarks(catalogue, tenant))


def _commands(catalogue: Catalogue, tenant: str, declared: Sequence[str], activated_by: str | None) -> Iterator[Step]:
    yield Step("wpf check", Text(en="judges the whole platform again", ja="基盤全体をもう一度検査"))
    files = " ".join(quote(file) for file in declared)
    yield Step(f"git add -- {files}", Text(en="for the review of what is declared", ja="宣言をレビューへ"))
    if activated_by is not None:
        yield Step(activated_by, Text(en="a shell that has the engine", ja="エンジンを使えるシェルに"))
    yield Step(
        f"wpf up {PLATFORM}",
        Text(
            en="where the platform is not up yet; changes nothing of what is there as it is declared",
            ja="基盤が未構築の場合。宣言どおりにできていれば何も変わりません",
        ),
    )
    yield Step(f"pulumi stack init {tenant} --no-select", Text(en="the tenant's stack", ja="テナントのスタックを作成"))
    yield Step(f"pulumi up -s {tenant}", Text(en="preview and build", ja="プレビューと構築"))
    following = sorted(touched_tenants(catalogue, tenant) - {PLATFORM})
    if following:
        names = ", ".join(following)
        yield Step(
            f"wpf up {' '.join(following)}",
            Text(en=f"the allowances' other side: {names}", ja=f"通信許可の相手側: {names}"),
        )


def _remarks(catalogue: Catalogue, tenant: str) -> Iterator[Step]:
    for name, line in catalogue.tenants[tenant].lines.items():
        if line.delivered is None:
            yield Step(None, _delivery(name, line))


def _delivery(name: str, line: Line) -> Text:
    if isinstance(line, FixedLine):
        return Text(
            en=f"line {name}: wanted {line.wanted}; agree on the days of the three visits (site survey, line work, "
            "router installation) and note them in `visits` FAQ-27",
            ja=f"回線 {name}: 希望日 {line.wanted}。立ち会い3回（現地調査・回線工事・ルータ設置）の日程を `visits` に"
            "記入してください FAQ-27",
        )
    return Text(
        en=f"line {name}: wanted {line.wanted}; note the day it comes in `delivered` FAQ-30",
        ja=f"回線 {name}: 希望日 {line.wanted}。開通したら `delivered` に日付を記入してください FAQ-30",
    )
