"""A form whose tenant is there already: does the tenant's file say the same?

Here: the comparison, with what the form leaves out taken from the file; pure. Not here: changing a tenant, which is
done in its file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from wpf_infra.language import Text, visible
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.refusals import refusals
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.form import Steps, left_out
from wpf_infra.onboarding.rule import DIFFERS

_STAND_INS = {"cidr": "10.0.0.0/8", "address": "10.0.0.0", "vlan": 1, "network": {"cidr": "10.0.0.0/8", "vlan": 1}}
"""For what the form leaves out and the file has not either: a difference further out says so."""
_LONGEST = 60


def differences(data: Any, existing: Tenant, file: str) -> tuple[Finding, ...]:
    """Every place at which the form's data and the tenant, declared in `file`, say different things; what the schema
    refuses of the form, where it does.
    """
    owner = existing.tenant
    there = existing.data()
    try:
        form = Tenant.model_validate(_filled(data, there))
    except ValidationError as error:
        return refusals(error, Tenant, owner)
    return tuple(_finding(owner, *each, file) for each in _differing(form.data(), there, ()))


def other_anchors(brought: Mapping[str, AnchorFile], there: Mapping[str, AnchorFile], file: str) -> Iterator[Finding]:
    """Certificates beside the form that are not those beside the tenant's file."""
    for path, anchor in brought.items():
        standing = there.get(path)
        if anchor.content is not None and standing is not None and standing.content != anchor.content:
            yield Finding(
                DIFFERS.id,
                None,
                f"{path}.pem_file",
                Severity.ERROR,
                Text(
                    en=f"{anchor.file} is not what {standing.file} is",
                    ja=f"{anchor.file} と {standing.file} の内容が違います",
                ),
                _remedy(file),
            )


def _filled(data: Any, there: Mapping[str, Any]) -> Any:
    """The form's data with what it leaves out as the tenant has it."""
    filled = deepcopy(data)
    for steps in left_out(data):
        *around, last = steps
        place: Any = filled
        for step in around:
            place = place.get(step) if isinstance(place, dict) else None
        if isinstance(place, dict) and last not in place:
            place[last] = deepcopy(_at(there, steps, _STAND_INS[last]))
    return filled


def _at(data: Any, steps: Steps, otherwise: Any) -> Any:
    for step in steps:
        if not isinstance(data, Mapping) or step not in data:
            return otherwise
        data = data[step]
    return data


def _differing(form: Any, there: Any, path: Steps) -> Iterator[tuple[Steps, Any, Any]]:
    """Path, what the form says and what the file does; None for nothing."""
    if isinstance(form, dict) and isinstance(there, dict):
        for key in dict.fromkeys((*form, *there)):
            yield from _differing(form.get(key), there.get(key), (*path, key))
    elif form != there:
        yield path, form, there


def _finding(owner: str, path: Steps, form: Any, there: Any, file: str) -> Finding:
    ours, theirs = _said(form), _said(there)
    return Finding(
        rule=DIFFERS.id,
        row=None,
        path=".".join((owner, *path)),
        severity=Severity.ERROR,
        summary=Text(
            en=f"the tenant is there already: the form says {ours.en}, {file} says {theirs.en}",
            ja=f"このテナントは登録済みです。申込書は{ours.ja}、{file} は{theirs.ja}です",
        ),
        remedy=_remedy(file),
    )


def _remedy(file: str) -> Text:
    return Text(
        en=f"a form is for a new tenant; make changes in {file}",
        ja=f"申込書は新しいテナントのためのものです。変更は {file} で行ってください",
    )


def _said(value: Any) -> Text:
    if value is None:
        return Text(en="nothing of it", ja="記載なし")
    shown = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    if isinstance(value, dict) or len(shown) > _LONGEST:
        return Text(en="something", ja="記載あり")
    return Text(en=f"`{visible(shown)}`", ja=f"`{visible(shown)}`")
