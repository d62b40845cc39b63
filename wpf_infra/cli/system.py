"""What the operating system refused, as an error of ours.

Here: the words. Not here: what a user names wrongly (`Unreadable`, said where it is read or written).
"""

from __future__ import annotations

from wpf_infra.errors import BackendError
from wpf_infra.language import Text, visible


def refused_by_the_system(error: OSError, where: str | None = None) -> BackendError:
    """A full disk, a read-only folder. where: of what, if the error does not know it as people named it."""
    reason = error.strerror or type(error).__name__
    if where is None and error.filename is not None:
        where = visible(str(error.filename))
    return BackendError(
        Text(en=f"the system refused: {reason}", ja=f"システムに拒否されました（{reason}）"),
        remedy=Text(
            en="make room or give permission there, then run it again",
            ja="空き容量と権限を確かめて、もう一度実行してください",
        ),
        where=where,
    )
