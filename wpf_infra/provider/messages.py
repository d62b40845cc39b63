"""The engine's messages and services (`pulumirpc`), without the SDK's runtime around them.

Here: finding the SDK's generated modules. Not here: using them (`wire`). Importing them by their own name imports the
whole SDK first, which takes longer than everything else a provider does before its first answer, and a provider starts
with every run (docs/decisions/0037).
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_SDK = "pulumi"
_ALONE = "wpf_infra_engine_messages"


def _package() -> str:
    """The name to import the generated modules under: the SDK's own where it is loaded already."""
    if _SDK in sys.modules:
        return f"{_SDK}.runtime.proto"
    found = find_spec(_SDK)
    assert found is not None and found.origin is not None, "the SDK is one of our dependencies"
    folder = Path(found.origin).parent / "runtime" / "proto"
    package = spec_from_file_location(_ALONE, folder / "__init__.py", submodule_search_locations=[str(folder)])
    assert package is not None
    sys.modules[_ALONE] = module_from_spec(package)  # not executed: it would import every service there is
    return _ALONE


_NAME = _package()
engine_pb2: Any = import_module(f"{_NAME}.engine_pb2")
engine_pb2_grpc: Any = import_module(f"{_NAME}.engine_pb2_grpc")
plugin_pb2: Any = import_module(f"{_NAME}.plugin_pb2")
provider_pb2: Any = import_module(f"{_NAME}.provider_pb2")
provider_pb2_grpc: Any = import_module(f"{_NAME}.provider_pb2_grpc")
status_pb2: Any = import_module(f"{_NAME}.status_pb2")
