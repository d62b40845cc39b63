"""The end of a process that is told to end: what a backend lent it is given back, where that is quick.

Here: the last two seconds. Not here: who tells (`provider.server`, `declare.program`), and what there is to give back.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import NoReturn

_PATIENCE_S = 2.0


def end_process(code: int, give_back: Callable[[], None]) -> NoReturn:
    """Ends the process now, after `give_back` or two seconds, whichever is first; nothing else is waited for."""
    giving_back = threading.Thread(target=give_back, daemon=True)
    giving_back.start()
    giving_back.join(_PATIENCE_S)
    os._exit(code)
