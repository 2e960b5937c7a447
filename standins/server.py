"""The plugin protocol over gRPC: a stand-in says what it has (`Package`), this serves it.

A program that uses it prints its port, as every plugin does, and ends with its engine.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, TypeVar

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from components.errors import suggest
from standins import answers, lifetime
from standins.resource import Call, InitFailedError, Resource, StandinError
from standins.sdk import Sdk, problems
from standins.traits import DEFAULTS, Change, differences, fill, imported, refreshed, violations
from standins.values import UNKNOWN, Properties, Value, decode, encode, from_json, has_unknown, keep_secret, plain

MARK: Final = "__standin"
"""The key of every resource's state that says a stand-in wrote it: `name`, or `name tainted` where it never came up."""

_THREADS: Final = 256  # the engine calls for many resources at once, and each may wait long
_END_SECONDS: Final = 2.0
_OPTIONS: Final = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))

Answer = TypeVar("Answer")
Invoke = Callable[[Call, Properties], Properties]


def _accept(_settings: Properties) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Package:
    """One stand-in.

    Attributes:
        name: the package, `docker`.
        sdk: the SDK whose plugin it stands in for.
        resources: type token -> kind of resource.
        configure: makes the client of a provider from its settings (plain values).
        check_settings: what is wrong with a provider's settings, beyond the SDK's types: (setting, what is wrong).
        invokes: token -> function call.
    """

    name: str
    sdk: Sdk
    resources: Mapping[str, Resource]
    configure: Callable[[Properties], Any]
    check_settings: Callable[[Properties], Iterable[tuple[str, str]]] = _accept
    invokes: Mapping[str, Invoke] = field(default_factory=dict)


