"""What a builder remembers of a build that failed: the step, and what it wrote last. Read-only.

The plugin's error is BuildKit's alone, without the step's output. A builder that listens on a socket of this machine is
asked for it: https://github.com/moby/buildkit/blob/master/api/services/control/control.proto, of which only the
messages and fields below are needed.
"""

import contextlib
import functools
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

TIMEOUT = 5
"""Seconds that a builder may take to answer."""
LINES = 15
"""How many of a step's last lines are shown."""

_PACKAGE = "moby.buildkit.v1"
_FIELDS: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "BuildHistoryRequest": {"EarlyExit": (3, "bool")},
    "BuildHistoryEvent": {"record": (2, "BuildHistoryRecord")},
    "BuildHistoryRecord": {
        "Ref": (1, "string"),
        "FrontendAttrs": (3, "repeated Attribute"),
        "error": (5, "Empty"),
        "CreatedAt": (6, "Timestamp"),
    },
    "Attribute": {"key": (1, "string"), "value": (2, "string")},
    "Timestamp": {"seconds": (1, "int64"), "nanos": (2, "int32")},
    "Empty": {},
    "StatusRequest": {"Ref": (1, "string")},
    "StatusResponse": {"vertexes": (1, "repeated Vertex"), "logs": (3, "repeated VertexLog")},
    "Vertex": {"digest": (1, "string"), "error": (7, "string")},
    "VertexLog": {"vertex": (1, "string"), "msg": (4, "bytes")},
}
"""Message -> field -> its number and type."""


def last_lines(labels: Mapping[str, str]) -> list[str]:
    """What the failed step of the latest failed build with these labels wrote last; empty where nobody knows.

    Args:
        labels: of the image.
    """
    address = _address()
    if address is None:
        return []
    with contextlib.suppress(grpc.RpcError), grpc.insecure_channel(address) as channel:
        records = [record for record in _records(channel) if _is_of(record, labels) and record.HasField("error")]
        if records:
            latest = max(records, key=lambda record: (record.CreatedAt.seconds, record.CreatedAt.nanos))
            return _output(channel, latest.Ref)[-LINES:]
    return []


def _address() -> str | None:
    """Of the builder that the plugin takes, where it listens on this machine: `docker buildx create` wrote it down."""
    folder = Path(os.environ.get("BUILDX_CONFIG") or Path.home() / ".docker" / "buildx")
    with contextlib.suppress(OSError, ValueError, KeyError, IndexError, TypeError):
        name = json.loads((folder / "current").read_text())["Name"]
        builder = json.loads((folder / "instances" / name).read_text())
        endpoint = builder["Nodes"][0]["Endpoint"]
        if builder["Driver"] == "remote" and endpoint.startswith("unix://"):
            return str(endpoint)
    return None


def _is_of(record: Any, labels: Mapping[str, str]) -> bool:
    attributes = {each.key: each.value for each in record.FrontendAttrs}
    return all(attributes.get(f"label:{key}") == value for key, value in labels.items())


def _records(channel: grpc.Channel) -> Iterator[Any]:
    request = _message("BuildHistoryRequest")(EarlyExit=True)
    return (event.record for event in _call(channel, "ListenBuildHistory", request, "BuildHistoryEvent"))


def _output(channel: grpc.Channel, reference: str) -> list[str]:
    failed: set[str] = set()
    written: dict[str, bytes] = {}
    for status in _call(channel, "Status", _message("StatusRequest")(Ref=reference), "StatusResponse"):
        failed |= {vertex.digest for vertex in status.vertexes if vertex.error}
        for log in status.logs:
            written[log.vertex] = written.get(log.vertex, b"") + log.msg
    return [
        line for vertex in written if vertex in failed for line in written[vertex].decode(errors="replace").splitlines()
    ]


def _call(channel: grpc.Channel, method: str, request: Any, answer: str) -> Iterator[Any]:
    call = channel.unary_stream(
        f"/{_PACKAGE}.Control/{method}",
        request_serializer=type(request).SerializeToString,
        response_deserializer=_message(answer).FromString,
    )
    return iter(call(request, timeout=TIMEOUT))


def _message(name: str) -> Any:
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"{_PACKAGE}.{name}"))


@functools.cache
def _pool() -> descriptor_pool.DescriptorPool:
    kind = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="control.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        for field, (number, written) in fields.items():
            repeated, _, scalar = written.rpartition(" ")
            label = kind.LABEL_REPEATED if repeated else kind.LABEL_OPTIONAL
            given = {"name": field, "number": number, "label": label}
            if scalar in _FIELDS:
                message.field.add(**given, type=kind.TYPE_MESSAGE, type_name=f".{_PACKAGE}.{scalar}")
            else:
                message.field.add(**given, type=kind.Type.Value(f"TYPE_{scalar.upper()}"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool
