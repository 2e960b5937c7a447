"""Health checks that ask over the network, told from their commands: what a platform without a shell can ask itself.

A table of forms, a row each: what the command looks like, and what it asks. A command that no row takes is not
guessed at: it stays a command, or is a finding where a platform runs none.
"""

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..model import Text

LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "::1", "")  # noqa: S104 - what a check asks, nothing that listens


@dataclass(frozen=True, slots=True)
class Http:
    """A GET that has to be answered with 200 to 399.

    Attributes:
        port: of the container.
        path: with its query.
        tls: whether it is HTTPS; the certificate is not looked at.
        headers: name and value of each.
        host: as which the server is called.
    """

    port: int
    path: str = "/"
    tls: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    host: str = "localhost"


@dataclass(frozen=True, slots=True)
class Tcp:
    """A connection that has to be taken."""

    port: int


@dataclass(frozen=True, slots=True)
class Grpc:
    """A call of `grpc.health.v1.Health/Check`."""

    port: int
    service: str = ""


Check = Http | Tcp | Grpc


def known(test: Sequence[Text]) -> Check | None:
    """What a check asks; None: it is not told from its command.

    Args:
        test: with its kind first, CMD or CMD-SHELL.
    """
    words = _words(test)
    if not words:
        return None
    program = words[0].rpartition("/")[2]
    reader = PROGRAMS.get(program)
    return None if reader is None else reader(words[1:])


SHELL_SYNTAX = re.compile(r"[|;&<>$`*?(){}\[\]~#!\n]")
FALLBACK = re.compile(r"\s*\|\|\s*(exit\s+\d+|false|kill\s+1)\s*$")
"""`curl ... || exit 1`: what follows says how it fails, and nothing about what is asked."""
QUIET = re.compile(r"\s*(>\s*/dev/null(\s+2>&1)?|&>\s*/dev/null|2>\s*/dev/null|2>&1)\s*$")


def _words(test: Sequence[Text]) -> list[str]:
    """The command's words; none where it is more than one command, or not known before it runs."""
    kind, *words = test
    if not all(isinstance(word, str) for word in words):
        return []
    plain = [str(word) for word in words]
    if kind != "CMD-SHELL":
        # `["CMD", "sh", "-c", "curl ..."]`
        if len(plain) == 3 and plain[0].rpartition("/")[2] in ("sh", "bash", "ash") and plain[1] == "-c":
            return _shell(plain[2])
        return plain
    return _shell(" ".join(plain))


def _shell(text: str) -> list[str]:
    bare = FALLBACK.sub("", text)
    while QUIET.search(bare):
        bare = QUIET.sub("", bare)
    bare = FALLBACK.sub("", bare)
    if SHELL_SYNTAX.search(re.sub(r"'[^']*'", "", bare)):
        return []
    try:
        return shlex.split(bare)
    except ValueError:
        return []


# --- programs --------------------------------------------------------------------------------------------------------

Words = list[str]


@dataclass(frozen=True, slots=True)
class _Options:
    """What a program's options mean.

    Attributes:
        flags: options without a value that change nothing of what is asked.
        values: options with a value that changes nothing.
        headers: options whose value is a header.
    """

    flags: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()


CURL = _Options(
    flags=frozenset(
        [
            "-f",
            "--fail",
            "-s",
            "--silent",
            "-S",
            "--show-error",
            "-k",
            "--insecure",
            "-L",
            "--location",
            "-I",
            "--head",
            "-v",
            "--fail-with-body",
            "-4",
            "-6",
            "--http1.1",
            "--no-progress-meter",
            "--compressed",
        ]
    ),
    values=frozenset(
        [
            "-o",
            "--output",
            "-m",
            "--max-time",
            "--connect-timeout",
            "--retry",
            "--retry-delay",
            "--retry-max-time",
            "-w",
        ]
    ),
    headers=frozenset({"-H", "--header"}),
)
WGET = _Options(
    flags=frozenset(
        [
            "-q",
            "--quiet",
            "-S",
            "--spider",
            "--no-check-certificate",
            "-nv",
            "--no-verbose",
            "-qO-",
            "-qO/dev/null",
            "-O-",
            "-O/dev/null",
            "--no-proxy",
            "--server-response",
        ]
    ),
    values=frozenset(["-O", "--output-document", "-T", "--timeout", "-t", "--tries", "--waitretry", "-Y"]),
    headers=frozenset({"--header"}),
)
SHORT = re.compile(r"-[a-zA-Z]{2,}")


def _url(options: _Options) -> Callable[[Words], Check | None]:
    def read(words: Words) -> Check | None:
        urls: list[str] = []
        headers: list[tuple[str, str]] = []
        rest = iter(_apart(words, options))
        for word in rest:
            name, equals, value = word.partition("=")
            if word in options.flags:
                continue
            if word in options.headers or (equals and name in options.headers):
                label, _, content = (value if equals else next(rest, "")).partition(":")
                headers.append((label.strip(), content.strip()))
            elif word in options.values:
                next(rest, "")
            elif equals and name in options.values:
                continue
            elif word.startswith("-"):
                return None
            else:
                urls.append(word)
        return _http(urls[0], tuple(headers)) if len(urls) == 1 else None

    return read


