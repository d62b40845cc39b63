"""The files that make a tenant: certificates, the stack's configuration, the tenant's own file, in this order.

Here: which files are still to be written, and where one would not stand well. Not here: writing them (`placing`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from wpf_infra.errors import BackendError, WpfError
from wpf_infra.language import Text
from wpf_infra.loading.file import shown
from wpf_infra.loading.tenant_writer import tenant_text
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.finding import Finding, Severity
from wpf_infra.model.tenant import Tenant
from wpf_infra.onboarding.placing import TEMPORARY, NewFile
from wpf_infra.onboarding.rule import FILE

_CONFIGURATION = b"config: {}\n"
"""All that a tenant's stack needs is the project's; what is set for it alone goes there, as does its salt."""
_DECLARATIONS = (".yaml", ".yml", ".py")


@dataclass
class Papers:
    """What newcomers bring, each under its tenant. root: the project's; tenants: the folder of tenants' files."""

    root: Path
    tenants: Path
    _laid: dict[str, list[NewFile]] = field(default_factory=dict)
    _declared: dict[str, list[Path]] = field(default_factory=dict)

    def lay(self, owner: str, tenant: Tenant | None, anchors: Mapping[str, AnchorFile]) -> tuple[Finding, ...]:
        """Takes the newcomer's files; what must not be written is found, and none of it is."""
        if tenant is None:
            return ()
        findings: list[Finding] = []
        self._laid[owner], self._declared[owner] = [], []
        for name, anchor in sorted(tenant.trust.items()):
            path = f"{owner}.trust.{name}"
            content = anchors[path].content
            if content is None:
                continue  # a rule says why
            target = self.tenants / anchor.pem_file
            objection = self._objection(target, anchor.pem_file, content)
            if objection is not None:
                remedy = Text(
                    en=f"call it trust/{owner}-{name}.pem, and name it so in the form",
                    ja=f"trust/{owner}-{name}.pem という名前にして、申込書にもそう書いてください",
                )
                findings.append(Finding(FILE.id, FILE.row, f"{path}.pem_file", Severity.ERROR, objection, remedy))
            elif target not in self._declared[owner]:
                self._declared[owner].append(target)
                self._add(owner, target, content)
        self._add(owner, self.root / f"Pulumi.{owner}.yaml", _CONFIGURATION)
        file = self.tenants / f"{owner}.yaml"
        self._declared[owner].insert(0, file)
        self._laid[owner].append(NewFile(file, tenant_text(tenant).encode()))
        return tuple(findings)

    def files(self, tenants: Sequence[str]) -> list[NewFile]:
        """Everything to be written for these, the files of tenants last."""
        every = [self._laid[tenant] for tenant in tenants]
        around = {file.path: file for files in every for file in files[:-1]}
        return [*around.values(), *(files[-1] for files in every)]

    def names(self, tenant: str) -> tuple[str, ...]:
        return tuple(shown(file.path, self.root) for file in self._laid[tenant])

    def declared(self, tenant: str) -> tuple[str, ...]:
        """The files that belong into git, also those that were there already."""
        return tuple(shown(path, self.root) for path in self._declared[tenant])

    def _add(self, owner: str, path: Path, content: bytes) -> None:
        if not os.path.lexists(path):
            self._laid[owner].append(NewFile(path, content))

    def _objection(self, target: Path, pem_file: str, content: bytes) -> Text | None:
        """Why the certificate cannot stand there."""
        file = shown(target, self.root)
        if PurePosixPath(pem_file).parts[0].lower().endswith(_DECLARATIONS):
            return Text(
                en=f"{file} would be taken for a tenant's declaration",
                ja=f"{file} はテナントの宣言とみなされてしまいます",
            )
        if not Path(os.path.realpath(target.parent)).is_relative_to(os.path.realpath(self.tenants)):
            return Text(
                en=f"{file} leads out of the tenants' folder", ja=f"{file} はテナントのフォルダの外を指しています"
            )
        if any(other != content for other in self._others(target)):
            return Text(en=f"{file} is there already, and another", ja=f"{file} は別の内容で既に存在します")
        return None

    def _others(self, target: Path) -> Iterator[bytes | None]:
        """What stands there, or is about to."""
        if os.path.lexists(target):
            try:
                yield target.read_bytes()
            except OSError:
                yield None
        yield from (file.content for files in self._laid.values() for file in files if file.path == target)


def not_written(error: OSError, root: Path) -> WpfError:
    """Why the files could not be written; nothing of them is there."""
    reason = error.strerror or type(error).__name__
    named = error.filename2 or error.filename
    path = Path(os.fsdecode(named)) if isinstance(named, str | bytes) else None
    if path is not None and path.name.startswith(TEMPORARY):
        path = path.parent
    where = None if path is None else shown(path, root)
    if isinstance(error, FileExistsError):
        return WpfError(
            Text(en="somebody has written this meanwhile", ja="その間に他の人がこのファイルを作成しました"),
            remedy=Text(en="look at it, and run this again", ja="内容を確かめて、もう一度実行してください"),
            where=where,
        )
    remedy = Text(
        en="make room or give permission there, then run it again",
        ja="空き容量と権限を確かめて、もう一度実行してください",
    )
    if isinstance(error, IsADirectoryError):
        remedy = Text(en="remove that folder, then run it again", ja="このフォルダを削除して、もう一度実行してください")
    return BackendError(
        Text(en=f"nothing was written: {reason}", ja=f"何も書き込んでいません（{reason}）"),
        remedy=remedy,
        where=where,
    )
