"""The provider's settings: what the stand-in wants of them beyond their types."""

from collections.abc import Iterator
from typing import Final

from standins.values import Properties

_SCHEMES: Final = ("unix://", "tcp://", "http://", "https://", "ssh://", "npipe://", "fd://")


def wrong(settings: Properties) -> Iterator[tuple[str, str]]:
    """What is wrong: (setting, what is wrong)."""
    host = settings.get("host")
    if isinstance(host, str) and not host.startswith(_SCHEMES):
        yield "host", f"{host!r} has no scheme; write unix:///path, tcp://host:port or ssh://user@host"
    if bool(settings.get("certMaterial")) != bool(settings.get("keyMaterial")):
        yield "certMaterial", "certMaterial and keyMaterial must be specified together"
    if settings.get("certMaterial") and settings.get("certPath"):
        yield "certPath", "must not be specified beside certMaterial"
