"""The way to a vCenter: TLS, patience, and the version of the API that both sides speak.

Here: the SOAP adapter as we want it, and what goes wrong before a vCenter has answered at all: nobody there, a
certificate that nothing vouches for, something that is no vCenter. Not here: who we are to it (`connection`).

The environment's proxies are not asked: the platform's networks are closed, and a proxy would see the password.
"""

from __future__ import annotations

import http.client
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyVmomi import vim
from pyVmomi.SoapAdapter import SoapStubAdapter
from pyVmomi.VmomiSupport import GetServiceVersions, versionIdMap

from wpf_infra.backend.vsphere.faults import CUT, translated
from wpf_infra.backend.vsphere.settings import WHERE, VsphereSettings
from wpf_infra.errors import BackendError, Unsupported
from wpf_infra.language import Text, visible

USER_AGENT = "wpf-infra"
"""By which a vCenter's list of sessions tells ours (`UserSession.userAgent`)."""

LINES = 16
"""Calls that are under way at once, each on a connection that is kept for the next; further threads wait their turn."""

_OLDEST = "vim.version.version9"  # 5.5: every vCenter that is still met answers it, and says which newer ones it speaks


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. connect_s: until a connection stands; answer_s: until a call is answered; leave_s: for all that is left
    to do once the end has come.
    """

    connect_s: float = 10.0
    answer_s: float = 120.0
    leave_s: float = 2.0


class _Line(http.client.HTTPSConnection):
    """One connection: quick to give up where nobody answers, patient with one that thinks."""

    def __init__(
        self, *args: Any, connect_s: Callable[[], float], answer_s: Callable[[], float], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._connect_s = connect_s
        self._answer_s = answer_s

    def connect(self) -> None:
        self.timeout = self._connect_s()
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self._answer_s())
        super().request(*args, **kwargs)


class Endpoint(SoapStubAdapter):
    """The adapter under every managed object of a connection; any number of threads may call through it.

    The session's cookie is taken from the answer to a login alone: a late
    answer to a call under the session before would bring its own.
    """

    def __init__(self, settings: VsphereSettings, patience: Patience) -> None:
        self._settings = settings
        self._patience = patience
        self._cookie = ""
        self._admitting: int | None = None
        self._give_up_at = math.inf
        self._lines = threading.BoundedSemaphore(LINES)
        name, port = settings.address
        super().__init__(  # type: ignore[no-untyped-call]
            host=name,
            port=port,
            version=_OLDEST,
            poolSize=LINES,
            sslContext=_trust(settings),
            customHeaders={"User-Agent": USER_AGENT},
        )
        self.scheme = partial(  # type: ignore[assignment]
            _Line,
            connect_s=lambda: self._at_most(patience.connect_s),
            answer_s=lambda: self._at_most(patience.answer_s),
        )

    def InvokeMethod(self, *args: Any, **kwargs: Any) -> Any:  # noqa: N802 - the adapter's own name
        if not self._lines.acquire(timeout=self._at_most(self._patience.answer_s)):
            raise TimeoutError(f"{LINES} calls are under way and none ends")
        try:
            return super().InvokeMethod(*args, **kwargs)  # type: ignore[no-untyped-call]
        finally:
            self._lines.release()

    def _at_most(self, patience_s: float) -> float:
        """The patience, or what is left of it near the end."""
        return max(0.01, min(patience_s, self._give_up_at - time.monotonic()))

    def hurry(self) -> None:
        """The end has come: from now on nothing is waited for longer than `leave_s` in all."""
        self._give_up_at = time.monotonic() + self._patience.leave_s

    def hang_up(self) -> None:
        """Every connection is closed; those that are in use, when their call ends."""
        self.poolSize = 0
        self.DropConnections()  # type: ignore[no-untyped-call]

    @property
    def cookie(self) -> str:
        return self._cookie

    @cookie.setter
    def cookie(self, value: str) -> None:
        if not value or self._admitting == threading.get_ident():
            self._cookie = value

    @contextmanager
    def admitting(self) -> Iterator[None]:
        """A login by this thread: the session before is forgotten, the cookie that comes is kept."""
        self.cookie = ""
        self._admitting = threading.get_ident()
        try:
            yield
        finally:
            self._admitting = None

    def content(self) -> vim.ServiceInstanceContent:
        """What the vCenter says of itself to anybody; from then on its version of the API is spoken. Raises
        BackendError where no vCenter answers, Unsupported where it is a single host.
        """
        try:
            content = vim.ServiceInstance("ServiceInstance", self).RetrieveContent()
        except Exception as error:
            raise no_answer(error, self._settings) from error
        if not content.about.instanceUuid or content.about.apiType != "VirtualCenter":
            raise Unsupported(
                Text(
                    en=f"{self._settings.host} is no vCenter ({visible(content.about.name)})",
                    ja=f"{self._settings.host} はvCenterではありません（{visible(content.about.name)}）",
                ),
                where=WHERE,
                remedy=_HOST,
            )
        self.ComputeVersionInfo(_version(content.about.apiVersion))  # type: ignore[no-untyped-call]
        return content


def _version(api_version: str) -> str:
    """The newest version of ours that is no newer than the server's: `8.0.3.0` → `vim.version.v8_0_3_0`."""
    theirs = _numbers(api_version)
    for version in GetServiceVersions("vim25"):
        ours = _numbers(versionIdMap[version])
        if ours and ours <= theirs:
            return str(version)
    return _OLDEST


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


