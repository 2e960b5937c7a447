"""Official downloads: pinned, checked, and given up soon where nothing answers."""

import hashlib
import queue
import tarfile
import threading
import urllib.request
from http.client import HTTPResponse
from pathlib import Path
from typing import cast

from components.errors import InputError, Problem

from .table import Archive

SILENCE = 5.0
"""Seconds without a byte after which a download is given up."""
_BLOCK = 1 << 20


def ask(url: str) -> HTTPResponse:
    """What a server answers, its body not read yet; given up after `SILENCE` seconds.

    urllib's own timeout is not enough: it counts for each address of a host anew, and not at all while the name is
    looked up.

    Raises:
        OSError: nothing answers in time, or it answers with an error (`urllib.error.HTTPError`).
    """
    answers: queue.Queue[HTTPResponse | OSError] = queue.Queue()

    def open_it() -> None:
        try:
            answers.put(cast("HTTPResponse", urllib.request.urlopen(url, timeout=SILENCE)))  # noqa: S310 - from our table
        except OSError as error:
            answers.put(error)

    threading.Thread(target=open_it, daemon=True).start()
    try:
        answer = answers.get(timeout=SILENCE)
    except queue.Empty as error:
        raise TimeoutError("timed out") from error
    if isinstance(answer, OSError):
        raise answer
    return answer


def fetch(archive: Archive, folder: Path) -> None:
    """Download an archive and unpack its programs into `folder`.

    Raises:
        InputError: no checksum is pinned, nothing answers, the transfer breaks off, or the checksum is another.
    """
    if not archive.sha256:
        raise InputError(Problem("no checksum is pinned, so it is not downloaded", archive.url))
    file = folder / ".download"
    digest = hashlib.sha256()
    try:
        with ask(archive.url) as answer, file.open("wb") as out:
            expected = answer.headers.get("Content-Length")
            while block := answer.read(_BLOCK):
                digest.update(block)
                out.write(block)
            size = out.tell()
    except OSError as error:
        raise InputError(Problem(f"does not answer ({getattr(error, 'reason', error)})", archive.url)) from error
    if expected is not None and size != int(expected):
        raise InputError(Problem(f"broke off after {size} of {expected} bytes", archive.url))
    if digest.hexdigest() != archive.sha256:
        fix = "do not use what it gave; report it to the project"
        raise InputError(Problem(f"its SHA-256 is {digest.hexdigest()}, not {archive.sha256}", archive.url, fix))
    with tarfile.open(file) as tar:
        tar.extractall(folder)  # noqa: S202 - its checksum is pinned; Debian 12's Python knows no `filter`
    file.unlink()