class _FailedError(StandinError):
    """A resource that exists and did not come up, as the protocol tells it."""

    def __init__(self, message: str, status: status_pb2.Status) -> None:
        super().__init__(message)
        self.status = status


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one package. Calls come in parallel; the only state is the client, and whether to stop."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._client: Any = None
        self.cancelled = threading.Event()

    # what the plugin is

    def Handshake(  # noqa: N802 - the protocol's names
        self, _request: provider_pb2.ProviderHandshakeRequest, _context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """What this plugin understands."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False, supports_autonaming_configuration=True
        )

    def GetPluginInfo(self, _request: empty_pb2.Empty, _context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:  # noqa: N802
        """The version of the plugin that it stands in for."""
        return plugin_pb2.PluginInfo(version=self._package.sdk.version())

    def GetSchema(  # noqa: N802
        self, _request: provider_pb2.GetSchemaRequest, _context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """The package's name and version; its types are in the SDK that is installed."""
        schema = {"name": self._package.name, "version": self._package.sdk.version()}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def Attach(self, _request: plugin_pb2.PluginAttach, _context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Accepted: a debugger started the plugin."""
        return empty_pb2.Empty()

    def Cancel(self, _request: empty_pb2.Empty, _context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Every wait ends now."""
        self.cancelled.set()
        return empty_pb2.Empty()

    # the provider's settings

    def CheckConfig(  # noqa: N802
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Judge a provider's settings."""

        def work() -> provider_pb2.CheckResponse:
            settings = {k: from_json(v) for k, v in plain(decode(request.news)).items() if k != "version"}
            wrong = problems(self._package.sdk.schema(f"pulumi:providers:{self._package.name}"), _strings(settings))
            found = [*wrong, *self._package.check_settings(settings)]
            return provider_pb2.CheckResponse(inputs=request.news, failures=answers.failures(found))

        return self._answer(context, work)

    def DiffConfig(  # noqa: N802
        self, request: provider_pb2.DiffRequest, _context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """What differs between two settings of a provider; none of it replaces a resource."""
        old, new = decode(request.old_inputs), decode(request.news)
        changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        some = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some, diffs=changed)

    def Configure(  # noqa: N802
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Take the settings. They are incomplete at a preview where the host is an output."""

        def work() -> provider_pb2.ConfigureResponse:
            settings = {key: from_json(value) for key, value in plain(decode(request.args)).items()}
            if not has_unknown(settings):
                self._client = self._package.configure(settings)
            return provider_pb2.ConfigureResponse(
                acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
            )

        return self._answer(context, work)

    # judging resources

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:  # noqa: N802
        """Judge the inputs, and fill in defaults and a generated name."""

        def work() -> provider_pb2.CheckResponse:
            resource = self._resource(request.urn)
            olds, news = decode(request.olds), decode(request.news)
            news.pop(DEFAULTS, None)
            found = list(problems(self._package.sdk.schema(resource.token), news))
            if found:
                return provider_pb2.CheckResponse(failures=answers.failures(found))
            inputs = fill(resource.traits, news)
            if resource.autonamed and inputs.get(resource.name_input) is None and not inputs.get("namePrefix"):
                inputs |= answers.name(request, olds, resource.name_input)
            known = plain(inputs)
            found = [*violations(resource.traits, known), *resource.check(known)]
            return provider_pb2.CheckResponse(inputs=encode(inputs), failures=answers.failures(found))

        return self._answer(context, work)

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:  # noqa: N802
        """What has to change, and whether in place."""

        def work() -> provider_pb2.DiffResponse:
            resource = self._resource(request.urn)
            olds = decode(request.olds)
            self._refuse_foreign(request.urn, olds)
            news = decode(request.news)
            observed = {name: olds[name] for name in resource.observed if name in olds}
            found = differences(resource.traits, decode(request.old_inputs), news, observed)
            found = {path: change for path, change in found.items() if not _ignored(path, request.ignoreChanges)}
            if str(plain(olds.get(MARK, ""))).endswith(" tainted"):
                found[MARK] = Change("update", replaces=True)
            delete_first = resource.delete_before_replace or answers.named_by_hand(resource, news, found)
            return answers.diff(found, delete_first=delete_first)

        return self._answer(context, work)

    # acting on resources

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:  # noqa: N802
        """Make the resource; at a preview say what it will have."""

        def work() -> provider_pb2.CreateResponse:
            resource, inputs = self._resource(request.urn), decode(request.properties)
            if request.preview:
                return provider_pb2.CreateResponse(properties=encode(self._previewed(resource, inputs)))
            try:
                state = resource.create(self._call(request.urn, request.timeout), _known(inputs))
            except InitFailedError as error:
                outputs = self._marked(error.outputs, inputs, tainted=True)
                raise _init_failed(error, outputs, inputs) from error
            return provider_pb2.CreateResponse(id=state.id, properties=encode(self._marked(state.outputs, inputs)))

        return self._answer(context, work)

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:  # noqa: N802
        """How the resource is now, for a refresh or an import."""

        def work() -> provider_pb2.ReadResponse:
            resource = self._resource(request.urn)
            olds, inputs = decode(request.properties), decode(request.inputs)
            importing = not olds
            if importing and not resource.importable:
                raise StandinError(f"{resource.token}: cannot be imported (nor can the official plugin); create it")
            if not importing:
                self._refuse_foreign(request.urn, olds)
            known = {} if importing else {**_known(inputs), **_known(olds)}
            state = resource.read(self._call(request.urn, request.timeout), request.id, known)
            if state is None:
                return provider_pb2.ReadResponse()
            secret_like = {**olds, **inputs}
            now = (
                imported(resource.traits, state.outputs)
                if importing
                else refreshed(resource.traits, inputs, state.outputs)
            )
            tainted = str(plain(olds.get(MARK, ""))).endswith(" tainted")
            outputs = self._marked({**_known(olds), **state.outputs}, secret_like, tainted=tainted)
            return provider_pb2.ReadResponse(id=state.id, properties=encode(outputs), inputs=encode(now))

        return self._answer(context, work)

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:  # noqa: N802
        """Change the resource in place."""

        def work() -> provider_pb2.UpdateResponse:
            resource, olds, news = self._resource(request.urn), decode(request.olds), decode(request.news)
            self._refuse_foreign(request.urn, olds)
            if request.preview:
                outputs = {**olds, **news}
            else:
                call = self._call(request.urn, request.timeout)
                try:
                    state = resource.update(call, request.id, _known(olds), _known(news))
                except InitFailedError as error:
                    raise _init_failed(error, self._marked(error.outputs, news), news) from error
                outputs = self._marked(state.outputs, news)
            return provider_pb2.UpdateResponse(properties=encode(outputs))

        return self._answer(context, work)

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        """Remove the resource."""

        def work() -> empty_pb2.Empty:
            olds = decode(request.properties)
            self._refuse_foreign(request.urn, olds)
            self._resource(request.urn).delete(self._call(request.urn, request.timeout), request.id, _known(olds))
            return empty_pb2.Empty()

        return self._answer(context, work)

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:  # noqa: N802
        """A function call."""

        def work() -> provider_pb2.InvokeResponse:
            invoke = self._package.invokes.get(request.tok)
            if invoke is None:
                raise StandinError(f"{request.tok}: {self._lacks()}; use the official plugin")
            answer = encode(invoke(self._call(request.tok, 0), plain(decode(request.args))))
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(answer)  # the field's name is a keyword of Python
            return response

        return self._answer(context, work)

    # parts

    def _answer(self, context: grpc.ServicerContext, work: Callable[[], Answer]) -> Answer:
        """The answer; what goes wrong becomes a status with a sentence, never a traceback."""
        try:
            return work()
        except _FailedError as error:
            context.set_trailing_metadata((("grpc-status-details-bin", error.status.SerializeToString()),))
            code, message = grpc.StatusCode.UNKNOWN, str(error)
        except StandinError as error:
            code, message = grpc.StatusCode.UNKNOWN, str(error)
        except Exception as error:  # noqa: BLE001 - the engine gets a sentence, whatever went wrong
            code, message = grpc.StatusCode.INTERNAL, f"the {self._package.name} stand-in failed: {error!r}"
        return _abort(context, code, message)

    def _lacks(self) -> str:
        return f"the {self._package.name} stand-in lacks it"

    def _resource(self, urn: str) -> Resource:
        token = urn.split("::")[2].rsplit("$", 1)[-1]
        if token in self._package.resources:
            return self._package.resources[token]
        if token in self._package.sdk.tokens():
            known = ", ".join(sorted(self._package.resources))
            raise StandinError(f"{token}: {self._lacks()} (it has {known}); use the official plugin")
        raise StandinError(f"{token}: no such type; {suggest(token, self._package.sdk.tokens())}")

    def _call(self, urn: str, timeout: float) -> Call:
        deadline = time.monotonic() + timeout if timeout else None
        return Call(urn, self._client, self.cancelled, deadline)

    def _marked(self, outputs: Properties, like: Mapping[str, Value], *, tainted: bool = False) -> Properties:
        mark = f"{self._package.name} tainted" if tainted else self._package.name
        return {**keep_secret(outputs, like), MARK: mark}

    def _previewed(self, resource: Resource, inputs: Properties) -> Properties:
        """What a resource to be made will have: its inputs; what the cloud decides is not known yet."""
        schema = self._package.sdk.schema(resource.token)
        decided = schema.outputs - set(schema.inputs)
        decided |= {name for name, trait in resource.traits.items() if trait.computed}
        return {**dict.fromkeys(decided, UNKNOWN), **{k: v for k, v in inputs.items() if v is not None}}

    def _refuse_foreign(self, urn: str, state: Properties) -> None:
        if MARK not in state:
            name = self._package.name
            raise StandinError(
                f"{urn.rsplit('::', 1)[-1]}: the official {name} plugin wrote its state, and this is a stand-in;"
                f" use the official plugin for this stack, or a new stack for the stand-in"
            )


def serve(package: Package) -> NoReturn:
    """Serve the package until the engine is gone; prints the port on standard output."""
    provider = Provider(package)
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    over = threading.Event()

    def end(*_: object) -> None:
        provider.cancelled.set()
        over.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    lifetime.watch(end, sys.argv[1] if len(sys.argv) > 1 else "")
    print(port, flush=True)  # noqa: T201 - this is how an engine learns the port
    over.wait()
    server.stop(_END_SECONDS).wait(_END_SECONDS)
    os._exit(0)  # a thread that still waits for the cloud must not keep the process


def _abort(context: grpc.ServicerContext, code: grpc.StatusCode, message: str) -> NoReturn:
    context.abort(code, message)  # raises


def _known(properties: Properties) -> Properties:
    """Plain values without the plugin's own keys."""
    return {key: value for key, value in plain(properties).items() if not key.startswith("__")}


def _ignored(path: str, ignored: Iterable[str]) -> bool:
    """Whether the program asks to ignore changes of the property at this path, or of one that holds it."""
    return any(path == prefix or path.startswith((f"{prefix}.", f"{prefix}[")) for prefix in ignored)


def _strings(settings: Properties) -> Properties:
    """Settings whose text looked like JSON are strings again where the SDK wants one (a host `1`, for example)."""
    return {k: v if isinstance(v, str | bool | list | dict) or v is UNKNOWN else str(v) for k, v in settings.items()}


def _init_failed(error: InitFailedError, outputs: Properties, inputs: Properties) -> _FailedError:
    """The status that says: it exists, keep it in the state, and it did not come up."""
    failed = provider_pb2.ErrorResourceInitFailed(
        id=error.id, properties=encode(outputs), inputs=encode(inputs), reasons=[str(error)]
    )
    detail = any_pb2.Any()
    detail.Pack(failed)
    code: int = grpc.StatusCode.UNKNOWN.value[0]
    return _FailedError(str(error), status_pb2.Status(code=code, message=str(error), details=[detail]))
