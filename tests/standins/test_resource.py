"""The judgements that follow from traits: defaults, names, differences, what a refresh takes over."""

import threading
import time
from typing import ClassVar

import pytest

from standins.resource import (
    Call,
    CancelledError,
    Resource,
    StandinError,
    State,
    Trait,
    autoname,
    differences,
    fill,
    imported,
    refreshed,
    same,
    violations,
)
from standins.values import UNKNOWN, Secret


class Thing(Resource):
    token = "toy:index:Thing"
    traits: ClassVar = {
        "name": Trait(),
        "size": Trait(in_place=True, rule=lambda size: "" if size > 0 else f"{size} is not positive"),
        "mode": Trait(default="a"),
        "tags": Trait(unordered=True),
        "words": Trait(),
        "address": Trait(computed=True),
        "ports": Trait(unordered=True, nested={"ip": "0.0.0.0"}, decided=("external",)),
        "running": Trait(default=True, in_place=True),
        "cluster": Trait(lacking="no cluster here"),
    }
    observed = ("running",)

    def create(self, call, inputs):
        return State("1", inputs)

    def read(self, call, identity, known):
        return State(identity, known)

    def delete(self, call, identity, known):
        pass


THING = Thing()


def changed(old, new, outputs=None):
    found = differences(THING, old, outputs or {}, new)
    return {name: (change.kind, change.replaces) for name, change in found.items()}


def test_defaults_are_filled_in_where_nothing_is_said():
    assert fill(THING.traits, {"mode": None, "ports": [{"internal": 80}]}) == {
        "mode": "a",
        "ports": [{"internal": 80, "ip": "0.0.0.0"}],
        "running": True,
    }


def test_a_default_does_not_override_false():
    assert fill(THING.traits, {"running": False})["running"] is False


def test_nested_defaults_are_filled_in_behind_a_secret():
    assert fill(THING.traits, {"ports": Secret([{"internal": 80}])})["ports"] == Secret(
        [{"internal": 80, "ip": "0.0.0.0"}]
    )


def test_a_generated_name_follows_the_seed_and_has_seven_digits():
    assert autoname("web", b"seed") == autoname("web", b"seed")
    assert autoname("web", b"seed") != autoname("web", b"other")
    assert len(autoname("web", b"").removeprefix("web-")) == 7


def test_a_generated_name_is_never_longer_than_255():
    assert len(autoname("x" * 300, b"seed")) == 255


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"size": 1}, {"size": 2}, {"size": ("update", False)}),
        ({"mode": "a"}, {"mode": "b"}, {"mode": ("update", True)}),
        ({}, {"mode": "b"}, {"mode": ("add", True)}),
        ({"mode": "b"}, {}, {"mode": ("delete", True)}),
        ({"mode": "b"}, {"mode": UNKNOWN}, {"mode": ("update", True)}),
        ({"tags": ["a", "b"]}, {"tags": ["b", "a"]}, {}),
        ({"words": ["a", "b"]}, {"words": ["b", "a"]}, {"words": ("update", True)}),
        ({"address": "10.0.0.1"}, {}, {}),
        ({"address": "10.0.0.1"}, {"address": "10.0.0.2"}, {"address": ("update", True)}),
        ({}, {"words": [], "mode": "", "size": 0}, {}),
        ({"ports": [{"internal": 80, "external": 8080}]}, {"ports": [{"internal": 80}]}, {}),
        ({"ports": [{"internal": 80}]}, {"ports": [{"internal": 80, "external": 8080}]}, {"ports": ("update", True)}),
        ({"mode": Secret("b")}, {"mode": "b"}, {}),
        ({"__defaults": ["name"]}, {"__defaults": []}, {}),
    ],
)
def test_a_difference_is_what_the_trait_says(old, new, expected):
    assert changed(old, new) == expected


def test_an_observed_property_is_compared_with_the_state():
    assert changed({"running": True}, {"running": True}, {"running": False}) == {"running": ("add", False)}


def test_a_refresh_takes_over_what_drifted_and_nothing_else():
    inputs = {"mode": "a", "tags": ["x", "y"], "ports": [{"internal": 80}], "size": 1}
    seen = {"mode": "b", "tags": ["y", "x"], "ports": [{"internal": 80, "external": 32768}], "other": 1}
    assert refreshed(THING, inputs, seen) == {**inputs, "mode": "b"}


def test_a_refreshed_secret_stays_secret():
    assert refreshed(THING, {"mode": Secret("a")}, {"mode": "b"}) == {"mode": Secret("b")}


def test_an_import_has_what_was_read_and_the_defaults():
    assert imported(THING, {"mode": "b", "size": 0, "tags": [], "other": 1}) == {"mode": "b", "running": True}


def test_rules_judge_known_values_only():
    assert list(violations(THING, {"size": -1})) == [("size", "-1 is not positive")]
    assert list(violations(THING, {"size": Secret(-1)})) == [("size", "-1 is not positive")]
    assert not list(violations(THING, {"size": UNKNOWN}))


def test_what_the_stand_in_lacks_is_refused():
    assert list(violations(THING, {"cluster": {"a": 1}})) == [
        ("cluster", "the stand-in lacks it (no cluster here); leave it out or use the official plugin")
    ]


def test_a_kind_that_cannot_be_changed_in_place_says_so():
    with pytest.raises(StandinError, match=r"^web: it cannot be changed in place$"):
        THING.update(Call("urn:pulumi:s::p::t::web", None), "1", {}, {})


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


def test_removing_a_computed_property_is_no_difference():
    assert same(Trait(computed=True), ["a"], [])
    assert not same(Trait(), ["a"], [])
