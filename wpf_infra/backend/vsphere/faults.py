"""What a vCenter answers when it does not do a thing, in our own errors.

Here: one table, fault class to error, and the sentences. Pure. Not here: catching faults (`connection`, `tasks`), and
trying again. A fault's own words are a stranger's: they are quoted on one line, without the password.
"""

from __future__ import annotations

import http.client
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError

from pyVmomi import vim, vmodl

from wpf_infra.errors import BackendError, Conflict, NotFound, Refused, Transient, Unsupported
from wpf_infra.language import Text, visible

CUT = (OSError, http.client.HTTPException, ExpatError, zlib.error)
"""What a connection that breaks off in mid-call raises: in the request, in the answer's head, or within its body."""

_LONGEST = 300
AGAIN = Text(en="run it again: what stands is left as it is", ja="再実行してください。できたものはそのままです")
_LOOK = Text(en="look at it in the vSphere Client, then run it again", ja="vSphere Clientで確認し、再実行してください")
_ROOM = Text(
    en="make room in the cluster or add to it, then run it again",
    ja="クラスタの空きを作るか増設してから、再実行してください",
)
_RIGHTS = Text(
    en="give wpf:vsphere.user a role that has it there, then run it again",
    ja="wpf:vsphere.user にその権限を含むロールを与えてから、再実行してください",
)
_PASSWORD = Text(
    en="`pulumi config set --path --secret wpf:vsphere.password`, and look at wpf:vsphere.user",
    ja="`pulumi config set --path --secret wpf:vsphere.password` を実行し、wpf:vsphere.user も確認してください",
)
_VERSION = Text(
    en="the platform needs vCenter 7.0 or later, with its full licence",
    ja="vCenter 7.0以降と、その正規ライセンスが必要です",
)


@dataclass(frozen=True, slots=True)
class _Words:
    """A fault and its strings, fit for a sentence."""

    fault: Any
    hidden: str

    def __call__(self, name: str, other: str = "?") -> str:
        """The fault's own property as text, else `other`."""
        value = getattr(self.fault, name, None)
        return self.clean(str(value)) if value not in (None, "") else other

    def clean(self, text: str) -> str:
        if self.hidden:
            text = text.replace(self.hidden, "[secret]")
        text = visible(" ".join(text.split()))
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    @property
    def said(self) -> str:
        return self.clean(str(getattr(self.fault, "msg", "") or self.fault.__class__.__name__))

    @property
    def which(self) -> str:
        """The fault's class as the API reference has it: `NoDiskSpace`."""
        return str(self.fault.__class__.__name__).rpartition(".")[2]


_GONE = Text(en="the vCenter does not have it any more", ja="vCenterに存在しません（削除された可能性があります）")
_SESSION_OVER = Text(en="the session with the vCenter has ended", ja="vCenterとのセッションが終了しました")
_CANCELLED = Text(en="somebody cancelled the task", ja="タスクが取り消されました")
_LOGIN = Text(en="wrong user or password", ja="ユーザ名またはパスワードが違います")
_EXPIRED = Text(en="the password of wpf:vsphere.user has expired", ja="wpf:vsphere.user のパスワードが期限切れです")
_Sentence = Text | Callable[[_Words], Text]


def _file(words: _Words) -> Text:
    file = words("file")
    return Text(en=f"the datastore has no file {file}", ja=f"データストアにファイル {file} がありません")


def _file_there(words: _Words) -> Text:
    file = words("file")
    return Text(en=f"the datastore has a file {file} already", ja=f"データストアにファイル {file} が既にあります")


def _named(words: _Words) -> Text:
    name = words("name")
    return Text(en=f"something named {name} is there already", ja=f"{name} という名前のものが既にあります")


def _full(words: _Words) -> Text:
    datastore = words("datastore")
    return Text(en=f"no space is left on datastore {datastore}", ja=f"データストア {datastore} に空きがありません")


def _short(words: _Words) -> Text:
    return Text(
        en=f"the cluster has not the resources ({words.which}: {words.said})",
        ja=f"クラスタの資源が足りません（{words.which}: {words.said}）",
    )


def _held(words: _Words) -> Text:
    name = words("name", words.said)
    return Text(en=f"it is in use: {name}", ja=f"使用中です: {name}")


def _busy(words: _Words) -> Text:
    return Text(en=f"something else is being done to it ({words.which})", ja=f"別の処理が進行中です（{words.which}）")


def _host_away(words: _Words) -> Text:
    return Text(
        en=f"the vCenter does not reach the host ({words.which})",
        ja=f"vCenterがホストに接続できません（{words.which}）",
    )


def _late(words: _Words) -> Text:
    return Text(en=f"it took too long ({words.which})", ja=f"時間内に終わりませんでした（{words.which}）")


def _forbidden(words: _Words) -> Text:
    needed = [
        (each.entity, right) for each in words.fault.missingPrivileges or () for right in each.privilegeIds or ()
    ] or [(words.fault.object, words.fault.privilegeId)]
    rights = ", ".join(words.clean(f"{right or '?'} on {_reference(entity)}") for entity, right in needed[:3])
    return Text(
        en=f"wpf:vsphere.user may not do that: it needs {rights}",
        ja=f"wpf:vsphere.user に権限がありません。必要な権限: {rights}",
    )


def _wrong_power(words: _Words) -> Text:
    state = words("existingState")
    return Text(en=f"its power state does not allow that ({state})", ja=f"電源状態（{state}）のため実行できません")


