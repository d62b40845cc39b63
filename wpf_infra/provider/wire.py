"""The gRPC contract of a Pulumi resource provider, as a thin shell around the core.

Here: everything that knows protobuf and gRPC, and nothing that decides. Not here: what any call means (`handlers`,
`configuration`). Contract: `pulumirpc.ResourceProvider`.
"""

from __future__ import annotations

import functools
import json
import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2

from wpf_infra.errors import BackendError, NotFound, WpfError
from wpf_infra.language import Language, Text, spoken
from wpf_infra.loading.root import find_root
from wpf_infra.model.resource import JUDGE
from wpf_infra.plan.disturbance import Change, Disturbance, Plan
from wpf_infra.provider.calls import Calls
from wpf_infra.provider.configuration import checked_config
from wpf_infra.provider.handlers import Blocked, HalfBuilt, Handler, Verdict, judge
from wpf_infra.provider.messages import (
    engine_pb2,
    engine_pb2_grpc,
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)
from wpf_infra.provider.session import Session
from wpf_infra.provider.value import UNKNOWN, Properties, Secret, revealed, veiled

VERSION = "0.1.0"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the engine's mark of a secret, not one
_STRUCT = struct_pb2.Struct.DESCRIPTOR
_LOUDNESS = {
    Disturbance.NONE: engine_pb2.INFO,
    Disturbance.ONLINE: engine_pb2.INFO,
    Disturbance.STOP: engine_pb2.WARNING,
    Disturbance.ERASE: engine_pb2.WARNING,
}


def decode(value: struct_pb2.Value) -> Any:
    """A wire value as plain data; integral numbers are ints, unknowns and secrets their own types."""
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "string_value":
        return UNKNOWN if value.string_value == _UNKNOWN else value.string_value
    if kind == "bool_value":
        return value.bool_value
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
            return Secret(decode(fields["value"]))
        return decode_struct(value.struct_value)
    if kind == "list_value":
        return [decode(item) for item in value.list_value.values]
    return None


def decode_struct(struct: struct_pb2.Struct) -> Properties:
    return {name: decode(value) for name, value in struct.fields.items()}


