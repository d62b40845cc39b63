"""The provider as the engine has it: real gRPC on a free port, a project folder, a simulator's file, an engine that
writes down what it is told.

Here: calls in plain Python, and what came back. Not here: the engine's own part of a run; that is `tests/engine`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc, status_pb2

from tests.contract.estate import GROUND
from wpf_infra.backend.simulator.backend import Simulator
from wpf_infra.backend.simulator.faults import Fault, FaultKind
from wpf_infra.backend.simulator.hand import World
from wpf_infra.model.identity import Identity
from wpf_infra.model.resource import Resource
from wpf_infra.provider.handlers import Handler, resource_handlers
from wpf_infra.provider.schema import package_schema
from wpf_infra.provider.session import Session
from wpf_infra.provider.value import Properties
from wpf_infra.provider.wire import VERSION, decode_struct, encode, start

NOW = "2026-11-24T10:00:00+09:00"
Handlers = Callable[[Callable[[], Session]], Mapping[str, Handler]]


class Failed(Exception):
    """A call that ended in an error: what a person reads, and the details for the engine."""

    def __init__(self, error: grpc.RpcError) -> None:
        super().__init__(error.details())
        self.code: grpc.StatusCode = error.code()
        self.said: str = error.details()
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
        self.half_built = _half_built(details) if details else None


def _half_built(details: bytes) -> Any:
    (packed,) = status_pb2.Status.FromString(details).details
    assert isinstance(packed, any_pb2.Any)
    detail = provider_pb2.ErrorResourceInitFailed()
    assert packed.Unpack(detail)
    return detail


@dataclass
class Listener(engine_pb2_grpc.EngineServicer):
    """The engine's side: it keeps what is logged on resources."""

    said: list[tuple[str, str]] = field(default_factory=list)
    loud: list[str] = field(default_factory=list)

    def Log(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 - the contract's name
        self.said.append((request.urn, request.message))
        if request.severity == engine_pb2.WARNING:
            self.loud.append(request.message)
        return empty_pb2.Empty()


@dataclass
class Rig:
    root: Path
    stub: provider_pb2_grpc.ResourceProviderStub
    listener: Listener

    # What stands.

    @property
    def file(self) -> Path:
        return self.root / ".wpf" / "simulator.db"

    @functools.cached_property
    def simulator(self) -> Simulator:
        """The backend, as another process has it."""
        return Simulator(self.file)

    @functools.cached_property
    def world(self) -> World:
        return World(self.file)

    def lay_ground(self, *resources: Resource) -> None:
        """Clusters, storage and tenants, and what else is given, stand already."""
        for resource in (*GROUND, *resources):
            self.simulator.create(resource)

    def inject(self, kind: FaultKind, call: str, identity: Identity, times: int | None = 1) -> None:
        self.world.inject(Fault(kind, call=call, identity=str(identity), times=times))

    def events(self, identity: Identity) -> list[str]:
        return [entry.event for entry in self.world.journal() if entry.identity == identity]

    def let_go(self) -> None:
        """Close the file, as if the other processes had ended."""
        self.simulator.close()
        self.world.close()

    # What the engine asks.

    def check_config(self, inputs: Properties, recorded: Properties | None = None) -> Properties:
        request = provider_pb2.CheckRequest(urn="", olds=encode(recorded or {}), news=encode(inputs))
        return decode_struct(self._call(self.stub.CheckConfig, request).inputs)

    def configure(self, **config: str) -> None:
        variables = {f"wpf:config:{name}": value for name, value in {"now": NOW, **config}.items()}
        self._call(self.stub.Configure, provider_pb2.ConfigureRequest(variables=variables))

    def check(self, kind: str, inputs: Properties, name: str = "it") -> tuple[Properties, dict[str, str]]:
        """The inputs as they came back, and path to reason of every failure."""
        answer = self._call(self.stub.Check, provider_pb2.CheckRequest(urn=urn(kind, name), news=encode(inputs)))
        return decode_struct(answer.inputs), {each.property: each.reason for each in answer.failures}

    def diff(self, kind: str, id: str, recorded: Properties, inputs: Properties) -> Any:
        request = provider_pb2.DiffRequest(
            id=id, urn=urn(kind, id), olds=encode(recorded), old_inputs=encode(recorded), news=encode(inputs)
        )
        return self._call(self.stub.Diff, request)

    def create(self, kind: str, inputs: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        request = provider_pb2.CreateRequest(urn=urn(kind, "it"), properties=encode(inputs), preview=preview)
        answer = self._call(self.stub.Create, request)
        return answer.id, decode_struct(answer.properties)

    def read(self, kind: str, id: str, inputs: Properties | None = None) -> tuple[str, Properties, Properties]:
        """The id (empty: gone), inputs and outputs."""
        recorded = encode(inputs or {})
        answer = self._call(
            self.stub.Read, provider_pb2.ReadRequest(id=id, urn=urn(kind, id), properties=recorded, inputs=recorded)
        )
        return answer.id, decode_struct(answer.inputs), decode_struct(answer.properties)

    def update(
        self, kind: str, id: str, recorded: Properties, inputs: Properties, *, preview: bool = False
    ) -> Properties:
        request = provider_pb2.UpdateRequest(
            id=id,
            urn=urn(kind, id),
            olds=encode(recorded),
            old_inputs=encode(recorded),
            news=encode(inputs),
            preview=preview,
        )
        return decode_struct(self._call(self.stub.Update, request).properties)

    def delete(self, kind: str, id: str, recorded: Properties) -> None:
        request = provider_pb2.DeleteRequest(
            id=id, urn=urn(kind, id), properties=encode(recorded), old_inputs=encode(recorded)
        )
        self._call(self.stub.Delete, request)

    def invoke(self, token: str, arguments: Properties) -> Properties:
        answer = self._call(self.stub.Invoke, provider_pb2.InvokeRequest(tok=token, args=encode(arguments)))
        return decode_struct(getattr(answer, "return"))

    def schema(self) -> str:
        schema: str = self._call(self.stub.GetSchema, provider_pb2.GetSchemaRequest()).schema
        return schema

    def cancel(self) -> None:
        self._call(self.stub.Cancel, empty_pb2.Empty())

    def lines(self) -> list[str]:
        return [message for _, message in self.listener.said]

    def _call(self, method: Any, request: Any) -> Any:
        try:
            return method(request, timeout=30)
        except grpc.RpcError as error:
            raise Failed(error) from None


def urn(kind: str, id: str) -> str:
    """The URN under which a stack declares what has this id (`tenant/kind/name`), or a resource of this name."""
    stack, _, name = id.split("/") if id.count("/") == 2 else ("hill", "", id)
    return f"urn:pulumi:{stack}::wpf::{kind}::{name}"


@contextmanager
def running(root: Path, handlers: Handlers = resource_handlers) -> Iterator[Rig]:
    """A provider for the project in `root`, which is the working directory."""
    (root / "Pulumi.yaml").write_text("name: wpf\nruntime: python\n")
    listener = Listener()
    engine = grpc.server(ThreadPoolExecutor(max_workers=2))
    engine_pb2_grpc.add_EngineServicer_to_server(listener, engine)
    engine_port = engine.add_insecure_port("127.0.0.1:0")
    engine.start()
    provider, port, _ = start(f"127.0.0.1:{engine_port}", handlers, functools.partial(package_schema, VERSION))
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        rig = Rig(root, provider_pb2_grpc.ResourceProviderStub(channel), listener)
        try:
            yield rig
        finally:
            with suppress(Failed):
                rig.cancel()
            rig.let_go()
    provider.stop(None).wait()
    engine.stop(None).wait()