def _wrong_state(words: _Words) -> Text:
    return Text(
        en=f"its state does not allow that ({words.which}: {words.said})",
        ja=f"現在の状態では実行できません（{words.which}: {words.said}）",
    )


def _unfit(words: _Words) -> Text:
    return Text(
        en=f"its configuration does not allow that ({words.which}: {words.said})",
        ja=f"仮想マシンの構成のため実行できません（{words.which}: {words.said}）",
    )


def _restricted(words: _Words) -> Text:
    return Text(
        en=f"its licence or another product does not allow that ({words.which}: {words.said})",
        ja=f"ライセンスまたは他の製品により許可されていません（{words.which}: {words.said}）",
    )


def _unknown_call(words: _Words) -> Text:
    return Text(
        en=f"this vCenter has no way to do that ({words.which}: {words.said})",
        ja=f"このvCenterでは実行できません（{words.which}: {words.said}）",
    )


def _argument(words: _Words) -> Text:
    name = words("invalidProperty")
    return Text(
        en=f"the vCenter does not take the value of {name} ({words.which}: {words.said})",
        ja=f"vCenterが {name} の値を受け付けません（{words.which}: {words.said}）",
    )


def _other(words: _Words) -> Text:
    return Text(
        en=f"the vCenter answered {words.which}: {words.said}", ja=f"vCenterの応答: {words.which}: {words.said}"
    )


def _reference(entity: Any) -> str:
    """A managed object as a vCenter names it: `VirtualMachine:vm-42`."""
    return f"{entity._wsdlName}:{entity._GetMoId()}" if entity is not None else "?"


_Row = tuple[type[BackendError], _Sentence, Text]
_TABLE: dict[type, _Row] = {
    vmodl.fault.ManagedObjectNotFound: (NotFound, _GONE, AGAIN),
    vim.fault.FileNotFound: (NotFound, _file, _LOOK),
    vim.fault.NotFound: (NotFound, _GONE, AGAIN),
    vim.fault.DuplicateName: (Conflict, _named, _LOOK),
    vim.fault.AlreadyExists: (Conflict, _named, _LOOK),
    vim.fault.FileAlreadyExists: (Conflict, _file_there, _LOOK),
    vim.fault.NoDiskSpace: (Conflict, _full, _ROOM),
    vim.fault.InsufficientResourcesFault: (Conflict, _short, _ROOM),
    vim.fault.NotEnoughCpus: (Conflict, _short, _ROOM),
    vim.fault.NoCompatibleHost: (Conflict, _short, _ROOM),
    vim.fault.RuleViolation: (Conflict, _short, _ROOM),
    vim.fault.VmHostAffinityRuleViolation: (Conflict, _short, _ROOM),
    vim.fault.ResourceInUse: (Conflict, _held, _LOOK),
    vmodl.fault.HostCommunication: (Transient, _host_away, AGAIN),
    vim.fault.TaskInProgress: (Transient, _busy, AGAIN),
    vim.fault.ConcurrentAccess: (Transient, _busy, AGAIN),
    vim.fault.FileLocked: (Transient, _busy, AGAIN),
    vim.fault.Timedout: (Transient, _late, AGAIN),
    vim.fault.NotAuthenticated: (Transient, _SESSION_OVER, AGAIN),
    vmodl.fault.SessionNotFound: (Transient, _SESSION_OVER, AGAIN),
    vmodl.fault.RequestCanceled: (Transient, _CANCELLED, AGAIN),
    vim.fault.NoPermission: (Refused, _forbidden, _RIGHTS),
    vim.fault.InvalidPowerState: (Refused, _wrong_power, AGAIN),
    vim.fault.InvalidState: (Refused, _wrong_state, _LOOK),
    vim.fault.VmConfigFault: (Refused, _unfit, _LOOK),
    vim.fault.RestrictedVersion: (Refused, _restricted, _VERSION),
    vim.fault.MethodDisabled: (Refused, _restricted, _LOOK),
    vmodl.fault.NotEnoughLicenses: (Refused, _restricted, _VERSION),
    vmodl.fault.NotSupported: (Unsupported, _unknown_call, _VERSION),
    vmodl.fault.MethodNotFound: (Unsupported, _unknown_call, _VERSION),
    vmodl.fault.NotImplemented: (Unsupported, _unknown_call, _VERSION),
    vim.fault.InvalidLogin: (BackendError, _LOGIN, _PASSWORD),
    vim.fault.PasswordExpired: (BackendError, _EXPIRED, _PASSWORD),
    vmodl.fault.InvalidArgument: (BackendError, _argument, _LOOK),
}


def translated(fault: Exception, where: str, *, hidden: str = "") -> BackendError:
    """Our error for a fault of the API or for a connection that was cut. where: the identity or object that the error
    names; hidden: what no sentence may hold. An error of ours comes back as it is.
    """
    if isinstance(fault, BackendError):
        return fault
    words = _Words(fault, hidden)
    for kind in type(fault).__mro__:
        if kind in _TABLE:
            error, sentence, remedy = _TABLE[kind]
            what = sentence if isinstance(sentence, Text) else sentence(words)
            return error(what, where=where, remedy=remedy)
    if isinstance(fault, CUT):
        return Transient(
            Text(
                en=f"the connection to the vCenter was cut ({words.clean(str(fault)) or words.which})",
                ja=f"vCenterとの接続が切れました（{words.clean(str(fault)) or words.which}）",
            ),
            where=where,
            remedy=AGAIN,
        )
    return BackendError(_other(words), where=where, remedy=_LOOK)
