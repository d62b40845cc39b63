"""The matrix of who may talk to whom, as people and programs read it.

Here: one line a pair that has something to say. Not here: what is in a cell (`wpf_infra.network.picture.matrix`).
"""

from __future__ import annotations

from typing import Any

from wpf_infra.cli.output import say
from wpf_infra.cli.table import print_table
from wpf_infra.language import Text, spoken
from wpf_infra.network.picture.matrix import Cell, Matrix

_HEADS = (
    Text(en="from", ja="発信側"),
    Text(en="to", ja="応答側"),
    Text(en="intended", ja="意図された通信"),
    Text(en="residual", ja="残留"),
    Text(en="by", ja="根拠"),
)


def print_matrix(matrix: Matrix) -> None:
    """For people: the pairs between which anything passes; between all others nothing does."""
    language = spoken()
    whose = matrix.owner or Text(en="all owners", ja="全所有者").in_(language)
    title = Text(en=f"who may talk to whom: {whose}", ja=f"通信の一覧: {whose}")
    print_table(title, _HEADS, [_row(cell) for cell in matrix.cells])
    if matrix.unfiltered:
        ends = ", ".join(matrix.unfiltered)
        note = Text(
            en=f"no filter stands before {ends}: what such ends say among themselves is not in the table",
            ja=f"{ends} の前にはフィルタがありません。こうした端どうしの通信は表に含みません",
        )
        say(note.in_(language))


def matrix_data(matrix: Matrix) -> dict[str, Any]:
    return {
        "owner": matrix.owner,
        "cells": [
            {
                "from": cell.source,
                "to": cell.destination,
                "intended": list(cell.intended),
                "residual": list(cell.residual),
                "services": list(cell.services),
                "allowances": list(cell.allowances),
            }
            for cell in matrix.cells
        ],
        "unfiltered": list(matrix.unfiltered),
    }


def _row(cell: Cell) -> tuple[str, ...]:
    by = ", ".join((*cell.allowances, *cell.services))
    return cell.source, cell.destination, ", ".join(cell.intended), ", ".join(cell.residual), by
