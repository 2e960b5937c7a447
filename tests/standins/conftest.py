"""What the tests of the stand-ins share: a package served over gRPC in this process, as the engine would call it."""

import contextlib
import threading
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from standins.aws.__main__ import package as aws_package
from standins.docker.__main__ import package
from standins.gcp.__main__ import package as gcp_package
from standins.server import Package, Provider
from standins.values import decode, encode


@dataclass
class Plugin:
    """A plugin as the engine sees it: requests in, answers as Python values out."""

    stub: Any
    provider: Provider

    def urn(self, token, name):
        return f"urn:pulumi:test::project::{token}::{name}"

    def configure(self, **settings):
        return self.stub.Configure(provider_pb2.ConfigureRequest(args=encode(settings)))

    def check(self, token, inputs, olds=None, name="x", **fields):
        request = provider_pb2.CheckRequest(
            urn=self.urn(token, name), news=encode(inputs), olds=encode(olds or {}), **fields
        )
        answer = self.stub.Check(request)
        assert not answer.failures, [failure.reason for failure in answer.failures]
        return decode(answer.inputs)

    def failures(self, token, inputs, name="x"):
        request = provider_pb2.CheckRequest(urn=self.urn(token, name), news=encode(inputs))
        return [failure.reason for failure in self.stub.Check(request).failures]

    def diff(self, token, old_inputs, news, olds=None, **fields):
        request = provider_pb2.DiffRequest(
            urn=self.urn(token, "x"),
            id="1",
            olds=encode(olds if olds is not None else {**old_inputs, "__standin": "docker"}),
            old_inputs=encode(old_inputs),
            news=encode(news),
            **fields,
        )
        return self.stub.Diff(request)

    def create(self, token, inputs, name="x", **fields):
        request = provider_pb2.CreateRequest(urn=self.urn(token, name), properties=encode(inputs), **fields)
        answer = self.stub.Create(request)
        return answer.id, decode(answer.properties)

    def read(self, token, identity, outputs=None, inputs=None):
        request = provider_pb2.ReadRequest(
            urn=self.urn(token, "x"), id=identity, properties=encode(outputs or {}), inputs=encode(inputs or {})
        )
        answer = self.stub.Read(request)
        return answer.id, decode(answer.properties), decode(answer.inputs)

    def update(self, token, identity, olds, news, **fields):
        request = provider_pb2.UpdateRequest(
            urn=self.urn(token, "x"), id=identity, olds=encode(olds), news=encode(news), **fields
        )
        return decode(self.stub.Update(request).properties)

    def delete(self, token, identity, outputs):
        self.stub.Delete(provider_pb2.DeleteRequest(urn=self.urn(token, "x"), id=identity, properties=encode(outputs)))

    def invoke(self, token, **args):
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encode(args)))
        return decode(getattr(answer, "return"))

    @staticmethod
    def tainted(error):
        """The id, outputs and reasons that an error carries of a resource that did not come up."""
        (details,) = (value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin")
        failed = provider_pb2.ErrorResourceInitFailed()
        status_pb2.Status.FromString(details).details[0].Unpack(failed)
        return failed.id, decode(failed.properties), list(failed.reasons)


@contextlib.contextmanager
def _serving(what: Package) -> Iterator[Plugin]:
    provider = Provider(what)
    server = grpc.server(futures.ThreadPoolExecutor(16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Plugin(provider_pb2_grpc.ResourceProviderStub(channel), provider)
    server.stop(None).wait()


@pytest.fixture
def serving():
    """Takes a package; a context manager that gives the plugin."""
    return _serving


@pytest.fixture
def docker_plugin() -> Iterator[Plugin]:
    """The docker stand-in, not configured: what needs no Engine."""
    with _serving(package()) as plugin:
        yield plugin


@pytest.fixture
def aws_plugin() -> Iterator[Plugin]:
    """The aws stand-in, not configured: what needs no cloud."""
    with _serving(aws_package()) as plugin:
        yield plugin


@pytest.fixture
def gcp_plugin() -> Iterator[Plugin]:
    """The gcp stand-in, not configured: what needs no cloud."""
    with _serving(gcp_package()) as plugin:
        yield plugin


@pytest.fixture
def in_background():
    """Runs a call in a thread; the test takes its result or its error."""

    def start(work):
        future = futures.Future()

        def run():
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - the test looks at it
                future.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        return future

    return start
