"""The abstract suite: everything that `wpf_infra.backend.contract` promises, for any backend.

Here: its parts put together. Not here: a backend; each joins as `test_<backend>.py` with a harness of its own.
"""

from __future__ import annotations

from tests.contract.building import BuildingContract
from tests.contract.ending import EndingContract
from tests.contract.observing import ObservingContract
from tests.contract.owning import OwningContract
from tests.contract.rehearsing import RehearsingContract
from tests.contract.sharing import SharingContract
from tests.contract.stepping import SettlingContract, SteppingContract


class BackendContract(
    ObservingContract,
    BuildingContract,
    SteppingContract,
    SettlingContract,
    EndingContract,
    OwningContract,
    RehearsingContract,
    SharingContract,
):
    """Subclass it as `Test<Backend>` and bring the fixture `harness`."""
