"""The state folder and the passphrase: made once, never replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from wpf_infra.errors import WpfError
from wpf_infra.toolchain.state import passphrase_file, prepare_state, state_folder


def stack(root: Path, name: str) -> None:
    file = state_folder(root) / ".pulumi" / "stacks" / "wpf" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{}")


def test_a_passphrase_only_its_owner_can_read(tmp_path: Path) -> None:
    prepare_state(tmp_path, passphrase=True)
    assert state_folder(tmp_path).is_dir()
    assert passphrase_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert len(passphrase_file(tmp_path).read_text()) >= 40
    assert {path.name for path in passphrase_file(tmp_path).parent.iterdir()} == {"state", "passphrase"}


def test_it_is_never_replaced_but_closed_to_others(tmp_path: Path) -> None:
    prepare_state(tmp_path, passphrase=True)
    passphrase_file(tmp_path).write_text("mine")
    passphrase_file(tmp_path).chmod(0o644)
    stack(tmp_path, "platform")
    prepare_state(tmp_path, passphrase=True)
    assert passphrase_file(tmp_path).read_text() == "mine"
    assert passphrase_file(tmp_path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("gone", [True, False], ids=["missing", "empty"])
def test_stacks_whose_passphrase_is_gone_are_refused_and_nothing_is_made(tmp_path: Path, gone: bool) -> None:
    prepare_state(tmp_path, passphrase=True)
    stack(tmp_path, "platform")
    stack(tmp_path, "higashi-suido")
    passphrase_file(tmp_path).write_text("")
    if gone:
        passphrase_file(tmp_path).unlink()
    with pytest.raises(WpfError, match=r"passphrase is missing.*higashi-suido, platform.*make distclean"):
        prepare_state(tmp_path, passphrase=True)
    assert passphrase_file(tmp_path).exists() is not gone


def test_a_salt_left_behind_needs_the_passphrase_too(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: wpf\n")
    (tmp_path / "Pulumi.plain.yaml").write_text("config: {}\n")
    prepare_state(tmp_path, passphrase=True)
    (tmp_path / "Pulumi.platform.yaml").write_text("encryptionsalt: v1:x\n")
    passphrase_file(tmp_path).unlink()
    with pytest.raises(WpfError, match=r"1 stack\(s\) are sealed with it: platform"):
        prepare_state(tmp_path, passphrase=True)


def test_none_is_made_for_a_person_who_brings_one(tmp_path: Path) -> None:
    stack(tmp_path, "platform")
    prepare_state(tmp_path, passphrase=False)
    assert not passphrase_file(tmp_path).exists()
