"""What the schema refuses, said in the platform's own words: pydantic's errors become findings.

Here: one pure translation, for tenant files and for the provider's inputs alike. Not here: positions in files
(`wpf_infra.loading`) and rules that need more than one object (`wpf_infra.policy`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from wpf_infra.language import Text, same, visible
from wpf_infra.model.field_path import FieldPath, follow, row_of_place
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.refused import probably, told
from wpf_infra.model.value import Value

RULE = "schema"
_DIGITS = re.compile(r"[0-9]+")
_Sentences = tuple[Text, Text]
"""Summary and remedy."""


def refusals(error: ValidationError, model: type[Value], prefix: str) -> tuple[Finding, ...]:
    """Every refusal in `error`, raised by `model`, as findings under the dotted `prefix`, in the error's order.

    No position: whoever knows the file adds it. Every finding is an error of the rule `schema`; its row is that of the
    nearest `Faq` mark around the place.
    """
    return tuple(_finding(details, model, prefix) for details in told(error))


def refused_places(error: ValidationError, model: type[Value]) -> tuple[tuple[tuple[str | int, ...], bool], ...]:
    """The keys and indices from the root to each refusal, and whether it is that something is missing there; in the
    order of `refusals`.
    """
    return tuple((follow(model, details["loc"]).steps, details["type"] == "missing") for details in told(error))


def _finding(details: ErrorDetails, model: type[Value], prefix: str) -> Finding:
    place = follow(model, details["loc"])
    tag = (_ctx(details, "discriminator").strip("'"),) if details["type"].startswith("union_tag_") else ()
    summary, remedy = _SENTENCES.get(details["type"], _other)(details, place)
    return Finding(
        rule=RULE,
        row=_row(details, place),
        path=".".join(visible(str(step)) for step in (prefix, *place.steps, *tag)),
        severity=Severity.ERROR,
        summary=summary,
        remedy=remedy,
    )


def _row(details: ErrorDetails, place: FieldPath) -> int | None:
    """The refusal's own row, that of a key nobody offers, else that of the place."""
    own: int | None = details.get("ctx", {}).get("row")
    if own is not None:
        return own
    return row_of_place(place) if place.barred is None else place.barred.row


def _ctx(details: ErrorDetails, key: str) -> str:
    return str(details.get("ctx", {}).get(key, ""))


def _written(details: ErrorDetails) -> Text:
    """What stands there, shown when it is a short scalar and only named otherwise."""
    value = details["input"]
    if value is None:
        return Text(en="nothing", ja="空")
    if isinstance(value, bool):
        return same(f"`{str(value).lower()}`")
    if isinstance(value, str | int | float) and len(str(value)) <= 60:
        return same(f"`{visible(str(value))}`")
    if isinstance(value, dict):
        return Text(en="a mapping", ja="マッピング")
    if isinstance(value, list | tuple | set | frozenset):
        return Text(en="a list", ja="リスト")
    return Text(en="something else", ja="別の値")


def _last(place: FieldPath) -> str:
    return visible(str(place.steps[-1])) if place.steps else "?"


def _missing(_details: ErrorDetails, place: FieldPath) -> _Sentences:
    name = _last(place)
    return (
        Text(en=f"`{name}` is missing", ja=f"`{name}` がありません"),
        Text(en=f"add `{name}`", ja=f"`{name}` を書いてください"),
    )


def _unknown_key(_details: ErrorDetails, place: FieldPath) -> _Sentences:
    name = _last(place)
    if place.barred is not None:
        leave_out = Text(en=f"leave `{name}` out", ja=f"`{name}` を消してください")
        return place.barred.why, place.barred.way_out or leave_out
    summary = Text(en=f"`{name}` is not a key of this", ja=f"`{name}` というキーはここにはありません")
    meant = probably(name, place)
    if meant is not None:
        return summary, Text(en=f"did you mean `{meant}`?", ja=f"`{meant}` の誤りではありませんか")
    known = ", ".join(place.siblings)
    return summary, Text(en=f"leave it out; the keys here are {known}", ja=f"消してください。使えるキーは {known} です")


def _wanted(en: str, ja: str, remedy_en: str, remedy_ja: str) -> Callable[[ErrorDetails, FieldPath], _Sentences]:
    """A sentence for a wrong type: what is wanted, what stands there, how to write it."""

    def say(details: ErrorDetails, _place: FieldPath) -> _Sentences:
        written = _written(details)
        return (
            Text(en=f"{en} is wanted here, not {written.en}", ja=f"ここには{ja}が必要です（現在は{written.ja}）"),
            Text(en=remedy_en, ja=remedy_ja),
        )

    return say


