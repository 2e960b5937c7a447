"""What a health check's command asks: a table of the forms that people write.

Not proved: that a server answers a platform as it answers the command.
"""

import shlex
from typing import Any

import pytest

from components.model import Opaque, Parts
from components.targets.checks import Grpc, Http, Known, Tcp, known


def asks(port: int, path: str = "/", **more: Any) -> Http:
    return Http(port, path, **{"host": f"localhost:{port}", **more})


EXACT = {
    "curl -f http://localhost/": Http(80),
    "curl --fail http://localhost:8080/health": asks(8080, "/health"),
    "/usr/bin/curl -fsS http://127.0.0.1:9000/minio/health/live": asks(
        9000, "/minio/health/live", host="127.0.0.1:9000"
    ),
    "curl -f http://localhost:3000/ || exit 1": asks(3000),
    "curl -sSfL -o /dev/null 'http://localhost:3000/a?b=c' || exit 1": asks(3000, "/a?b=c"),
    "curl -fso /dev/null -m5 localhost:3000 >/dev/null 2>&1": asks(3000),
    'curl --fail -H "Host: shop.example" http://localhost:80/ || exit 1': asks(80, headers=(("Host", "shop.example"),)),
    "curl -kf https://localhost:8443/": asks(8443, tls=True),
    "timeout 5 curl -f http://localhost/ || exit 1": Http(80),
    "wget -qO- http://localhost:8080/ping": asks(8080, "/ping"),
    "wget --no-verbose --tries=1 --spider http://localhost:8096/health": asks(8096, "/health"),
    "wget --quiet --tries=1 --spider http://localhost/ || exit 1": Http(80),
    "wget -q -T 3 -O /dev/null http://127.0.0.1:5000/status": asks(5000, "/status", host="127.0.0.1:5000"),
    "wget -q --no-check-certificate --spider https://localhost": Http(443, tls=True),
    "http --check-status GET :8080/health": asks(8080, "/health"),
    "nc -z localhost 5432": Tcp(5432),
    "nc -zv -w 2 127.0.0.1 80 || exit 1": Tcp(80),
    "bash -c '</dev/tcp/localhost/5672'": Tcp(5672),
    "bash -c ': > /dev/tcp/127.0.0.1/9092'": Tcp(9092),
    "timeout 2 bash -c 'echo > /dev/tcp/localhost/61616'": Tcp(61616),
    "wait-for-it.sh localhost:5432 -t 5": Tcp(5432),
    "dockerize -wait tcp://localhost:6379 -timeout 5s": Tcp(6379),
    "dockerize -wait http://localhost:80/up": asks(80, "/up"),
    "grpc_health_probe -addr=:50051": Grpc(50051),
    "/bin/grpc_health_probe -addr localhost:50051 -service=shop": Grpc(50051, "shop"),
    "python3 -c \"import urllib.request as r; r.urlopen('http://localhost:8000/up', timeout=2)\"": asks(8000, "/up"),
    "python -c \"import urllib.request; urllib.request.urlopen('http://localhost:8000').read()\" || exit 1": asks(8000),
    "python -c \"import requests; requests.get('http://localhost:8000/x').raise_for_status()\"": asks(8000, "/x"),
    "python -c \"import socket; socket.create_connection(('localhost', 5555), timeout=1)\"": Tcp(5555),
    "node -e \"require('http').get('http://localhost:3000/h', r => process.exit(r.statusCode === 200 ? 0 : 1))\"": asks(
        3000, "/h"
    ),
    "node -e \"fetch('http://localhost:3000').then(r => process.exit(r.ok ? 0 : 1))\"": asks(3000),
    "bun -e \"const r = await fetch('http://localhost:3000/up'); process.exit(r.ok ? 0 : 1)\"": asks(3000, "/up"),
    "deno eval \"const r = await fetch('http://localhost:8000'); if (!r.ok) Deno.exit(1)\"": asks(8000),
    "ruby -e \"exit Net::HTTP.get_response(URI('http://localhost:3000/up')).is_a?(Net::HTTPSuccess)\"": asks(
        3000, "/up"
    ),
    "php -r \"exit(file_get_contents('http://localhost:9000/ping') ? 0 : 1);\"": asks(9000, "/ping"),
}
"""What a platform's own question is the same as."""

