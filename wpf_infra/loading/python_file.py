"""A declaration written in Python: running its file, and finding where in it each thing stands.

Here: `stacks/platform.py` and `stacks/tenants/NAME.py` turned into the value they expose; whatever goes wrong in them
is said with file and line, without a traceback. What they print goes to standard error: standard output belongs to
whoever loads them. Not here: which files there are (`catalogue`).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from wpf_infra.errors import Unreadable, WpfError
from wpf_infra.language import Text, visible
from wpf_infra.loading.draft import Drafts, drafting
from wpf_infra.loading.file import read
from wpf_infra.loading.positions import Places
from wpf_infra.model.finding import Finding, Position
from wpf_infra.model.refusals import refusals
from wpf_infra.model.value import Value

_V = TypeVar("_V", bound=Value)


@dataclass(frozen=True, slots=True)
class Ran(Generic[_V]):
    """value: what the file exposes, None when the schema refused it, which the findings then say; data: then what was
    written, as plain data, None where the file did not come to its end.
    """

    value: _V | None
    findings: tuple[Finding, ...]
    places: dict[str, tuple[int, int]]
    data: Any = None


def run(path: Path, file: str, exposes: str, model: type[_V], imports_from: Path) -> Ran[_V]:
    """Runs the file and takes the name `exposes`, a `model`. `imports_from` is the folder its own imports start at.

    Raises Unreadable, with file and line, for a syntax error, an exception, a name that is missing or of another type.
    """
    source = read(path, file)
    try:
        tree = ast.parse(source, str(path))
        code = compile(tree, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _unparsable(error, file) from None
    module = ModuleType(f"_wpf_declaration_{path.stem.replace('-', '_')}")
    module.__file__ = str(path)
    with drafting(path) as drafts:
        try:
            with _importable(module, imports_from), redirect_stdout(sys.stderr):
                exec(code, module.__dict__)  # noqa: S102 - a declaration in Python is a program of the project's own
        except ValidationError as error:
            return Ran(None, _refused(error, _line(error, path), path, file), {})
        except WpfError:
            raise
        except (Exception, SystemExit) as error:
            if drafts.refused:  # it stumbled over what is wrong already
                return Ran(None, _every(drafts, path, file), {})
            raise _failed(error, path, file) from None
    value = module.__dict__.get(exposes)
    if not isinstance(value, model):
        if drafts.refused:
            return Ran(None, _every(drafts, path, file), {})
        raise _not_exposed(exposes, model, value, file)
    places = _places(tree, exposes)
    return _judged(value, drafts, places, path, file) if drafts.refused else Ran(value, (), places)


def _judged(value: _V, drafts: Drafts, places: dict[str, tuple[int, int]], path: Path, file: str) -> Ran[_V]:
    """A value with drafts in it, as the data it means, for the schema to refuse whole; or, where all that was refused
    is no part of it, what was refused.
    """
    data = drafts.data(value, places)
    try:
        type(value).model_validate(data)
    except ValidationError as error:
        standing = Places(file, places)
        found = refusals(error, type(value), path.stem)
        located = (replace(each, position=standing.nearest(each.path.partition(".")[2])) for each in found)
        return Ran(None, tuple(located), places, data)
    return Ran(None, _every(drafts, path, file), places)


@contextmanager
def _importable(module: ModuleType, folder: Path) -> Iterator[None]:
    """The module findable by its name, and its neighbours importable, while it runs and no longer."""
    sys.path.insert(0, str(folder))
    sys.modules[module.__name__] = module
    try:
        yield
    finally:
        del sys.modules[module.__name__]
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


def _unparsable(error: BaseException, file: str) -> Unreadable:
    line = getattr(error, "lineno", None)
    column = getattr(error, "offset", None)
    where = ":".join(str(part) for part in (file, line, column) if part)
    reason = visible(getattr(error, "msg", None) or str(error) or type(error).__name__)
    return Unreadable(
        Text(en=f"this is not Python: {reason}", ja=f"Pythonとして読めません（{reason}）"),
        remedy=Text(en="correct the syntax there", ja="その箇所の構文を直してください"),
        where=where,
    )


def _line(error: BaseException, path: Path) -> int | None:
    """The last line of the file itself that the error came through."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _failed(error: BaseException, path: Path, file: str) -> Unreadable:
    line = _line(error, path)
    reason = visible(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
    return Unreadable(
        Text(en=f"the file stopped with {reason}", ja=f"実行中に止まりました（{reason}）"),
        remedy=Text(en="correct the line", ja="その行を直してください"),
        where=file if line is None else f"{file}:{line}",
    )


def _not_exposed(exposes: str, model: type[Value], value: object, file: str) -> Unreadable:
    what = (
        Text(en=f"the file exposes no `{exposes}`", ja=f"`{exposes}` が定義されていません")
        if value is None
        else Text(
            en=f"`{exposes}` is a {type(value).__name__}, not a {model.__name__}",
            ja=f"`{exposes}` が {model.__name__} ではなく {type(value).__name__} です",
        )
    )
    return Unreadable(
        what,
        remedy=Text(
            en=f"end the file with `{exposes} = {model.__name__}(…)`",
            ja=f"`{exposes} = {model.__name__}(…)` を書いてください",
        ),
        where=file,
    )


def _every(drafts: Drafts, path: Path, file: str) -> tuple[Finding, ...]:
    return tuple(finding for each in drafts.refused.values() for finding in _refused(each.error, each.line, path, file))


def _refused(error: ValidationError, line: int | None, path: Path, file: str) -> tuple[Finding, ...]:
    """The schema's refusals of an object that nobody knows a path to; its class stands for the path."""
    model = next((known for known in _descendants(Value) if known.__name__ == error.title), Value)
    prefix = path.stem if error.title in ("Tenant", "Platform") else f"{path.stem}.{error.title}"
    return tuple(replace(finding, position=Position(file, line)) for finding in refusals(error, model, prefix))


def _descendants(model: type[Value]) -> Iterator[type[Value]]:
    for child in model.__subclasses__():
        yield child
        yield from _descendants(child)


_FILE_NAMES = {"source": "from", "destination": "to"}


def _places(tree: ast.Module, exposes: str) -> dict[str, tuple[int, int]]:
    """Line and column, from 1, of what is written out literally in the assignment to `exposes`."""
    places: dict[str, tuple[int, int]] = {}
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        if any(isinstance(target, ast.Name) and target.id == exposes for target in targets):
            places[""] = (statement.lineno, statement.col_offset + 1)
            assert isinstance(statement, ast.Assign | ast.AnnAssign)
            _collect(statement.value, "", places)
    return places


def _collect(node: ast.expr | None, path: str, places: dict[str, tuple[int, int]]) -> None:
    prefix = f"{path}." if path else ""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg is not None:
                _place(_FILE_NAMES.get(keyword.arg, keyword.arg), keyword, keyword.value, prefix, places)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                _place(str(key.value), key, value, prefix, places)
    elif isinstance(node, ast.List | ast.Tuple):
        for index, element in enumerate(node.elts):
            _place(str(index), element, element, prefix, places)


def _place(
    name: str, at: ast.keyword | ast.expr, value: ast.expr, prefix: str, places: dict[str, tuple[int, int]]
) -> None:
    places[prefix + name] = (at.lineno, at.col_offset + 1)
    _collect(value, prefix + name, places)
