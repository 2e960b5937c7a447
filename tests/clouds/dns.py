"""A cloud's name server: UDP, A records and CNAMEs, and no way to the world.

The wire format is RFC 1035's.
"""

import functools
import socketserver
import struct
import threading
from collections.abc import Callable, Sequence

Found = tuple[Sequence[str], Sequence[str]]
"""The aliases that a name leads through, in their order, and the addresses at their end."""
Resolve = Callable[[str, str], Found | None]
"""A name, and the address of who asks -> what is found; None: there is no such name."""

_PORT = 53
_SECONDS = 1
"""How long an answer may be kept: shorter than a record's own, so that tests need not wait."""
_A, _CNAME, _IN = 1, 5, 1
_ANSWER, _NO_SUCH_NAME = 0x8580, 0x8583


def serve(address: str, resolve: Resolve) -> None:
    """Answer at an address, in a thread."""
    socketserver.ThreadingUDPServer.allow_reuse_address = True
    server = socketserver.ThreadingUDPServer((address, _PORT), functools.partial(_Question, resolve))
    threading.Thread(target=server.serve_forever, daemon=True, name="dns").start()


class _Question(socketserver.BaseRequestHandler):
    def __init__(self, resolve: Resolve, *request: object) -> None:
        self._resolve = resolve
        super().__init__(*request)  # type: ignore[arg-type]  # it handles the request at once

    def handle(self) -> None:
        question, socket = self.request
        socket.sendto(answer(question, self.client_address[0], self._resolve), self.client_address)


def answer(message: bytes, asker: str, resolve: Resolve) -> bytes:
    """The answer to a message with one question."""
    labels, place = [], 12
    while message[place]:
        labels.append(message[place + 1 : place + 1 + message[place]].decode("ascii", "replace"))
        place += 1 + message[place]
    (kind,) = struct.unpack_from("!H", message, place + 1)
    asked = message[12 : place + 5]
    found = resolve(".".join(labels), asker)
    if found is None:
        return message[:2] + struct.pack("!HHHHH", _NO_SUCH_NAME, 1, 0, 0, 0) + asked
    aliases, addresses = found
    owners = [".".join(labels), *aliases]
    records = [_record(owner, _CNAME, _name(alias)) for owner, alias in zip(owners, aliases, strict=False)]
    if kind == _A:
        records += [_record(owners[-1], _A, bytes(map(int, each.split(".")))) for each in addresses]
    return message[:2] + struct.pack("!HHHHH", _ANSWER, 1, len(records), 0, 0) + asked + b"".join(records)


def _record(owner: str, kind: int, content: bytes) -> bytes:
    return _name(owner) + struct.pack("!HHIH", kind, _IN, _SECONDS, len(content)) + content


def _name(text: str) -> bytes:
    return b"".join(bytes([len(each)]) + each.encode() for each in text.rstrip(".").split(".")) + b"\0"
