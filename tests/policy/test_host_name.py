"""Host names: ids that end in a hyphen."""

from __future__ import annotations

import pytest

from tests.policy.judged import found
from tests.samples import WORLD
from wpf_infra.model.finding import Severity

U = "minami-suido"


@pytest.mark.parametrize(
    ("path", "of"),
    [
        (f"{U}.gateways.north-", WORLD[U]["gateways"]["north-gw"] | {"address": "10.160.1.6"}),
        (f"{U}.vms.app--", WORLD[U]["vms"]["app-1"] | {"address": "10.64.1.13"}),
        ("platform.vms.ntp-", WORLD["platform"]["vms"]["ntp-1"] | {"address": "10.32.0.13"}),
    ],
)
def test_a_label_of_a_host_name_ends_in_no_hyphen(path: str, of: object) -> None:
    (finding,) = found({path: of})
    assert (finding.rule, finding.severity, finding.path) == ("host-name", Severity.WARNING, path)
    assert finding.remedy.en == f"call it `{path.rpartition('.')[2].rstrip('-')}`"
