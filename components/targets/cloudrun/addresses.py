"""The forms in which a value names a host: where in a text they are, and nothing about what becomes of them.

`http://api:8080/x`, `postgres://shop:word@db:5432/shop`, `db:5432`, `host=db`, `--host db`, `DB_HOST: db`. A name that
is in none of these forms is a word like any other: `CACHE_DRIVER: redis` calls nothing.
"""

import enum
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ...model import Text
from ..discovery import HIGHEST_PORT, LOWEST_PORT

MASK = "\0"
"""Stands for an opaque part of a text: no value that a process takes has one of its own."""
HTTP_SCHEMES = {"http": "https", "https": "https", "ws": "wss", "wss": "wss"}
"""The scheme of a URL that HTTP answers -> the same with TLS."""
PLAIN = {"http": "http", "https": "http", "ws": "ws", "wss": "ws"}
"""The same without TLS."""

_HOST = r"(?P<host>(?>[\w.-]*\w))"
_PORT = r"(?P<port>(?>\d+|\$\{?\w+\}?))"
_URL = re.compile(rf"(?<![\w+.])(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^\s/?#\"'<>]*@)?{_HOST}(?::{_PORT})?")
_NEXT = re.compile(rf",{_HOST}(?::{_PORT})?")
"""Another host of the same URL: `mongodb://one:27017,two:27017/shop`."""
_LONGER = re.compile(r"[@$%{-]")
"""What follows a host whose name goes on in a variable: `http://api-${REGION}`."""
_ODD = re.compile(rf"[\w:{MASK}]")
"""What follows a host whose port is not known: `http://api:%s`."""
_ADDRESS = re.compile(
    r"(?<![\w.-])(?<![^/]/)(?P<host>[\w.-]+):(?P<port>\d{2,5}|\$\{?\w*port\w*\}?)(?![\w@]|[.-]\w)", re.IGNORECASE
)
_LOGIN = re.compile(rf"(?<=[^\s@/\"'])@{_HOST}(?=/)")
"""`shop:word@db/shop`, without a scheme."""
_KEY = r"(?:host(?:name)?s?|servers?|addr(?:ess(?:es)?)?|endpoints?|brokers?|nodes?)"
_KEYED = re.compile(
    rf"(?:(?<![\w-])(?:-h|--?[\w.-]*{_KEY})\s+|(?:{_KEY}|data source)[\"']?\s*[=:]\s*[\"']?)"
    r"(?P<host>(?>[\w.-]*\w))(?=$|[\s,;&|\"')}])",
    re.IGNORECASE,
)
"""`host=db`, `Server=db;`, `"host": "db"`, `--host db`, `-h db`."""
_HOST_KEY = re.compile(rf"(?:^-h|{_KEY})$", re.IGNORECASE)
_LISTED = re.compile(r"(?:^|(?<=[\s,;]))(?P<host>[\w.-]+)(?=$|[\s,;])")
"""Each of several names that are a value together: `one,two`."""


class Form(enum.Enum):
    """How a host is named.

    URL: of HTTP or WebSockets, with all that is needed to put another in its place. LOGIN: by a URL of another scheme,
    or behind a user. ADDRESS: with a port. HOST: alone, where a key says that it is a host.
    """

    URL = "url"
    LOGIN = "login"
    ADDRESS = "address"
    HOST = "host"


Span = tuple[int, int]
"""Where something begins and ends in a text whose opaque parts are a character each."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place where a host is named.

    Attributes:
        form: how.
        name: the host, in lower case.
        host: where the name is.
        port: where its port is; None: there is none.
        scheme: where the URL's scheme is; None: there is none.
    """

    form: Form
    name: str
    host: Span
    port: Span | None = None
    scheme: Span | None = None


def masked(text: Text) -> str:
    """A text with a character for each opaque part."""
    return text if isinstance(text, str) else "".join(part if isinstance(part, str) else MASK for part in text)


def named(text: str, names: Collection[str], key: str = "") -> list[Named]:
    """Every place of a text that names one of some hosts, in its order.

    Args:
        text: masked.
        names: of the hosts, in lower case.
        key: what the text is the value of, a variable or an option; `DB_HOST` and `--host` say that it is a host.
    """
    if not names:
        return []
    found: dict[int, Named] = {}
    for each in (*_of_urls(text), *_of_others(text, key)):
        if each.name in names:
            found.setdefault(each.host[0], each)
    return [found[start] for start in sorted(found)]


def _of_urls(text: str) -> Iterator[Named]:
    for match in _URL.finditer(text):
        if _LONGER.match(text, match.end()):
            continue
        if match["scheme"].lower() in HTTP_SCHEMES:
            form = Form.ADDRESS if _ODD.match(text, match.end()) else Form.URL
            yield _named(form, match, match.span("scheme"))
            continue
        yield _named(Form.LOGIN, match)
        following = _NEXT.match(text, match.end())
        while following is not None:
            yield _named(Form.LOGIN, following)
            following = _NEXT.match(text, following.end())


def _of_others(text: str, key: str) -> Iterator[Named]:
    for match in _ADDRESS.finditer(text):
        port = match["port"]
        if not port.isdigit() or LOWEST_PORT <= int(port) <= HIGHEST_PORT:
            yield _named(Form.ADDRESS, match)
    for match in _LOGIN.finditer(text):
        yield _named(Form.LOGIN, match)
    for match in _KEYED.finditer(text):
        yield _named(Form.HOST, match)
    if _HOST_KEY.search(key):
        for match in _LISTED.finditer(text):
            yield _named(Form.HOST, match)


def _named(form: Form, match: re.Match[str], scheme: Span | None = None) -> Named:
    port = match.span("port") if match.groupdict().get("port") else None
    return Named(form, match["host"].lower(), match.span("host"), port, scheme)