def _wire(value: Any) -> Any:
    if value is UNKNOWN:
        return _UNKNOWN
    if isinstance(value, Secret):
        return {_SIGNATURE: _SECRET, "value": _wire(value.value)}
    if isinstance(value, Mapping):
        return {name: _wire(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_wire(item) for item in value]
    return value


def encode(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Plain data as a wire struct; the inverse of `decode_struct`."""
    struct = struct_pb2.Struct()
    struct.update(_wire(properties))
    return struct


class Servicer(provider_pb2_grpc.ResourceProviderServicer):  # type: ignore[misc]
    """handlers: from a session to the kinds served, by type name; schema: the package schema, made when asked for."""

    def __init__(
        self,
        engine_address: str,
        handlers: Callable[[Callable[[], Session]], Mapping[str, Handler]],
        schema: Callable[[], dict[str, Any]],
        calls: Calls,
    ) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine_address)) if engine_address else None
        self._handlers = handlers(self._current)
        self._schema = schema
        self._calls = calls
        self._session: Session | None = None

    def _current(self) -> Session:
        assert self._session is not None, "the engine configures a provider before it uses it"
        return self._session

    def _handler(self, urn: str) -> Handler:
        """The handler of a URN's type: `urn:pulumi:STACK::PROJECT::[PARENT$]TYPE::NAME`."""
        type_name = urn.split("::")[2].rpartition("$")[2]
        if type_name not in self._handlers:
            raise NotFound(
                Text(en=f"there is no type {type_name}", ja=f"型 {type_name} はありません"),
                remedy=Text(
                    en=f"use one of {', '.join(sorted(self._handlers))}",
                    ja=f"次のいずれかを使ってください: {', '.join(sorted(self._handlers))}",
                ),
            )
        return self._handlers[type_name]

    def _of_recorded(self, request: Any) -> Handler:
        """The handler for an object that has an id, which must be the one that the resource's URN means."""
        handler = self._handler(request.urn)
        handler.owned(request.id, request.urn.split(":")[2], request.urn.rpartition("::")[2])
        return handler

    def _say(self, request: Any, lines: Iterable[tuple[Any, str]]) -> None:
        """Lines on the request's resource, in plain `pulumi preview` and in the update."""
        if self._engine is None:
            return
        for severity, line in lines:
            message = _without_secrets(line, request)
            self._engine.Log(engine_pb2.LogRequest(severity=severity, message=message, urn=request.urn))

    def _say_plan(self, request: Any, plan: Plan) -> None:
        language = self._current().language
        self._say(
            request,
            [
                *(
                    (_LOUDNESS[change.disturbance], change.line(plan.identity.name, language))
                    for change in plan.changes
                ),
                *((engine_pb2.INFO, note) for note in plan.note_lines(language)),
            ],
        )

    def _gone(self, request: Any) -> str:
        name = request.urn.rpartition("::")[2]
        text = Text(
            en=f"online: {name} is gone from the backend, and its record goes with it; the next up makes it anew, "
            "empty",
            ja=f"online: {name} はバックエンドから失われています。記録から外れ、次の up で空の状態で作り直されます",
        )
        return text.in_(self._current().language)

    # The provider itself.

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=False)

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetSchemaResponse(schema=json.dumps(self._schema()))

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        inputs = checked_config(decode_struct(request.olds), decode_struct(request.news), find_root(Path.cwd()))
        return provider_pb2.CheckResponse(inputs=encode(inputs))

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        """What is configured otherwise is said: the engine goes on with the old configuration where nothing is."""
        before, after = (revealed(decode_struct(each)) for each in (request.olds, request.news))
        diffs = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        kinds = provider_pb2.DiffResponse.DiffChanges
        return provider_pb2.DiffResponse(changes=kinds.DIFF_SOME if diffs else kinds.DIFF_NONE, diffs=diffs)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.close()
        config = {name.removeprefix("wpf:config:"): value for name, value in request.variables.items()}
        self._session = Session(config, find_root(Path.cwd()))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=False)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The end of a run, or Ctrl-C: what is under way is finished, then the backend is left in good order. The
        engine ends the process itself, and would call it a crash if the process were gone before.
        """
        self._calls.drain()
        self.close()
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.tok != JUDGE:
            raise NotFound(
                Text(en=f"there is no function {request.tok}", ja=f"関数 {request.tok} はありません"),
                remedy=Text(en=f"use {JUDGE}", ja=f"{JUDGE} を使ってください"),
            )
        objects = [(each["type"], each["inputs"]) for each in decode_struct(request.args)["objects"]]
        session = self._current()
        try:
            verdict = judge(session, self._handlers, objects)
        except WpfError as error:  # an exception here would reach people through the SDK, as a traceback
            verdict = Verdict((), (error.sentence(session.language),))
        answer = {
            name: [_without_secrets(line, request) for line in lines]
            for name, lines in (("blocking", verdict.blocking), ("impossible", verdict.impossible))
        }
        return provider_pb2.InvokeResponse(**{"return": encode(answer)})

    # Resources.

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        failures = self._handler(request.urn).check(decode_struct(request.news))
        return provider_pb2.CheckResponse(
            inputs=request.news,
            failures=[
                provider_pb2.CheckFailure(property=each.path, reason=_without_secrets(each.reason, request))
                for each in failures
            ],
        )

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        plan = self._of_recorded(request).diff(
            request.id, decode_struct(request.old_inputs), decode_struct(request.news)
        )
        self._say_plan(request, plan)
        kinds = provider_pb2.DiffResponse.DiffChanges
        return provider_pb2.DiffResponse(
            changes=kinds.DIFF_SOME if plan.changes else kinds.DIFF_NONE,
            diffs=sorted({_top(change) for change in plan.changes}),
            detailedDiff={
                change.path or _top(change): provider_pb2.PropertyDiff(
                    kind=provider_pb2.PropertyDiff.UPDATE, inputDiff=True
                )
                for change in plan.changes
            },
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        handler = self._handler(request.urn)
        inputs = decode_struct(request.properties)
        if request.preview:
            plan = handler.preview_create(inputs)
            if plan is not None:
                self._say_plan(request, plan)
            return provider_pb2.CreateResponse(id="", properties=request.properties)
        id, outputs = handler.create(inputs)
        return provider_pb2.CreateResponse(id=id, properties=encode(outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        read = self._of_recorded(request).read(request.id, decode_struct(request.inputs))
        if read is None:
            self._say(request, [(engine_pb2.WARNING, self._gone(request))] if request.inputs.fields else [])
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, properties=encode(read.outputs), inputs=encode(read.inputs))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.preview:
            return provider_pb2.UpdateResponse(properties=request.news)
        outputs = self._of_recorded(request).update(
            request.id, decode_struct(request.old_inputs), decode_struct(request.news)
        )
        return provider_pb2.UpdateResponse(properties=encode(outputs))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        recorded = decode_struct(request.old_inputs) or decode_struct(request.properties)
        record = self._of_recorded(request).delete(request.id, recorded)
        if record:
            self._say(request, [(engine_pb2.INFO, record)])
        return empty_pb2.Empty()

    def close(self) -> None:
        """Leave the backend in good order; the next run opens its own session."""
        if self._session is not None:
            self._session.close()

    def language(self) -> Language:
        return self._session.language if self._session else spoken()


def _top(change: Change) -> str:
    """The property a change is shown under; a whole object's change under its name."""
    return change.path.split(".")[0].split("[")[0] or "name"