def _apart(words: Words, options: _Options) -> Words:
    """`-fsS` as `-f -s -S`; `-fso /dev/null` too."""
    found: Words = []
    for word in words:
        letters = [f"-{letter}" for letter in word[1:]]
        known_letters = options.flags | options.values
        if SHORT.fullmatch(word) and word not in known_letters and set(letters) <= known_letters:
            found += letters
        else:
            found.append(word)
    return found


def _http(url: str, headers: tuple[tuple[str, str], ...] = ()) -> Http | None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.hostname not in LOCAL or parts.username:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    tls = parts.scheme == "https"
    return Http(port or (443 if tls else 80), path, tls, headers, parts.netloc)


def _connect(words: Words) -> Check | None:
    """`nc -z localhost 5432`, `nc -zv -w 2 127.0.0.1 80`."""
    places = [word for word in words if not word.startswith("-")]
    options = [word for word in words if word.startswith("-")]
    if not any("z" in option for option in options) or any("u" in option for option in options):
        return None
    if "-w" in words:
        places.remove(words[words.index("-w") + 1])
    if len(places) == 2 and places[0] in LOCAL and places[1].isdigit():
        return Tcp(int(places[1]))
    return None


def _port(default: int, *options: str, hosts: tuple[str, ...] = ("-h", "--host")) -> Callable[[Words], Check | None]:
    """A client of a server that is up when it takes connections.

    Args:
        default: the server's port.
        options: what names another port.
        hosts: what names a host; another than this one is another check.
    """

    def read(words: Words) -> Check | None:
        found = dict(_pairs(words))
        if any(found.get(option, "") not in LOCAL and not found[option].startswith("/") for option in hosts):
            return None
        port = next((found[option] for option in options if option in found), str(default))
        return Tcp(int(port)) if port.isdigit() else None

    return read


def _pairs(words: Words) -> list[tuple[str, str]]:
    """`--port=5433`, `--port 5433`, `-P5433` as option and value."""
    found: list[tuple[str, str]] = []
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            continue
        if equals:
            found.append((name, value))
        elif re.fullmatch(r"-[a-zA-Z]\d+", word):
            found.append((word[:2], word[2:]))
        else:
            follows = words[index + 1] if index + 1 < len(words) else ""
            found.append((word, "" if follows.startswith("-") else follows))
    return found


URL = re.compile(r"https?://[^\s'\")]+")
EXIT = re.compile(r"status|exit|raise|sys|catch|then|on\(|assert")


def _script(*options: str) -> Callable[[Words], Check | None]:
    """One line of a language whose standard way to ask fails by itself or is told to: the one URL in it is asked."""

    def read(words: Words) -> Check | None:
        if len(words) != 2 or words[0] not in options:
            return None
        urls = URL.findall(words[1])
        asks = (
            "urlopen",
            "requests.get",
            "httpx.get",
            "http.get",
            "https.get",
            "fetch(",
            "Net::HTTP",
            "file_get_contents",
        )
        if (
            len(urls) != 1
            or not any(ask in words[1] for ask in asks)
            or re.search(r"==\s*(?!200)\d|json|read\(|\.text", words[1])
        ):
            return None
        return _http(urls[0])

    return read


def _grpc(words: Words) -> Check | None:
    """`grpc_health_probe -addr=:50051 -service=x`."""
    found = {name.lstrip("-"): value for name, value in _pairs(words)}
    host, _, port = found.get("addr", "").rpartition(":")
    if not port.isdigit() or host not in LOCAL or set(found) - {"addr", "service", "connect-timeout", "rpc-timeout"}:
        return None
    return Grpc(int(port), found.get("service", ""))


PROGRAMS: dict[str, Callable[[Words], Check | None]] = {
    "curl": _url(CURL),
    "wget": _url(WGET),
    "nc": _connect,
    "ncat": _connect,
    "netcat": _connect,
    "python": _script("-c"),
    "python3": _script("-c"),
    "node": _script("-e", "--eval"),
    "bun": _script("-e", "--eval"),
    "ruby": _script("-e"),
    "php": _script("-r"),
    "grpc_health_probe": _grpc,
    "grpc-health-probe": _grpc,
}
"""Program -> what reads its arguments. What asks a server in the server's own language (`pg_isready`, `redis-cli ping`,
`mysqladmin ping`) tells more than a connection does, and is not here: see `SERVERS`."""
SERVERS: dict[str, Callable[[Words], Check | None]] = {
    "pg_isready": _port(5432, "-p", "--port"),
    "redis-cli": _port(6379, "-p"),
    "valkey-cli": _port(6379, "-p"),
    "mysqladmin": _port(3306, "-P", "--port"),
    "mariadb-admin": _port(3306, "-P", "--port"),
    "mongosh": _port(27017, "--port"),
    "mongo": _port(27017, "--port"),
    "cqlsh": _port(9042),
    "rabbitmq-diagnostics": _port(5672),
    "rabbitmqctl": _port(5672),
    "nats-server": _port(4222),
    "clickhouse-client": _port(9000, "--port"),
    "zkServer.sh": _port(2181),
    "memcached-tool": _port(11211),
    "kafka-topics.sh": _port(9092),
}
"""Program -> the port that its server listens on, for a platform that runs no commands: a connection is less than the
command asks, and a finding says so."""
