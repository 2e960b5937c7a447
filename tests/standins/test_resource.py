"""What a kind of resource does where it says nothing else: its name, its waits."""

import threading
import time
from typing import ClassVar

import pytest

from standins.resource import Call, CancelledError, Resource, StandinError, State, autoname
from standins.traits import Trait


class Thing(Resource):
    token = "toy:index:Thing"
    traits: ClassVar = {"name": Trait()}

    def create(self, call, inputs):
        return State("1", inputs)

    def read(self, call, identity, known):
        return State(identity, known)

    def delete(self, call, identity, known):
        pass


def test_a_generated_name_follows_the_seed_and_has_seven_digits():
    assert autoname("web", b"seed") == autoname("web", b"seed")
    assert autoname("web", b"seed") != autoname("web", b"other")
    assert len(autoname("web", b"").removeprefix("web-")) == 7


def test_a_generated_name_is_never_longer_than_255():
    assert len(autoname("x" * 300, b"seed")) == 255


def test_a_kind_that_cannot_be_changed_in_place_says_so():
    with pytest.raises(StandinError, match=r"^web: it cannot be changed in place$"):
        Thing().update(Call("urn:pulumi:s::p::t::web", None), "1", {}, {})


def test_a_wait_ends_when_the_engine_asks():
    stop = threading.Event()
    call = Call("urn:pulumi:s::p::t::web", None, stop)
    threading.Timer(0.1, stop.set).start()
    started = time.monotonic()
    with pytest.raises(CancelledError, match=r"^web: cancelled$"):
        call.sleep(30)
    assert time.monotonic() - started < 5


def test_work_that_blocks_is_given_up_when_the_engine_asks():
    stop = threading.Event()
    call = Call("urn:pulumi:s::p::t::web", None, stop)
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(CancelledError, match=r"^web: cancelled$"):
        call.run(lambda: time.sleep(30))


def test_work_that_ends_gives_its_result_or_its_error():
    call = Call("urn:pulumi:s::p::t::web", None)
    assert call.run(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        call.run(lambda: 1 / 0)


def test_a_custom_timeout_ends_a_wait():
    call = Call("urn:pulumi:s::p::t::web", None, deadline=time.monotonic() - 1)
    with pytest.raises(CancelledError, match="custom timeout is over"):
        call.sleep(0)