NEAREST = {
    "curl http://localhost:9200/_cluster/health": asks(9200, "/_cluster/health"),  # an error would do
    "curl -f https://localhost:8443/": asks(8443, tls=True),  # it looks at the certificate
    "curl -sf http://localhost:8080/health | grep UP": asks(8080, "/health"),
    "http :8080/health": asks(8080, "/health"),
    "python -c \"import requests; requests.get('http://localhost:8000/')\"": asks(8000),
    "node -e \"require('http').get('http://localhost:3000', () => process.exit(0))\"": asks(3000),
    "grpcurl -plaintext localhost:50051 grpc.health.v1.Health/Check": Grpc(50051),
    "pg_isready": Tcp(5432),
    "pg_isready -U $POSTGRES_USER -d ${POSTGRES_DB} -p 5433": Tcp(5433),
    "psql -U postgres -c 'select 1'": Tcp(5432),
    "redis-cli ping": Tcp(6379),
    "redis-cli -p 6380 ping | grep -q PONG": Tcp(6380),
    "valkey-cli ping": Tcp(6379),
    "mysqladmin ping -h localhost -uroot": Tcp(3306),
    "mysqladmin ping -h 127.0.0.1 -P3307": Tcp(3307),
    "mariadb-admin ping --host=localhost": Tcp(3306),
    "mysql -h localhost -e 'select 1'": Tcp(3306),
    "healthcheck.sh --connect --innodb_initialized": Tcp(3306),
    "mongosh --quiet --eval \"db.adminCommand('ping')\"": Tcp(27017),
    "mongo --port 27018 --eval 'db.runCommand({ping: 1})'": Tcp(27018),
    "rabbitmq-diagnostics -q ping": Tcp(5672),
    "rabbitmqctl status": Tcp(5672),
    "kafka-topics.sh --bootstrap-server localhost:9092 --list": Tcp(9092),
    "zkServer.sh status": Tcp(2181),
    "cqlsh -e 'describe keyspaces'": Tcp(9042),
    "clickhouse-client --query 'select 1'": Tcp(9000),
    "etcdctl endpoint health": Tcp(2379),
    "consul members": Tcp(8500),
    "vault status": Tcp(8200),
    "influx ping": Tcp(8086),
    "ldapsearch -x -p 1389": Tcp(1389),
    "sqlcmd -S localhost -Q 'select 1'": Tcp(1433),
}
"""What a platform's own question is less than, or other than."""

NOTHING = [
    "true",
    "test -f /tmp/ready",
    "pgrep nginx",
    "curl -f http://other:8080/",
    "curl -f http://localhost:$PORT/",
    "curl -f -u admin:x http://localhost/",
    "curl -f -X POST http://localhost/",
    "curl -f -d x http://localhost/",
    "curl -f http://localhost/a http://localhost/b",
    "curl -f http://localhost/ && test -f /tmp/ready",
    "curl -f http://localhost/$(cat /path)",
    "wget -q --post-data=x http://localhost/",
    "nc localhost 80",
    "nc -zu localhost 53",
    "nc -z db 5432",
    "pg_isready -h db",
    "mysqladmin ping -h db",
    "grpc_health_probe -addr=:50051 -tls",
    "python -c \"import urllib.request as r; assert 'ok' in r.urlopen('http://localhost/').read().decode()\"",
    "python -c \"import requests; exit(requests.get('http://localhost/').status_code != 401)\"",
    "python -m health",
    "node health.js",
    "it's not closed",
    "",
]


def test_there_are_more_than_thirty_forms() -> None:
    assert len(EXACT) >= 30


@pytest.mark.parametrize("line", EXACT)
def test_what_a_command_asks_is_asked_by_the_platform(line: str) -> None:
    assert known(("CMD-SHELL", line)) == Known(EXACT[line])


@pytest.mark.parametrize("line", [line for line in EXACT if not set(line) & set("|>")])
def test_a_command_without_a_shell_asks_the_same(line: str) -> None:
    assert known(("CMD", *shlex.split(line))) == Known(EXACT[line])


@pytest.mark.parametrize("line", NEAREST)
def test_what_the_platform_cannot_ask_says_that_it_is_only_near(line: str) -> None:
    assert known(("CMD-SHELL", line)) == Known(NEAREST[line], exact=False)


@pytest.mark.parametrize("line", NOTHING)
def test_what_is_not_understood_is_not_guessed(line: str) -> None:
    assert known(("CMD-SHELL", line)) is None


def test_a_shell_that_is_called_by_name_is_a_shell() -> None:
    assert known(("CMD", "sh", "-c", "curl -f http://localhost/ || exit 1")) == Known(Http(80))


def test_a_check_with_a_secret_is_not_looked_into() -> None:
    assert known(("CMD", "curl", "-f", Parts(["http://localhost/?key=", Opaque("x")]))) is None
