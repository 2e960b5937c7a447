"""Servers that do not speak HTTP: databases, caches, queues. A service of Cloud Run takes nothing but HTTP.

https://cloud.google.com/run/docs/container-contract#port
"""

from ...model import Service
from .. import workloads
from . import reach
from .given import Scope

_WORDS = """
    activemq artemis beanstalkd cassandra cockroach dragonfly eclipse-mosquitto emqx ferretdb kafka keydb mariadb
    memcached mongo mongodb mosquitto mssql mysql mysql-server nats openldap percona pgbouncer pgvector postfix
    postgis postgres postgresql rabbitmq redis redis-stack redis-stack-server redpanda scylla sftp
    timescaledb timescaledb-ha valkey zookeeper
"""
IMAGES = frozenset(_WORDS.split())
"""The last part of an image's name, where what it serves is not HTTP, or not HTTP alone."""
PORTS = frozenset(
    {
        21,
        22,
        25,
        389,
        636,
        1025,
        1433,
        1521,
        1883,
        2181,
        3306,
        4222,
        5432,
        5671,
        5672,
        6379,
        8883,
        9042,
        9092,
        11211,
        11300,
        27017,
    }
)
"""Ports at which such servers listen (https://www.iana.org/assignments/service-names-port-numbers)."""


def is_without_http(scope: Scope, service: Service) -> bool:
    """Whether a service keeps a server running that is known not to speak HTTP: no other service can call it."""
    if not workloads.is_kept_running(scope, service):
        return False
    port = reach.port(scope, service)
    return image_name(service) in IMAGES or (port is not None and port.number in PORTS)


def image_name(service: Service) -> str:
    """The last part of an image's name, without tag and digest; "": it is built here."""
    if service.image is None or service.build is not None:
        return ""
    return service.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
