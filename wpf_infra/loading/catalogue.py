"""The whole of stacks/: the platform and every tenant, with all that is wrong in their files.

Here: which files there are, how they stand to each other, and the catalogue of those that could be read. Not here: the
rules (`wpf_infra.policy`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import realpath
from pathlib import Path

from wpf_infra.errors import Unreadable
from wpf_infra.language import Text
from wpf_infra.loading.anchor_file import read_anchors
from wpf_infra.loading.file import shown
from wpf_infra.loading.positions import Places, Positions
from wpf_infra.loading.python_file import Ran, run
from wpf_infra.loading.tenant_file import SUFFIXES, TenantFile, read_tenant
from wpf_infra.model.anchor import AnchorFile
from wpf_infra.model.catalogue import Catalogue
from wpf_infra.model.finding import Finding
from wpf_infra.model.identity import PLATFORM
from wpf_infra.model.platform import Platform

STACKS = "stacks"
TENANTS = "tenants"


@dataclass(frozen=True)
class Loaded:
    """catalogue: what can be judged, None without a platform; findings: the schema's; unreadable: files that could not
    be decoded; files: where each tenant stands. Only a sound one may be applied: what was refused in part is judged
    without the refused parts.
    """

    catalogue: Catalogue | None
    findings: tuple[Finding, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return self.catalogue is not None and not self.findings and not self.unreadable


def load(root: Path, replacing: Sequence[Path] = ()) -> Loaded:
    """Everything that `root`/stacks declares. Each file of `replacing` takes the place of the tenant with its id.

    What is wrong in a file never hides another file: it comes back as a finding or among the unreadable.
    """
    unreadable: list[Unreadable] = []
    platform = _platform(root, unreadable)
    tenants = _replacements(root, replacing, unreadable)
    taken = set(tenants)
    lost: set[str] = {path.stem for path in replacing} - taken
    for path in _tenant_paths(root, unreadable, lost):
        if path.stem in taken or any(_same(path, replacement) for replacement in replacing):
            continue
        try:
            found = read_tenant(path, shown(path, root), root / STACKS, stem_is_id=True)
        except Unreadable as error:
            unreadable.append(error)
            lost.add(path.stem)
        else:
            tenants[path.stem] = found
    return _put_together(root, platform, tenants, unreadable, lost)


def tenant_files(root: Path) -> tuple[Path, ...]:
    """The tenants' files, by name. Raises Unreadable for the first thing among them that is not one."""
    unreadable: list[Unreadable] = []
    paths = tuple(_tenant_paths(root, unreadable, set()))
    if unreadable:
        raise unreadable[0]
    return paths


def _platform(root: Path, unreadable: list[Unreadable]) -> tuple[Ran[Platform] | None, str]:
    path = root / STACKS / "platform.py"
    file = shown(path, root)
    try:
        return run(path, file, "platform", Platform, root / STACKS), file
    except Unreadable as error:
        unreadable.append(error)
        return None, file


def _replacements(root: Path, paths: Sequence[Path], unreadable: list[Unreadable]) -> dict[str, TenantFile]:
    found: dict[str, TenantFile] = {}
    folder = root / STACKS / TENANTS
    for path in paths:
        file = shown(path, root)
        try:
            if path.suffix not in SUFFIXES:
                raise _not_a_tenant_file(file)
            tenant = read_tenant(path, file, root / STACKS, stem_is_id=_same(path.parent, folder))
        except Unreadable as error:
            unreadable.append(error)
            continue
        other = found.setdefault(tenant.owner, tenant)
        if other is not tenant:
            unreadable.append(_twice(tenant.owner, shown(other.path, root), file))
    return found


