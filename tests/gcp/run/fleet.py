"""The instances of one revision: as many as it is to have; one that ends is replaced."""

import concurrent.futures
import dataclasses
import logging
import threading
import time
from typing import TYPE_CHECKING

from .instance import Instance, Spec
from .templates import NotReadyError

if TYPE_CHECKING:
    from .agent import Agent

_LOG = logging.getLogger("run")
_PAUSE_SECONDS = 1.0
_AT_ONCE = 4
_DRAIN_SECONDS = 1.0
"""How long an instance stays after no request is sent to it any more: those on their way end."""


class Fleet:
    """The instances of a revision."""

    def __init__(self, agent: "Agent", spec: Spec) -> None:
        """Have none.

        Args:
            agent: runs them.
            spec: of each, but for its number.
        """
        self._agent, self._spec = agent, spec
        self._count, self._number = 0, 0
        self._instances: list[Instance] = []
        self._lock = threading.Lock()

    @property
    def ready(self) -> list[Instance]:
        """Those that take requests."""
        return [each for each in list(self._instances) if each.is_ready]

    def resize(self, count: int) -> None:
        """Have as many; return when all are ready.

        Raises:
            NotReadyError: one does not come up; the fleet has as many as it had.
        """
        before = len(self._instances)
        self._count = count
        gone, self._instances = self._instances[count:], self._instances[:count]
        _all_end(gone)
        new = [self._new() for _ in range(count - before)]
        with concurrent.futures.ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            started = [pool.submit(each.start) for each in new]
            failed = [each.exception() for each in started if each.exception()]
        if failed:
            self._count = before
            _all_end(new)
            raise failed[0] or NotReadyError("")
        with self._lock:
            self._instances += new
        for each in new:
            self._watch(each)

    def end(self) -> None:
        """End all, soon: it does not wait for it."""
        self._count = 0
        gone, self._instances = self._instances, []

        def drain() -> None:
            for each in gone:
                each.is_ready = False
            time.sleep(_DRAIN_SECONDS)
            _all_end(gone)

        threading.Thread(target=drain, name=f"end {self._spec.name}").start()

    def _new(self) -> Instance:
        with self._lock:
            self._number += 1
            name = f"{self._spec.name}-{self._number}"
        return Instance(self._agent, dataclasses.replace(self._spec, name=name))

    def _watch(self, instance: Instance) -> None:
        threading.Thread(target=instance.watch, args=(self._replace,), daemon=True, name=instance.spec.name).start()

    def _replace(self, gone: Instance) -> None:
        """One has ended by itself: another takes its place, as often as it needs."""
        with self._lock:
            if gone in self._instances:
                self._instances.remove(gone)
        while len(self._instances) < self._count:
            time.sleep(_PAUSE_SECONDS)
            new = self._new()
            try:
                new.start()
            except NotReadyError as why:
                _LOG.info("%s: %s", new.spec.name, why)
                continue
            if len(self._instances) >= self._count:
                new.end()
                return
            with self._lock:
                self._instances.append(new)
            self._watch(new)
            return


def _all_end(instances: list[Instance]) -> None:
    for each in [threading.Thread(target=each.end) for each in instances]:
        each.start()
