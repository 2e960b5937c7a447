"""The judgements that follow from traits: defaults, differences, what a refresh takes over."""

import pytest

from standins.traits import Trait, differences, fill, imported, refreshed, same, violations
from standins.values import UNKNOWN, Secret

THING = {
    "name": Trait(),
    "size": Trait(in_place=True, rule=lambda size: "" if size > 0 else f"{size} is not positive"),
    "mode": Trait(default="a"),
    "tags": Trait(unordered=True),
    "words": Trait(),
    "address": Trait(computed=True),
    "ports": Trait(unordered=True, fields={"ip": Trait(default="0.0.0.0"), "external": Trait(computed=True)}),
    "running": Trait(default=True, in_place=True),
    "cluster": Trait(lacking="no cluster here"),
    "spec": Trait(
        in_place=True,
        fields={
            "image": Trait(in_place=True),
            "hosts": Trait(unordered=True),
            "ratio": Trait(in_place=True, default="0.0", alike=float),
            "mounts": Trait(in_place=True, unordered=True, fields={"source": Trait(in_place=True), "label": Trait()}),
            "check": Trait(in_place=True, computed=True, fields={"retries": Trait(in_place=True, default=3)}),
        },
    ),
}


def changed(old, new, observed=None):
    found = differences(THING, old, new, observed or {})
    return {path: (change.kind, change.replaces) for path, change in found.items()}


def test_defaults_are_filled_in_where_nothing_is_said():
    assert fill(THING, {"mode": None, "ports": [{"internal": 80}]}) == {
        "mode": "a",
        "ports": [{"internal": 80, "ip": "0.0.0.0"}],
        "running": True,
    }


def test_a_default_does_not_override_false():
    assert fill(THING, {"running": False})["running"] is False


def test_nested_defaults_are_filled_in_behind_a_secret():
    assert fill(THING, {"ports": Secret([{"internal": 80}])})["ports"] == Secret([{"internal": 80, "ip": "0.0.0.0"}])


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
        ({"spec": {"image": "a"}}, {"spec": {"image": "b"}}, {"spec.image": ("update", False)}),
        ({"spec": {"hosts": ["a"]}}, {"spec": {"hosts": ["b"]}}, {"spec.hosts": ("update", True)}),
        ({"spec": {"other": "a"}}, {"spec": {"other": "b"}}, {"spec.other": ("update", False)}),
        ({"spec": {"ratio": "0.0"}}, {"spec": {"ratio": "0"}}, {}),
        ({"spec": {"ratio": "0.1"}}, {"spec": {"ratio": "0.2"}}, {"spec.ratio": ("update", False)}),
        ({"spec": {"check": {"retries": 5}}}, {"spec": {"image": "a"}}, {"spec.image": ("add", False)}),
        ({"spec": {"image": "a"}}, {"spec": UNKNOWN}, {"spec": ("update", False)}),
        ({"spec": {"image": "a"}}, {"spec": {"image": UNKNOWN}}, {"spec.image": ("update", False)}),
        ({"spec": {"mounts": [{"source": "a"}]}}, {"spec": {"mounts": []}}, {"spec.mounts": ("delete", False)}),
        (
            {"spec": {"mounts": [{"source": "a", "label": "x"}, {"source": "b"}]}},
            {"spec": {"mounts": [{"source": "c"}, {"source": "a", "label": "x"}]}},
            {"spec.mounts": ("update", False)},
        ),
        (
            {"spec": {"mounts": [{"source": "a", "label": "x"}]}},
            {"spec": {"mounts": [{"source": "b", "label": "x"}]}},
            {"spec.mounts": ("update", True)},
        ),
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


def test_a_refresh_takes_over_no_part_of_an_object_that_nobody_asked_for():
    inputs = {"spec": {"image": "a", "ratio": "0.0"}}
    seen = {"spec": {"image": "b", "ratio": "0", "hosts": ["x"]}}
    assert refreshed(THING, inputs, seen) == {"spec": {"image": "b", "ratio": "0.0"}}


def test_a_part_that_is_gone_is_gone_after_a_refresh():
    assert refreshed(THING, {"spec": {"image": "a", "hosts": ["x"]}}, {"spec": {"image": "a"}}) == {
        "spec": {"image": "a"}
    }


def test_a_refreshed_secret_stays_secret():
    assert refreshed(THING, {"mode": Secret("a")}, {"mode": "b"}) == {"mode": Secret("b")}
    assert refreshed(THING, {"spec": {"image": Secret("a")}}, {"spec": {"image": "b"}}) == {
        "spec": {"image": Secret("b")}
    }


def test_a_rule_inside_an_object_has_its_path():
    traits = {"spec": Trait(fields={"ports": Trait(fields={"number": Trait(rule=lambda number: f"{number} is odd")})})}
    assert list(violations(traits, {"spec": {"ports": [{}, {"number": 3}]}})) == [("spec.ports[1].number", "3 is odd")]


def test_an_import_has_what_was_read_and_the_defaults():
    assert imported(THING, {"mode": "b", "size": 0, "tags": [], "other": 1}) == {"mode": "b", "running": True}


def test_rules_judge_known_values_only():
    assert list(violations(THING, {"size": -1})) == [("size", "-1 is not positive")]
    assert not list(violations(THING, {"size": UNKNOWN}))


def test_what_the_stand_in_lacks_is_refused():
    assert list(violations(THING, {"cluster": {"a": 1}})) == [
        ("cluster", "the stand-in lacks it (no cluster here); leave it out or use the official plugin")
    ]


def test_removing_a_computed_property_is_no_difference():
    assert same(Trait(computed=True), ["a"], [])
    assert not same(Trait(), ["a"], [])


def test_the_order_of_a_list_inside_the_objects_of_a_list_is_that_lists_own_affair():
    trait = Trait(fields={"envs": Trait(unordered=True)})
    assert same(trait, [{"envs": ["a", "b"]}], [{"envs": ["b", "a"]}])
    assert not same(trait, [{"args": ["a", "b"]}], [{"args": ["b", "a"]}])
    assert not same(trait, [{"envs": ["a"]}, {"envs": ["b"]}], [{"envs": ["b"]}, {"envs": ["a"]}])
