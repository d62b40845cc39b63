"""Images: the disks of a copy (FAQ 15, 25)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.judged import found, told
from wpf_infra.model.finding import Severity

V = "kawa-systems"
ORIGINAL, COPY = f"{V}.vms.collector.disks", f"{V}.vms.collector-2.disks"


def disk(size_gb: int, **more: Any) -> dict[str, Any]:
    return {"size_gb": size_gb, "storage_class": "raid6", **more}


def test_a_copy_is_no_smaller_than_its_image() -> None:
    """FAQ-15"""
    (finding,) = found({f"{ORIGINAL}.system": disk(300)})
    assert (finding.rule, finding.row, finding.severity) == ("image-disk-size", 15, Severity.ERROR)
    assert (finding.path, finding.remedy.en) == (f"{COPY}.system.size_gb", "declare 300 GB or more")


def test_a_copy_has_the_disks_of_its_image() -> None:
    """FAQ-25"""
    (finding,) = found({f"{ORIGINAL}.data": disk(100), f"{ORIGINAL}.log": disk(100)})
    assert (finding.rule, finding.row, finding.path) == ("image-disk-missing", 25, COPY)
    assert "`data`, `log`" in finding.summary.en


@pytest.mark.parametrize(
    "changes",
    [
        {f"{COPY}.system": disk(300)},
        {f"{COPY}.data": disk(100)},
        {f"{ORIGINAL}.data": disk(100), f"{COPY}.data": disk(300)},
        {f"{ORIGINAL}.data": disk(100, retire={"ordered": "2026-10-20", "ends": "2026-11-30"})},
        {f"{V}.vms.collector-2.from_image": None, f"{ORIGINAL}.data": disk(300)},
    ],
)
def test_more_and_larger_disks_are_let_be(changes: dict[str, Any]) -> None:
    """FAQ-25"""
    assert told(changes) == []


def test_of_images_that_lead_back_no_disk_is_asked() -> None:
    changes = {f"{V}.images.golden.of": "collector-2", f"{COPY}.system": disk(300)}
    assert {rule for rule, _, _ in told(changes)} == {"image-exists"}