def _tenant_paths(root: Path, unreadable: list[Unreadable], lost: set[str]) -> Iterator[Path]:
    """The files of stacks/tenants that declare a tenant, by name; helpers (`_x.py`) and hidden files are none."""
    folder = root / STACKS / TENANTS
    try:
        paths = sorted(path for path in folder.iterdir() if path.name[0] not in "._")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        unreadable.append(
            Unreadable(
                Text(
                    en=f"the tenants' folder cannot be read ({reason})",
                    ja=f"テナントのフォルダを読めません（{reason}）",
                ),
                remedy=Text(
                    en=f"make the folder {STACKS}/{TENANTS}, or correct its permissions",
                    ja=f"{STACKS}/{TENANTS} フォルダを作るか、権限を直してください",
                ),
                where=shown(folder, root),
            )
        )
        return
    by_stem: dict[str, list[Path]] = {}
    for path in paths:
        if path.suffix in SUFFIXES:
            by_stem.setdefault(path.stem, []).append(path)
        elif path.suffix.lower() in (".yml", *SUFFIXES):
            unreadable.append(_wrong_suffix(path, shown(path, root)))
            lost.add(path.stem)
    for stem, (path, *others) in by_stem.items():
        if others:
            unreadable.append(_twice(stem, shown(path, root), shown(others[0], root)))
            lost.add(stem)
        else:
            yield path


def _put_together(
    root: Path,
    platform: tuple[Ran[Platform] | None, str],
    tenants: Mapping[str, TenantFile],
    unreadable: list[Unreadable],
    lost: set[str],
) -> Loaded:
    ran, platform_file = platform
    ordered = [tenants[name] for name in sorted(tenants)]
    findings = [*(ran.findings if ran is not None else ()), *(one for found in ordered for one in found.findings)]
    judged: dict[str, TenantFile] = {}
    for name, found in sorted(tenants.items()):
        if found.tenant is not None and found.tenant.tenant == name:
            judged[name] = found
        else:
            lost |= {name, found.owner}
    left_out = {path for found in judged.values() for path in found.left_out}
    catalogue = None
    if ran is not None and ran.value is not None:
        places = {PLATFORM: Places(platform_file, ran.places), **{name: found.places for name, found in judged.items()}}
        catalogue = Catalogue(
            platform=ran.value,
            tenants={name: found.tenant for name, found in judged.items() if found.tenant is not None},
            positions=Positions(places),
            unjudged=frozenset((lost - set(judged)) | left_out),
            otherwise={name: found.otherwise for name, found in judged.items() if found.otherwise is not None},
            anchors=_anchors(root, judged),
        )
    return Loaded(catalogue, tuple(findings), tuple(unreadable), {name: found.path for name, found in tenants.items()})


def _anchors(root: Path, judged: Mapping[str, TenantFile]) -> dict[str, AnchorFile]:
    """Beside the tenant's file, and for one that stands elsewhere also where it is judged to stand."""
    among = root / STACKS / TENANTS
    return {
        path: file
        for found in judged.values()
        if found.tenant is not None
        for path, file in read_anchors(found.tenant, (found.path.parent, among), root).items()
    }


def _same(one: Path, other: Path) -> bool:
    return realpath(one) == realpath(other)


def _not_a_tenant_file(file: str) -> Unreadable:
    return Unreadable(
        Text(en="this is no tenant's file", ja="テナントのファイルではありません"),
        remedy=Text(en="name a .yaml or .py file", ja=".yaml か .py のファイルを指定してください"),
        where=file,
    )


def _wrong_suffix(path: Path, file: str) -> Unreadable:
    right = path.with_suffix(".py" if path.suffix.lower() == ".py" else ".yaml").name
    return Unreadable(
        Text(
            en=f"a tenant's file does not end in {path.suffix}",
            ja=f"テナントのファイルの拡張子は {path.suffix} ではありません",
        ),
        remedy=Text(en=f"call it {right}", ja=f"{right} という名前にしてください"),
        where=file,
    )


def _twice(tenant: str, first: str, second: str) -> Unreadable:
    return Unreadable(
        Text(
            en=f"the tenant `{tenant}` is declared here and in {first}",
            ja=f"テナント `{tenant}` がここと {first} の両方で宣言されています",
        ),
        remedy=Text(en="keep one of the two files", ja="どちらか一方のファイルだけにしてください"),
        where=second,
    )
