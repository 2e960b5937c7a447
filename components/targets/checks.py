"""Health checks that ask over the network, told from their commands: what a platform without a shell can ask itself.

A table of programs, and for each what reads its arguments. A command that no row takes is not guessed at: it stays a
command, or is a finding where a platform runs none. What a row takes is exact where the platform's own question fails
and succeeds when the command would, or it is the nearest question that there is: a connection to a database is less
than the database's own client asks.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from ..model import Text
from .asked import LOCAL, Grpc, Http, Known, Reader, Tcp, Words
from .http_checks import CURL, WGET, client, http, httpie, line, php

__all__ = ["Grpc", "Http", "Known", "Tcp", "known"]


def known(test: Sequence[Text]) -> Known | None:
    """What a check asks; None: it is not told from its command.

    Args:
        test: with its kind first, CMD or CMD-SHELL.
    """
    kind, *given = test
    if not all(isinstance(word, str) for word in given):
        return None  # a secret in it: whoever asks would have to know it
    words = [str(word) for word in given]
    if kind == "CMD-SHELL":
        return _shell(" ".join(words))
    return _run(words)


def _run(words: Words) -> Known | None:
    if words[:1] == ["timeout"]:
        words = words[2:]
    program = words[0].rpartition("/")[2] if words else ""
    if program in SHELLS and len(words) == 3 and words[1] in ("-c", "-ec", "-lc"):
        return _shell(words[2])
    reader = PROGRAMS.get(program)
    return None if reader is None else reader(words[1:])


# --- the shell -------------------------------------------------------------------------------------------------------

SHELLS = ("sh", "bash", "ash", "dash")
SYNTAX = re.compile(r"[|;&<>`*?(){}\[\]~!\n]|\$(?![A-Za-z_{])")
"""What makes more of a line than one command. A variable may stand where no reader looks at it."""
VARIABLE = re.compile(r"\$(\w+|\{\w+\})")
QUOTED = re.compile(r"'[^']*'|\"[^\"`$]*\"")
"""What the shell does not look into."""
FALLBACK = re.compile(r"\s*\|\|\s*(exit\s+\d+|exit|false|kill\s+[\d -]+)\s*;?\s*$")
"""`curl ... || exit 1`: what follows says how it fails, and nothing about what is asked."""
QUIET = re.compile(r"\s*(&>|[12]?>)\s*(/dev/null|&[12])\s*$")
ANSWER = re.compile(r"\s*\|\s*grep\b[^|;&]*$")
"""`redis-cli ping | grep PONG`: looks at the answer, which a platform does not."""
DEVICE = re.compile(r"(?:(?:echo|:|true|exec 3)\s*)?(?:<>|<|>)\s*/dev/tcp/(localhost|127\.0\.0\.1)/(\d+)")
"""Bash's own way to connect."""


def _shell(line: str) -> Known | None:
    bare, looks = _bare(line)
    device = DEVICE.fullmatch(bare)
    if device is not None:
        return Known(Tcp(int(device[2])), exact=not looks)
    if SYNTAX.search(VARIABLE.sub("", QUOTED.sub("", bare))):
        return None
    try:
        found = _run(shlex.split(bare))
    except ValueError:
        return None
    return None if found is None else replace(found, exact=found.exact and not looks)


def _bare(line: str) -> tuple[str, bool]:
    """The command that asks, and whether another one looks at its answer."""
    bare, looks = line.strip(), False
    while True:
        shorter = QUIET.sub("", FALLBACK.sub("", bare))
        if ANSWER.search(shorter):
            shorter, looks = ANSWER.sub("", shorter), True
        if shorter == bare:
            return bare, looks
        bare = shorter


# --- connections -----------------------------------------------------------------------------------------------------


def _netcat(words: Words) -> Known | None:
    """`nc -z localhost 5432`, `nc -zv -w 2 127.0.0.1 80`."""
    options = [word for word in words if word.startswith("-")]
    places = [word for at, word in enumerate(words) if not word.startswith("-") and words[at - 1 : at] != ["-w"]]
    letters = "".join(option.lstrip("-") for option in options)
    if "z" not in letters or "u" in letters or len(places) != 2:
        return None
    host, port = places
    return Known(Tcp(int(port))) if host in LOCAL and port.isdigit() else None


def _wait_for(words: Words) -> Known | None:
    """`wait-for-it.sh localhost:5432 -t 5`."""
    host, _, port = (words[0] if words else "").rpartition(":")
    return Known(Tcp(int(port))) if host in LOCAL and port.isdigit() else None


