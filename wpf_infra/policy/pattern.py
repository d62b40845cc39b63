"""Regular expressions that the Zabbix agent is given, which reads them as PCRE.

Here: what is wrong in one by every dialect's rules. Not here: where they are declared (`monitoring`). Python's own
reader has a narrower dialect: what it alone does not know (`\\p{Han}`, `(?|…)`, `\\Q…\\E`) is let be.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

_EVERYWHERE = (
    "missing ), unterminated subpattern",
    "unbalanced parenthesis",
    "unterminated character set",
    "nothing to repeat",
    "bad escape (end of pattern)",
    "min repeat greater than max repeat",
)


@lru_cache(maxsize=4096)
def broken(pattern: str) -> str | None:
    """Why it is no regular expression, in the words of Python's reader; None where it is one, or may be."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what another version of Python would read otherwise
            re.compile(pattern)
    except re.error as error:
        return str(error) if _is_broken(error, pattern) else None
    except (OverflowError, RecursionError) as error:
        return str(error) if isinstance(error, OverflowError) else None
    return None


def _is_broken(error: re.error, pattern: str) -> bool:
    if error.msg == "multiple repeat":  # PCRE takes `a{2}{3}`
        return error.pos is not None and not pattern.startswith("{", error.pos)
    return error.msg in _EVERYWHERE or (error.msg.startswith("bad character range") and "\\" not in error.msg)
