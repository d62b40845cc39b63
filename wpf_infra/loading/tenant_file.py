"""One tenant's file, YAML or Python, to a tenant.

Here: what a single file says, with every refusal of it. Not here: how it stands to the others (`catalogue`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from wpf_infra.language import Text
from wpf_infra.loading.file import read
from wpf_infra.loading.positions import Places
from wpf_infra.loading.python_file import run
from wpf_infra.loading.salvage import Salvaged, salvage
from wpf_infra.loading.yaml12 import decode
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.refusals import refusals
from wpf_infra.model.scalar import TenantId
from wpf_infra.model.tenant import Tenant

SUFFIXES = (".yaml", ".py")
FILE_NAME_RULE = "tenant-file-name"
_STAND_INS: dict[str, Any] = {
    "version": 1,
    "name": {"ja": "?", "en": "?"},
    "notify": "unknown@invalid",
    "quota": {"cpu": 10**9, "memory_gib": 10**9, "storage_gb": 10**9},
}
"""With these in place of refused ones, no rule finds anything that the file does not say."""
_TENANT_ID: TypeAdapter[str] = TypeAdapter(TenantId)


@dataclass(frozen=True, slots=True)
class TenantFile:
    """owner: the id that findings of this file are filed under; tenant: None when nothing of it can be judged;
    otherwise: the tenant with other values in place of what the schema refused; left_out: dotted paths of that.
    """

    path: Path
    owner: str
    tenant: Tenant | None
    findings: tuple[Finding, ...]
    places: Places
    otherwise: Tenant | None = None
    left_out: frozenset[str] = frozenset()


def read_tenant(path: Path, file: str, imports_from: Path, *, stem_is_id: bool) -> TenantFile:
    """The tenant of one file; `file` is its name in messages.

    stem_is_id: the file stands among the tenants, where its name has to say whose it is.
    Raises Unreadable when the file cannot be decoded at all.
    """
    if path.suffix == ".py":
        ran = run(path, file, "tenant", Tenant, imports_from)
        if ran.data is not None:
            found = tenant_from(ran.data, path, Places(file, ran.places))
        else:
            owner = ran.value.tenant if ran.value is not None else path.stem
            found = TenantFile(path, owner, ran.value, ran.findings, Places(file, ran.places))
    else:
        document = decode(read(path, file), file)
        found = tenant_from(document.data, path, Places(file, document.places))
    return _named_as_its_file(found) if stem_is_id else found


def tenant_from(data: Any, path: Path, places: Places) -> TenantFile:
    """The tenant that decoded data declares, under the id it claims, else the stem of `path`. places: of the data."""
    owner = _claimed_id(data) or path.stem
    try:
        return TenantFile(path, owner, Tenant.model_validate(data), (), places)
    except ValidationError as error:
        findings = tuple(
            replace(finding, position=places.nearest(finding.path[len(owner) + 1 :]))
            for finding in refusals(error, Tenant, owner)
        )
        part = partly(data, error)
        left_out = frozenset(f"{owner}.{rest}" for rest in part.left_out)
        return TenantFile(path, owner, part.value, findings, places, part.otherwise, left_out)


def partly(data: Any, error: ValidationError) -> Salvaged[Tenant]:
    """What can still be judged of a tenant's data that the schema refused with `error`. Never to be applied."""
    return salvage(data, Tenant, error, _STAND_INS)


def _claimed_id(data: Any) -> str | None:
    """The file's own `tenant`, where it is one."""
    try:
        return _TENANT_ID.validate_python(data.get("tenant")) if isinstance(data, dict) else None
    except ValidationError:
        return None


def _named_as_its_file(found: TenantFile) -> TenantFile:
    stem = found.path.stem
    if found.owner == stem:
        return found
    finding = Finding(
        rule=FILE_NAME_RULE,
        row=None,
        path=f"{stem}.tenant",
        severity=Severity.ERROR,
        summary=Text(
            en=f"the file is called `{found.path.name}` and declares the tenant `{found.owner}`",
            ja=f"ファイル名は `{found.path.name}` ですが、宣言しているテナントは `{found.owner}` です",
        ),
        remedy=Text(
            en=f"call the file `{found.owner}{found.path.suffix}`, or the tenant `{stem}`",
            ja=f"ファイル名を `{found.owner}{found.path.suffix}` にするか、テナントIDを `{stem}` にしてください",
        ),
        position=found.places.nearest("tenant"),
    )
    return replace(found, findings=(*found.findings, finding))
