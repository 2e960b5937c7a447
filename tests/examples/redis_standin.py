"""A stand-in for the client `redis`, in memory: the few commands that the guestbook uses, and no others.

It stands for Redis 7 and python3-redis 4.3 with `decode_responses=True`. That it behaves like them is not proved here:
the engine tests run the same code against a real Redis.
"""

import itertools
import time


class RedisError(Exception):
    """The root of the client's errors."""


class ResponseError(RedisError):
    """Redis refused a command."""


class Redis:
    """One client of one empty Redis. `down = True` makes every command fail, as when no Redis answers."""

    def __init__(self, **options):
        self.options = options
        self.down = False
        self._lists = {}
        self._streams = {}  # name -> {id: fields}
        self._held = {}  # (stream, group) -> {id: (consumer, since)}
        self._read = {}  # (stream, group) -> ids given out so far
        self._ids = (f"{number}-0" for number in itertools.count(1))

    def _answer(self):
        if self.down:
            raise RedisError("Connection refused")

    def ping(self):
        self._answer()
        return True

    def lpush(self, name, value):
        self._answer()
        self._lists.setdefault(name, []).insert(0, value)

    def ltrim(self, name, first, last):
        self._answer()
        self._lists[name] = self._lists.get(name, [])[first : last + 1]

    def lrange(self, name, first, last):
        self._answer()
        return self._lists.get(name, [])[first : last + 1]

    def xadd(self, name, fields):
        self._answer()
        key = next(self._ids)
        self._streams.setdefault(name, {})[key] = dict(fields)
        return key

    def xlen(self, name):
        self._answer()
        return len(self._streams.get(name, {}))

    def xdel(self, name, key):
        self._answer()
        self._streams[name].pop(key, None)

    def xgroup_create(self, name, group, id, mkstream):  # noqa: A002 -- the client's name
        self._answer()
        assert (id, mkstream) == ("0", True), "the stand-in knows no other form"
        if (name, group) in self._held:
            raise ResponseError("BUSYGROUP Consumer Group name already exists")
        self._streams.setdefault(name, {})
        self._held[name, group], self._read[name, group] = {}, set()

    def _group(self, name, group):
        self._answer()
        if (name, group) not in self._held:
            raise ResponseError(f"NOGROUP No such key '{name}' or consumer group '{group}'")
        return self._held[name, group]

    def xreadgroup(self, group, consumer, streams, count, block):
        [(name, start)] = streams.items()
        assert start == ">", "the stand-in knows no other form"
        held, read = self._group(name, group), self._read[name, group]
        fresh = [key for key in self._streams[name] if key not in read][:count]
        read.update(fresh)
        held.update({key: (consumer, time.monotonic()) for key in fresh})
        return [[name, [(key, dict(self._streams[name][key])) for key in fresh]]] if fresh else []

    def xautoclaim(self, name, group, consumer, min_idle_time):
        held, now = self._group(name, group), time.monotonic()
        idle = [key for key, (_, since) in held.items() if (now - since) * 1000 >= min_idle_time]
        held.update(dict.fromkeys(idle, (consumer, now)))
        return ["0-0", [(key, dict(self._streams[name][key])) for key in idle], []]

    def xack(self, name, group, key):
        self._group(name, group).pop(key, None)

    def pipeline(self, transaction):
        assert transaction, "the guestbook publishes all or nothing"
        return Transaction(self)


class Transaction:
    """Commands that are kept until `execute()`, as in MULTI and EXEC."""

    def __init__(self, client):
        self._client = client
        self._steps = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._steps.clear()

    def __getattr__(self, command):
        def keep(*args):
            self._steps.append((command, args))

        return keep

    def execute(self):
        return [getattr(self._client, command)(*args) for command, args in self._steps]
