"""The guide to a vCenter is followed as a stranger would: its configuration, its commands, on the test server."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.contract.vsphere import harness_in
from tests.docs.test_readme import ROOT, blocks
from tests.engine.carrier import OnVcenter
from tests.engine.estate import BIN, Estate
from tests.engine.vcenter import room_of

GUIDE, GUIDE_JA = "docs/guide/vsphere.md", "docs/guide/vsphere.ja.md"
_YAML = re.compile(r"^```yaml\n(.*?)^```", re.M | re.S)


def configuration(guide: str) -> dict[str, object]:
    (block,) = _YAML.findall((ROOT / guide).read_text(encoding="utf-8"))
    parsed: dict[str, object] = yaml.safe_load(block)
    return parsed


def test_both_languages_have_the_same_commands() -> None:
    assert blocks(GUIDE) == blocks(GUIDE_JA)
    assert configuration(GUIDE) == configuration(GUIDE_JA)


@pytest.mark.engine
def test_the_guide_does_what_it_says(tmp_path: Path) -> None:
    """Only the host, the datacenter's name and the certificate's file are the test server's own."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "stacks", root / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".wpf" / "state").mkdir(parents=True)
    (tmp_path / "vcenter").mkdir()
    with harness_in(tmp_path / "vcenter", room_of(root)) as harness:
        project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
        project["plugins"]["providers"][0]["path"] = str(BIN)
        project["config"] |= configuration(GUIDE)
        options = project["config"]["wpf:vsphere"]["value"]
        assert options["user"] == harness.vcenter.user
        shutil.copy(harness.vcenter.ca_file, root / options["ca_file"])
        options |= {"host": harness.vcenter.host, "datacenter": harness.vcenter.datacenter}
        (root / "Pulumi.yaml").write_text(yaml.safe_dump(project))
        estate = Estate(root, OnVcenter(harness))
        for block in blocks(GUIDE):
            ran = estate.shell(block.commands)
            assert (ran.code != 0) is block.fails, ran.said
            for part in block.quoted:
                assert part in ran.said
        assert harness.vcenter.user not in harness.vcenter.sessions()
