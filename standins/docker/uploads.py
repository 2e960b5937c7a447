"""`uploads` of `docker.Container`: each file as a tar archive, which is what the Engine takes."""

import base64
import grp
import io
import pwd
import tarfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from standins.resource import StandinError
from standins.values import UNKNOWN

SOURCES: Final = ("content", "contentBase64", "source")
_MODE: Final = 0o644
_EXECUTABLE_MODE: Final = 0o744


def wrong(upload: Mapping[str, Any]) -> str:
    """What is wrong with where the content of a file comes from, or ""."""
    given = [name for name in SOURCES if upload.get(name)]
    if len(given) > 1 and UNKNOWN not in [upload[name] for name in given]:
        return f"only one of {', '.join(SOURCES)} can be set, not {' and '.join(given)}"
    return "" if given else f"one of {', '.join(SOURCES)} must be set, and not empty"


def archive(upload: Mapping[str, Any]) -> bytes:
    """The file as an archive for `/`.

    Raises:
        StandinError: its source cannot be read, or its owner or group is not known on this machine.
    """
    content = _content(upload)
    entry = tarfile.TarInfo(upload["file"].lstrip("/"))
    entry.size = len(content)
    entry.mtime = int(time.time())
    entry.mode = _EXECUTABLE_MODE if upload.get("executable") else _MODE
    if upload.get("permissions"):
        entry.mode = int(upload["permissions"], 8)
    entry.uid = _number(upload.get("owner"), lambda name: pwd.getpwnam(name).pw_uid, f"{upload['file']}: owner")
    entry.gid = _number(upload.get("group"), lambda name: grp.getgrnam(name).gr_gid, f"{upload['file']}: group")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _content(upload: Mapping[str, Any]) -> bytes:
    if upload.get("content"):
        return str(upload["content"]).encode()
    if upload.get("contentBase64"):
        return base64.b64decode(upload["contentBase64"])
    try:
        return Path(upload["source"]).read_bytes()
    except OSError as error:
        raise StandinError(f"{upload['file']}: cannot read its source {upload['source']} ({error.strerror})") from error


def _number(name: str | None, look_up: Callable[[str], int], where: str) -> int:
    """A numeric ID as it is; a name by the databases of the machine that runs the plugin; 0 where unset."""
    if not name:
        return 0
    if name.isdigit():
        return int(name)
    try:
        return look_up(name)
    except KeyError as error:
        raise StandinError(f"{where} {name!r} is not known on this machine; give its number") from error