def _without_secrets(text: str, request: Any) -> str:
    """The text without the values of secrets that came with the request."""
    fields = request.DESCRIPTOR.fields
    structs = (getattr(request, each.name) for each in fields if each.message_type == _STRUCT)
    return veiled(text, [decode_struct(struct) for struct in structs])


def _half_built(error: HalfBuilt, message: str) -> tuple[tuple[str, bytes]]:
    """The status details by which the engine records an object whose create failed half-way."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.id, properties=encode(error.inputs), inputs=encode(error.inputs), reasons=[message]
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    status.details.add().Pack(detail)
    return (("grpc-status-details-bin", status.SerializeToString()),)


class _OneSentence(grpc.ServerInterceptor):  # type: ignore[misc]
    """Turns what the core raises into the engine's errors: one sentence, never a traceback."""

    def __init__(self, calls: Calls, language: Callable[[], Language]) -> None:
        self._calls = calls
        self._language = language

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        handler = continuation(details)
        if handler is None or handler.unary_unary is None:
            return handler
        return grpc.unary_unary_rpc_method_handler(
            functools.partial(self._guarded, handler.unary_unary),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _guarded(self, call: Any, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            with self._calls:
                return call(request, context)
        except HalfBuilt as error:
            message = _without_secrets(str(error), request)
            context.set_trailing_metadata(_half_built(error, message))
            context.abort(grpc.StatusCode.UNKNOWN, message)
        except Blocked as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, _without_secrets(str(error), request))
        except WpfError as error:
            code = grpc.StatusCode.UNKNOWN if isinstance(error, BackendError) else grpc.StatusCode.INVALID_ARGUMENT
            context.abort(code, _without_secrets(error.sentence(self._language()), request))
        except NotImplementedError:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "this provider has no such call")
        except Exception as error:
            logging.getLogger(__name__).debug("%s", traceback.format_exc())
            context.abort(
                grpc.StatusCode.INTERNAL, f"a fault of wpf-infra's own ({type(error).__name__}); please report it"
            )


def start(
    engine_address: str,
    handlers: Callable[[Callable[[], Session]], Mapping[str, Handler]],
    schema: Callable[[], dict[str, Any]],
) -> tuple[grpc.Server, int, Callable[[], None]]:
    """A server that answers calls, its port on 127.0.0.1, and what leaves the backend in good order."""
    calls = Calls()
    server = grpc.server(
        ThreadPoolExecutor(max_workers=64, thread_name_prefix="call"),
        interceptors=[_OneSentence(calls, lambda: servicer.language())],
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    servicer = Servicer(engine_address, handlers, schema, calls)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port, servicer.close


def serve(
    engine_address: str,
    handlers: Callable[[Callable[[], Session]], Mapping[str, Handler]],
    schema: Callable[[], dict[str, Any]],
    announce: Callable[[int, Callable[[], None]], None],
) -> None:
    """Serve until the process is ended. announce: told the port once calls are answered, and what leaves the backend
    in good order.
    """
    server, port, leave = start(engine_address, handlers, schema)
    announce(port, leave)
    server.wait_for_termination()
