"""What a field means, in the words that stand under it in the source.

Here: reading those words, for schemas that editors show. Not here: schemas. It is done when a schema is asked for,
not when the model is imported: every run of the engine imports the model.
"""

from __future__ import annotations

import ast
import inspect
import textwrap


def descriptions(model: type[object]) -> dict[str, str]:
    """Field name to the string that follows it, one line each, for the fields the class itself declares."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    found: dict[str, str] = {}
    for field, after in zip(definition.body, definition.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and not ast.unparse(field.annotation).startswith("ClassVar")
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            found[field.target.id] = " ".join(inspect.cleandoc(after.value.value).split())
    return found