def _string(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    if isinstance(details["input"], int | float):
        remedy = Text(en="put it in quotes", ja="引用符で囲んでください")
    else:
        remedy = Text(
            en="write one text, without brackets or keys", ja="括弧やキーを付けず、1つの文字列で書いてください"
        )
    written = _written(details)
    return Text(
        en=f"one text is wanted here, not {written.en}", ja=f"ここには文字列が1つ必要です（現在は{written.ja}）"
    ), remedy


def _one_of(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    allowed = _ctx(details, "expected") or _ctx(details, "expected_tags")
    words = ", ".join(word.strip(" '") for word in allowed.replace(" or ", ", ").split(","))
    value = details["input"]
    if details["type"] == "union_tag_invalid":
        written = same(f"`{visible(_ctx(details, 'tag'))}`")
        value = _ctx(details, "tag")
    else:
        written = _written(details)
    if isinstance(value, str) and all(_DIGITS.fullmatch(word) for word in words.split(", ")):
        return _number_as_text(written, words)
    close = get_close_matches(value, words.split(", "), n=1) if isinstance(value, str) else []
    hint = close[0] if close else None
    return (
        Text(en=f"{written.en} is not one of {words}", ja=f"{written.ja} は {words} のどれでもありません"),
        Text(en=f"did you mean `{hint}`?", ja=f"`{hint}` の誤りではありませんか")
        if hint
        else Text(en=f"write one of {words}", ja=f"{words} のどれかを書いてください"),
    )


def _number_as_text(written: Text, words: str) -> _Sentences:
    """Text where one of some numbers is wanted: `1` is not one of 1 would be no help."""
    return (
        Text(
            en=f"{written.en} is text here, and a number is wanted ({words})",
            ja=f"ここには数 ({words}) が必要ですが、{written.ja} は文字列です",
        ),
        Text(en=f"write {words}, without quotes", ja=f"引用符を付けずに {words} と書いてください"),
    )


def _no_kind(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    tag = _ctx(details, "discriminator").strip("'")
    return (
        Text(en=f"`{tag}` is missing, and decides which keys there are", ja=f"`{tag}` がないので種類が決まりません"),
        Text(en=f"add `{tag}`", ja=f"`{tag}` を書いてください"),
    )


def _bounded(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    written = _written(details)
    at_least = _ctx(details, "ge") or _ctx(details, "gt")
    bound = at_least or _ctx(details, "le") or _ctx(details, "lt")
    side = Text(en="at least", ja="以上") if at_least else Text(en="at most", ja="以下")
    return (
        Text(
            en=f"{written.en} is out of range: {side.en} {bound}", ja=f"{written.ja} は範囲外です（{bound}{side.ja}）"
        ),
        Text(en=f"write a number of {side.en} {bound}", ja=f"{bound}{side.ja}の数を書いてください"),
    )


def _too_few(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    least = _ctx(details, "min_length")
    return (
        Text(en=f"at least {least} is needed here", ja=f"ここには{least}つ以上必要です"),
        Text(en="add what is missing", ja="不足分を書き足してください"),
    )


def _too_long(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    most = _ctx(details, "max_length")
    return (
        Text(en=f"this is longer than {most}", ja=f"{most} を超えています"),
        Text(en="shorten it", ja="短くしてください"),
    )


def _empty(_details: ErrorDetails, _place: FieldPath) -> _Sentences:
    return (
        Text(en="this must not be empty", ja="空にはできません"),
        Text(en="write something, or leave the key out", ja="値を書くか、キーごと消してください"),
    )


def _own(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    """A refusal of the model's own, which carries its sentence in both languages."""
    value = details["input"]
    prefix = f"`{visible(value)}`: " if isinstance(value, str) and 0 < len(value) <= 60 else ""
    return (
        Text(en=prefix + _ctx(details, "en"), ja=prefix + _ctx(details, "ja")),
        Text(en=_ctx(details, "remedy_en"), ja=_ctx(details, "remedy_ja")),
    )


def _other(details: ErrorDetails, _place: FieldPath) -> _Sentences:
    return (
        Text(en=f"this cannot be used: {details['msg']}", ja=f"この値は使えません（{details['msg']}）"),
        Text(en="correct the value", ja="値を直してください"),
    )


_mapping = _wanted(
    "a mapping (`key: value`)",
    "マッピング（キー: 値）",
    "write keys and values, or leave the key out",
    "キーと値を書くか、このキーごと消してください",
)
_list = _wanted("a list", "リスト", "write it in brackets: [a, b]", "[a, b] のように角括弧で書いてください")
_number = _wanted(
    "a whole number",
    "整数",
    "write it in plain digits, without quotes or unit",
    "引用符や単位を付けず、数字だけで書いてください",
)
_flag = _wanted("true or false", " true か false ", "write true or false", "true か false を書いてください")

_SENTENCES: dict[str, Callable[[ErrorDetails, FieldPath], _Sentences]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "string_type": _string,
    "int_type": _number,
    "int_from_float": _number,
    "bool_type": _flag,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "list_type": _list,
    "tuple_type": _list,
    "set_type": _list,
    "frozen_set_type": _list,
    "enum": _one_of,
    "literal_error": _one_of,
    "union_tag_invalid": _one_of,
    "union_tag_not_found": _no_kind,
    "greater_than_equal": _bounded,
    "less_than_equal": _bounded,
    "too_short": _too_few,
    "too_long": _too_long,
    "string_too_short": _empty,
    "string_too_long": _too_long,
    "wpf": _own,
}