def _dockerize(words: Words) -> Known | None:
    """`dockerize -wait tcp://localhost:5432 -timeout 5s`."""
    asked = [value for name, value in _pairs(words) if name == "-wait"]
    if len(asked) != 1:
        return None
    parts = urlsplit(asked[0])
    if parts.scheme == "tcp" and parts.hostname in LOCAL and parts.port:
        return Known(Tcp(parts.port))
    check = http(asked[0]) if parts.scheme in ("http", "https") else None
    return None if check is None else Known(check, not check.tls)


def _grpc(words: Words) -> Known | None:
    """`grpc_health_probe -addr=:50051 -service=x`."""
    found = {name.lstrip("-"): value for name, value in _pairs(words)}
    host, _, port = found.get("addr", "").rpartition(":")
    if not port.isdigit() or host not in LOCAL or set(found) - {"addr", "service", "connect-timeout", "rpc-timeout"}:
        return None
    return Known(Grpc(int(port), found.get("service", "")))


def _grpcurl(words: Words) -> Known | None:
    """`grpcurl -plaintext localhost:50051 grpc.health.v1.Health/Check`, which does not look at what it is told."""
    place = next((word for word in words if re.fullmatch(r"(localhost|127\.0\.0\.1):\d+", word)), None)
    if place is None or "-plaintext" not in words or "grpc.health.v1.Health/Check" not in words:
        return None
    return Known(Grpc(int(place.rpartition(":")[2])), exact=False)


def _server(default: int, *ports: str, hosts: tuple[str, ...] = ("-h", "--host")) -> Reader:
    """A client in the server's own language: it asks for more than a connection.

    Args:
        default: the server's port.
        ports: options that name another.
        hosts: options that name a host; another than this one is another check.
    """

    def read(words: Words) -> Known | None:
        found = dict(_pairs(words))
        if any(found[option] not in LOCAL and not found[option].startswith("/") for option in hosts if option in found):
            return None
        port = next((found[option] for option in ports if option in found), str(default))
        return Known(Tcp(int(port)), exact=False) if port.isdigit() else None

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


POSTGRES, MYSQL = _server(5432, "-p", "--port"), _server(3306, "-P", "--port")
REDIS, MONGO = _server(6379, "-p"), _server(27017, "--port")
RABBITMQ, KAFKA = _server(5672, hosts=()), _server(9092, hosts=())

PROGRAMS: Mapping[str, Reader] = {
    "bun": line("-e", "--eval"),
    "cassandra": _server(9042),
    "clickhouse-client": _server(9000, "--port"),
    "cockroach": _server(26257, "--port"),
    "consul": _server(8500, hosts=()),
    "cqlsh": _server(9042),
    "curl": client(CURL),
    "deno": line("eval"),
    "dockerize": _dockerize,
    "etcdctl": _server(2379, hosts=()),
    "grpc-health-probe": _grpc,
    "grpc_health_probe": _grpc,
    "grpcurl": _grpcurl,
    "healthcheck.sh": _server(3306, hosts=()),  # the one of the image mariadb
    "http": httpie,
    "influx": _server(8086, hosts=()),
    "kafka-broker-api-versions.sh": KAFKA,
    "kafka-topics.sh": KAFKA,
    "ldapsearch": _server(389, "-p"),
    "mariadb": MYSQL,
    "mariadb-admin": MYSQL,
    "mongo": MONGO,
    "mongosh": MONGO,
    "mysql": MYSQL,
    "mysqladmin": MYSQL,
    "nc": _netcat,
    "ncat": _netcat,
    "netcat": _netcat,
    "node": line("-e", "--eval"),
    "pg_isready": POSTGRES,
    "php": php,
    "psql": POSTGRES,
    "python": line("-c"),
    "python3": line("-c"),
    "rabbitmq-diagnostics": RABBITMQ,
    "rabbitmqctl": RABBITMQ,
    "redis-cli": REDIS,
    "ruby": line("-e"),
    "sqlcmd": _server(1433, hosts=()),
    "valkey-cli": REDIS,
    "vault": _server(8200, hosts=()),
    "wait-for": _wait_for,
    "wait-for-it": _wait_for,
    "wait-for-it.sh": _wait_for,
    "wget": client(WGET),
    "zkServer.sh": _server(2181, hosts=()),
}
"""Program -> what reads its arguments."""
