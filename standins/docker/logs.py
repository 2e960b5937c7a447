"""What containers wrote, as the Engine tells it. Pure."""

from collections.abc import Iterator
from typing import Final

_HEADER: Final = 8


def frames(raw: bytes) -> Iterator[bytes]:
    """The payloads of the Engine's stream format: eight bytes of header, of which the last four are the length."""
    position = 0
    while position + _HEADER <= len(raw):
        length = int.from_bytes(raw[position + 4 : position + _HEADER], "big")
        position += _HEADER
        yield raw[position : position + length]
        position += length