def _trust(settings: VsphereSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:  # an ssl.SSLError too: a file that is no certificate
        why = visible(error.strerror or str(error)) if not isinstance(error, ssl.SSLError) else "not PEM"
        raise BackendError(
            Text(
                en=f"the certificates of {settings.ca_file} cannot be read ({why})",
                ja=f"{settings.ca_file} の証明書を読み込めません（{why}）",
            ),
            where=f"{WHERE}.ca_file",
            remedy=_CA_FILE,
        ) from error
    if settings.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def no_answer(error: Exception, settings: VsphereSettings) -> BackendError:
    """Our error for what went wrong before the vCenter answered for the first time. Pure."""
    place = "{}:{}".format(*settings.address)
    if isinstance(error, ssl.SSLCertVerificationError):
        why = visible(error.verify_message or str(error))
        return BackendError(
            Text(
                en=f"the certificate of {place} is not trusted: {why}",
                ja=f"{place} の証明書を信頼できません: {why}",
            ),
            where=WHERE,
            remedy=_CA_FILE,
        )
    if isinstance(error, ssl.SSLError | http.client.HTTPException) or not isinstance(error, OSError):
        if not isinstance(error, CUT):
            return translated(error, WHERE, hidden=settings.password)
        why = visible(" ".join(str(error).split())) or type(error).__name__
        return BackendError(
            Text(
                en=f"{place} does not answer as a vCenter does: {why}",
                ja=f"{place} がvCenterとして応答しません: {why}",
            ),
            where=WHERE,
            remedy=_HOST,
        )
    why = visible(error.strerror or str(error) or type(error).__name__)
    if isinstance(error, TimeoutError):
        why = "timed out"
    if isinstance(error, socket.gaierror):
        why = f"no such name: {why}"
    return BackendError(
        Text(en=f"{place} is not reachable: {why}", ja=f"{place} に接続できません: {why}"), where=WHERE, remedy=_HOST
    )


_HOST = Text(
    en="look at the network and the vCenter, and at wpf:vsphere.host",
    ja="ネットワークとvCenterの状態、および wpf:vsphere.host を確認してください",
)
_CA_FILE = Text(
    en="put the PEM file of the authority that signed it into the project and "
    "`pulumi config set --path wpf:vsphere.ca_file FILE.pem`",
    ja="署名した認証局のPEMファイルをプロジェクトに置き、"
    "`pulumi config set --path wpf:vsphere.ca_file FILE.pem` を実行してください",
)
