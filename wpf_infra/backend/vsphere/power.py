"""Stopping a server by its guest, and starting it.

Here: the order in which the mark of an owed restart and the power change. Not here: who may stop what, and when
(`wpf_infra.plan`). A server is never switched off: what its guest does not do is not done.
"""

from __future__ import annotations

from dataclasses import replace

from pyVmomi import vim, vmodl

from wpf_infra.backend.vsphere.connection import Connection
from wpf_infra.backend.vsphere.faults import CUT
from wpf_infra.backend.vsphere.machine import MachineSeen
from wpf_infra.backend.vsphere.machines import look
from wpf_infra.backend.vsphere.reconfigure import Edit, edit, marks_of, record_disks, write_marks
from wpf_infra.errors import BackendError, Refused, Transient
from wpf_infra.language import Text

PATIENCE_S = 300.0
"""How long a guest may take to shut down: Windows with updates to finish is slow."""
_PERHAPS_ASKED = (*CUT, vmodl.fault.HostCommunication)
"""After these nobody knows whether the guest was asked."""


def shut_down_guest(
    connection: Connection, seen: MachineSeen, *, owe_restart: bool = True, patience_s: float = PATIENCE_S
) -> None:
    """First the mark, then the request: a run that is cut off in between still knows that the server ran. A request
    that was turned down takes the mark back. Without `owe_restart` a mark that stands goes, of one that is off too.

    Raises Refused when it is suspended or its tools do not run, Transient when the guest does not go down in time.
    """
    if owe_restart:
        now = edit(connection, seen, _owing)
    else:
        write_marks(connection, seen, lambda marks: replace(marks, restart_owed=False))
        now = look(connection, seen)
    if not now.running:
        return
    where = str(seen.identity)
    try:
        connection.call(lambda: now.ref.ShutdownGuest(), where=where)
    except BackendError as error:
        if not look(connection, seen).running:
            return  # somebody else shut it down in that moment
        if not marks_of(now).restart_owed and not isinstance(error.__cause__, _PERHAPS_ASKED):
            edit(connection, seen, _not_owing)
        if isinstance(error.__cause__, vim.fault.ToolsUnavailable):
            raise _without_tools(where) from error
        raise
    try:
        connection.until(
            now.ref, "runtime.powerState", lambda state: state == "poweredOff", patience_s=patience_s, where=where
        )
    except BackendError as error:
        if not look(connection, seen).running:
            return
        if isinstance(error, Transient) and error.__cause__ is None:
            raise _stubborn(where, patience_s) from error
        raise


def check_shut_down(seen: MachineSeen) -> None:
    """Raises Refused for a server that its guest could not shut down as it stands now."""
    if seen.suspended:
        raise _suspended(str(seen.identity))
    if seen.running and not seen.tools_running:
        raise _without_tools(str(seen.identity))


def _owing(now: MachineSeen) -> Edit:
    if now.suspended:
        raise _suspended(str(now.identity))
    return Edit(replace(marks_of(now), restart_owed=True) if now.running else marks_of(now))


def _not_owing(now: MachineSeen) -> Edit:
    return Edit(replace(marks_of(now), restart_owed=False) if now.running else marks_of(now))


def power_on(connection: Connection, seen: MachineSeen, *, host: vim.HostSystem | None = None) -> None:
    """Start it if it does not run, then clear the mark of an owed restart. host: where, if not where it stands.

    Its disks' uuids are written down first: somebody may hang on anything once it runs.
    """
    start(connection, record_disks(connection, seen), host=host)
    write_marks(connection, seen, lambda marks: replace(marks, restart_owed=False))


def start(connection: Connection, now: MachineSeen, *, host: vim.HostSystem | None = None) -> None:
    """Power alone, a suspended one resumed; two who start it at once both have it started."""
    if now.running and not now.suspended:
        return
    elsewhere = host if host != now.host and not now.suspended else None
    try:
        connection.run(lambda: now.ref.PowerOnVM_Task(elsewhere), where=str(now.identity))
    except BackendError:
        after = look(connection, now)
        if not after.running or after.suspended:
            raise


def _suspended(where: str) -> Refused:
    return Refused(
        Text(
            en="it is suspended, so that its guest cannot be asked to shut down",
            ja="サスペンド状態のため、ゲストにシャットダウンを要求できません",
        ),
        where=where,
        row=14,
        remedy=Text(
            en="resume it in the vSphere Client (Power On), then run it again",
            ja="vSphere Clientで再開（パワーオン）してから、再実行してください",
        ),
    )


def _without_tools(where: str) -> Refused:
    return Refused(
        Text(
            en="VMware Tools do not run in its guest, so that it cannot be shut down from outside",
            ja="ゲストのVMware Toolsが稼働していないため、外部からシャットダウンできません",
        ),
        where=where,
        row=14,
        remedy=Text(
            en="start the tools in the guest, or shut the guest down from within, then run it again",
            ja="ゲスト内でVMware Toolsを起動するか、ゲスト内からシャットダウンして、再実行してください",
        ),
    )


def _stubborn(where: str, patience_s: float) -> Transient:
    return Transient(
        Text(
            en=f"its guest was asked to shut down and still runs after {patience_s:.0f} s; it was not switched off",
            ja=f"シャットダウンを要求しましたが、{patience_s:.0f} 秒後も稼働中です（強制停止はしていません）",
        ),
        where=where,
        row=14,
        remedy=Text(
            en="look at its console for what holds the shutdown up, then run it again",
            ja="コンソールで停止を妨げている原因を確認し、再実行してください",
        ),
    )
