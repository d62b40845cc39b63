"""One session with a vCenter a process: opened by the first call, renewed when it expires, logged out at the end.

Here: login, renewal, logout, and the calls through which everything else of this package reaches the vCenter, with its
faults as our errors. Not here: TLS and patience (`endpoint`), the reading itself (`properties`), the waiting (`tasks`),
and what any call is for.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from pyVmomi import vim, vmodl

from wpf_infra.backend.vsphere.endpoint import LINES, Endpoint, Patience
from wpf_infra.backend.vsphere.faults import AGAIN, CUT, translated
from wpf_infra.backend.vsphere.properties import Properties, read_objects, read_within
from wpf_infra.backend.vsphere.settings import WHERE, VsphereSettings
from wpf_infra.backend.vsphere.tasks import Wait, Watch, finish, follow
from wpf_infra.errors import BackendError, NotFound, Transient
from wpf_infra.language import Text, visible

T = TypeVar("T")
Start = Callable[[], vim.Task]
_FAULTS = (vmodl.MethodFault, *CUT)
_PATIENCE = Patience()


class Connection:
    """Nothing is opened yet. Any number of threads may call; after `close` every call raises BackendError.

    Managed objects are read through `read`, `read_many` and `read_objects` alone: an attribute of one is a hidden call.
    """

    def __init__(self, settings: VsphereSettings, patience: Patience = _PATIENCE) -> None:
        self.settings = settings
        self._patience = patience
        self._lock = threading.Lock()
        self._endpoint: Endpoint | None = None
        self._greeting: vim.ServiceInstanceContent | None = None
        self._session = 0  # the number of the session that stands; 0 before the first
        self._refusal: BackendError | None = None
        self._closed = False
        self._watch = Watch(lambda wanted: self.call(lambda: read_objects(self.content, wanted), where=WHERE))

    # Who answers, and who we are to it.

    def instance_uuid(self) -> str:
        """The vCenter's own name for life (`AboutInfo.instanceUuid`), without logging in."""
        with self._lock:
            return str(self._greeted().about.instanceUuid)

    @property
    def content(self) -> vim.ServiceInstanceContent:
        """The service's roots, of a session that stands."""
        self._standing()
        assert self._greeting is not None, "a session begins with it"
        return self._greeting

    def time(self) -> datetime:
        """The vCenter's clock."""
        self._standing()
        assert self._endpoint is not None, "a session goes through it"
        service: Any = vim.ServiceInstance("ServiceInstance", self._endpoint)
        now: datetime = self.call(service.CurrentTime, where=WHERE)
        return now

    @cached_property
    def datacenter(self) -> vim.Datacenter:
        """The datacenter of `wpf:vsphere.datacenter`. Raises NotFound, naming those that are there."""
        path = self.settings.datacenter
        index = self.content.searchIndex
        assert index is not None, "a vCenter has one"
        found = self.call(lambda: index.FindByInventoryPath(path), where=WHERE)
        if isinstance(found, vim.Datacenter):
            return found
        names = self.read(vim.Datacenter, ["name"], within=self.content.rootFolder).values()
        there = ", ".join(sorted(visible(each["name"]) for each in names)) or "-"
        raise NotFound(
            Text(
                en=f"{self.settings.host} has no datacenter {visible(path)!r}; it has {there}",
                ja=f"{self.settings.host} にデータセンタ {visible(path)!r} がありません。存在するもの: {there}",
            ),
            where=WHERE,
            remedy=Text(
                en="`pulumi config set --path wpf:vsphere.datacenter NAME`, with the folders above it: FOLDER/NAME",
                ja="`pulumi config set --path wpf:vsphere.datacenter NAME` を実行してください"
                "（フォルダ内にある場合は FOLDER/NAME）",
            ),
        )

    # Calls.

    def call(self, function: Callable[[], T], *, where: str) -> T:
        """The result of one SOAP call, or of a few; where the session has expired it is tried once more in a new one.
        where: the identity or object that an error names. Raises the errors of `faults.translated`.
        """
        session = self._standing()
        try:
            return function()
        except vim.fault.NotAuthenticated:
            self._standing(expired=session)
        except _FAULTS as fault:
            raise self._translated(fault, where) from fault
        try:
            return function()
        except _FAULTS as fault:
            raise self._translated(fault, where) from fault

    def run(self, start: Start, *, where: str) -> Any:
        """The result of a task that `start` starts, at its end."""
        return self._finish(self._started(start, where), where)

    def run_all(self, starts: Sequence[tuple[str, Start]]) -> list[Any]:
        """The results of tasks, each with what its error names: all are started, in no order, then all awaited. Raises
        the first error once all have ended.
        """
        if not starts:
            return []
        with ThreadPoolExecutor(min(LINES, len(starts)), thread_name_prefix="vsphere-start") as pool:
            started = [pool.submit(self._started, start, where) for where, start in starts]
        results: list[Any] = []
        errors: list[BaseException] = []
        for future, (where, _) in zip(started, starts, strict=True):
            try:
                results.append(self._finish(future.result(), where))
            except BackendError as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return results

    def until(self, entity: Any, path: str, predicate: Callable[[Any], bool], *, patience_s: float, where: str) -> None:
        """Waits for a property to become something; None while it is unset. Raises Transient when the patience ends,
        NotFound when the object is gone.
        """
        wait = self._watch.begin(entity, [path], lambda values: predicate(values.get(path)))
        try:
            seen = self._watch.result(wait, patience_s=patience_s)
        except TimeoutError:
            raise Transient(
                Text(
                    en=f"{path} was not what it has to become within {patience_s:g} s",
                    ja=f"{path} が {patience_s:g} 秒以内に目的の状態になりませんでした",
                ),
                where=where,
                remedy=AGAIN,
            ) from None
        if seen is None:
            raise self._translated(vmodl.fault.ManagedObjectNotFound(obj=entity), where)

    def _started(self, start: Start, where: str) -> Wait:
        return follow(self._watch, self.call(start, where=where))

    def _finish(self, wait: Wait, where: str) -> Any:
        return finish(self._watch, wait, where, hidden=self.settings.password)

    # Reading.

    def read(self, kind: type, paths: Sequence[str], *, within: Any, where: str = WHERE) -> dict[Any, Properties]:
        """All objects of a type under a folder, datacenter or pool; an absent property is an absent key."""
        return self.read_many({kind: paths}, within=within, where=where)

    def read_many(
        self, kinds: Mapping[Any, Sequence[str]], *, within: Any, where: str = WHERE
    ) -> dict[Any, Properties]:
        """The same for several types, in one read."""
        return self.call(lambda: read_within(self.content, kinds, within), where=where)

    def read_objects(
        self, entities: Sequence[Any], paths: Sequence[str], *, where: str = WHERE
    ) -> dict[Any, Properties]:
        """Given objects; one that is gone is left out."""
        return self.call(lambda: read_objects(self.content, dict.fromkeys(entities, paths)), where=where)

    # The end.

    def close(self) -> None:
        """Logs out, within about two seconds, and lets everything go; a second time it does nothing."""
        self._watch.close()
        atexit.unregister(self.close)
        with self._lock:
            self._closed = True
            endpoint, self._endpoint = self._endpoint, None
            if endpoint is None:
                return
            endpoint.hurry()
            if self._session and self._greeting is not None:
                with suppress(*_FAULTS):
                    self._manager(self._greeting).Logout()
            endpoint.hang_up()

    def _standing(self, expired: int = 0) -> int:
        """The number of a session that stands: the first call logs in, and whoever first finds that it has expired."""
        with self._lock:
            greeting = self._greeted()
            if self._session == expired:
                self._log_in(greeting)
                self._session += 1
                atexit.register(self.close)  # for a process that forgets; a session left behind is one of few
            return self._session

    def _greeted(self) -> vim.ServiceInstanceContent:
        if self._closed:
            raise BackendError(Text(en="the run has ended", ja="実行は終了しました"), where=WHERE, remedy=AGAIN)
        if self._endpoint is None or self._greeting is None:
            endpoint = self._endpoint = self._endpoint or Endpoint(self.settings, self._patience)
            self._greeting = endpoint.content()
        return self._greeting

    def _log_in(self, greeting: vim.ServiceInstanceContent) -> None:
        if self._refusal is not None:
            raise self._refusal  # asked again and again with a wrong password, a vCenter locks the account
        assert self._endpoint is not None, "greeted before"
        try:
            with self._endpoint.admitting():
                self._manager(greeting).Login(self.settings.user, self.settings.password, "en_US")
        except vim.fault.InvalidLogin as fault:
            self._refusal = self._translated(fault, WHERE)
            raise self._refusal from fault
        except _FAULTS as fault:
            raise self._translated(fault, WHERE) from fault

    def _translated(self, fault: Exception, where: str) -> BackendError:
        return translated(fault, where, hidden=self.settings.password)

    @staticmethod
    def _manager(greeting: vim.ServiceInstanceContent) -> vim.SessionManager:
        assert greeting.sessionManager is not None, "a vCenter has one"
        return greeting.sessionManager
