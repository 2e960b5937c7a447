"""Health checks that ask a URL: by a client of HTTP, or by a line of a language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from .asked import LOCAL, Http, Known, Reader, Tcp, Words


@dataclass(frozen=True, kw_only=True)
class Client:
    """A program that asks a URL, and the options that leave its question as it is.

    Attributes:
        letters: options of one letter without a value.
        words: long options without a value.
        valued: options of one letter with a value.
        valued_words: long options with a value.
        headers: options whose value is a header.
        strict: options of which one makes it fail where the answer is an error; none: it always does.
        trusting: options by which it takes any certificate.
    """

    letters: str
    words: frozenset[str]
    valued: str
    valued_words: frozenset[str]
    headers: tuple[str, ...]
    strict: tuple[str, ...]
    trusting: tuple[str, ...]


CURL = Client(
    letters="fsSkLIivg46#",
    words=frozenset(
        [
            "--fail",
            "--fail-with-body",
            "--silent",
            "--show-error",
            "--insecure",
            "--location",
            "--head",
            "--include",
            "--verbose",
            "--ipv4",
            "--ipv6",
            "--compressed",
            "--no-progress-meter",
            "--globoff",
            "--http1.1",
            "--no-buffer",
        ]
    ),
    valued="omwA",
    valued_words=frozenset(
        [
            "--output",
            "--max-time",
            "--connect-timeout",
            "--retry",
            "--retry-delay",
            "--retry-max-time",
            "--write-out",
            "--user-agent",
        ]
    ),
    headers=("-H", "--header"),
    strict=("-f", "--fail", "--fail-with-body"),
    trusting=("-k", "--insecure"),
)
WGET = Client(
    letters="qSnv46",
    words=frozenset(
        [
            "--quiet",
            "--spider",
            "--no-check-certificate",
            "--no-verbose",
            "--server-response",
            "--no-proxy",
            "--no-cache",
        ]
    ),
    valued="OTtYU",
    valued_words=frozenset(
        [
            "--output-document",
            "--timeout",
            "--tries",
            "--waitretry",
            "--user-agent",
            "--connect-timeout",
            "--read-timeout",
        ]
    ),
    headers=("--header",),
    strict=(),
    trusting=("--no-check-certificate",),
)


def client(known: Client) -> Reader:
    """A client's commands: what is asked, where every option is one that is known.

    Args:
        known: the client.
    """

    def read(words: Words) -> Known | None:
        options: list[tuple[str, str]] = []
        places: Words = []
        rest = iter(words)
        for word in rest:
            found = _options(word, rest, known)
            if found is None:
                return None
            options += found
            if not found:
                places.append(word)
        names = {name for name, _ in options}
        headers = tuple(_header(value) for name, value in options if name in known.headers)
        check = http(places[0], headers) if len(places) == 1 else None
        if check is None:
            return None
        strict = not known.strict or bool(names & set(known.strict))
        return Known(check, strict and (not check.tls or bool(names & set(known.trusting))))

    return read


def _options(word: str, rest: Iterator[str], client: Client) -> list[tuple[str, str]] | None:
    """The options that a word is, with their values; empty: it is none; None: one is unknown."""
    if not word.startswith("-") or word == "-":
        return []
    return _long(word, rest, client) if word.startswith("--") else _letters(word, rest, client)


def _long(word: str, rest: Iterator[str], client: Client) -> list[tuple[str, str]] | None:
    name, equals, value = word.partition("=")
    if name in client.words and not equals:
        return [(name, "")]
    if name in client.valued_words or name in client.headers:
        return [(name, value if equals else next(rest, ""))]
    return None


def _letters(word: str, rest: Iterator[str], client: Client) -> list[tuple[str, str]] | None:
    """`-fsS`, `-fso /dev/null`, `-qO-`."""
    found: list[tuple[str, str]] = []
    for at, letter in enumerate(word[1:], start=2):
        if letter in client.valued or f"-{letter}" in client.headers:
            return [*found, (f"-{letter}", word[at:] or next(rest, ""))]
        if letter not in client.letters:
            return None
        found.append((f"-{letter}", ""))
    return found


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip(), value.strip()


def http(url: str, headers: tuple[tuple[str, str], ...] = ()) -> Http | None:
    """The question to a URL; None: it is another container's, or not known before the container runs.

    Args:
        url: with or without `http://`.
        headers: name and value of each.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    written = [url, *(value for _, value in headers)]
    try:
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or (parts.hostname or "") not in LOCAL or parts.username:
        return None
    if any("$" in text for text in written):
        return None  # known in the container alone
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Http(port or (443 if tls else 80), path, tls, headers, parts.netloc)


def httpie(words: Words) -> Known | None:
    """`http --check-status :8080/health`."""
    places = [word for word in words if not word.startswith("-") and word not in ("GET", "HEAD")]
    if not {word.partition("=")[0] for word in words if word.startswith("-")} <= {"--check-status", "--timeout"}:
        return None
    url = places[0] if len(places) == 1 else ""
    check = http(f"localhost{url}" if url.startswith(":") else url) if url else None
    return None if check is None else Known(check, "--check-status" in words)


# --- lines of a language ---------------------------------------------------------------------------------------------

URL = re.compile(r"https?://[^\s'\"`)]+")
SOCKET = re.compile(
    r"(?:create_connection|connect|connect_ex)\(\s*\(\s*['\"](localhost|127\.0\.0\.1)['\"],\s*(\d+)\s*\)"
)
BODY = re.compile(r"json|\.text|\bin\b|includes\(|strpos|decode|\.body")
"""What looks at the answer's content."""
RAISES = re.compile(r"urlopen\(")
"""What raises an error where the answer is one."""
LOOKS = re.compile(r"raise_for_status|\.ok\b|status(?:_code|Code)?\s*\)?\s*(?:={2,3}|!={1,2})\s*200|Net::HTTPSuccess")
"""What looks at the status itself."""
ASKS = re.compile(r"urlopen\(|requests\.get|httpx\.get|https?'?\)?\.get\(|fetch\(|Net::HTTP|file_get_contents")
OTHER_STATUS = re.compile(r"(?:={2,3}|!={1,2}|<=?|>=?)\s*(?!200\b)\d")
FAILS = re.compile(r"exit")


def line(*options: str) -> Reader:
    """A line of a language: the one URL in it is asked, where it is seen that an error of the server is one of it.

    Args:
        options: what the line stands behind.
    """

    def read(words: Words) -> Known | None:
        code = words[1] if len(words) == 2 and words[0] in options else ""
        socket = SOCKET.search(code)
        if socket is not None and not URL.search(code):
            return Known(Tcp(int(socket[2])), "connect_ex" not in code)
        urls = URL.findall(code)
        check = http(urls[0]) if len(urls) == 1 and ASKS.search(code) else None
        if check is None or BODY.search(code.replace(urls[0], "")) or OTHER_STATUS.search(code.replace(urls[0], "")):
            return None
        strict = bool(RAISES.search(code) or LOOKS.search(code))
        return Known(check, strict and not check.tls)

    return read


def php(words: Words) -> Known | None:
    """`php -r "exit(file_get_contents('http://localhost/ping') ? 0 : 1);"`."""
    found = line("-r")(words)
    return None if found is None else replace(found, exact=bool(FAILS.search(words[1])) and not _tls(found))


def _tls(found: Known) -> bool:
    return isinstance(found.check, Http) and found.check.tls
