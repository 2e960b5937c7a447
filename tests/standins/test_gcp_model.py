"""Google's discovery documents, as the gcp stand-in reads them; no cloud."""

import pytest

from standins.gcp import model
from standins.gcp.identity import filled, parsed
from standins.gcp.shown import shown
from standins.sdk import Sdk
from standins.values import UNKNOWN

CREATE = model.method("run.v2", "projects.locations.services.create")
SERVICE = CREATE.request


def body(given, spelled=None):
    return model.body("run.v2", SERVICE, given, spelled or {})


def problems(value):
    return list(model.problems("run.v2", SERVICE, value))


def test_a_method_says_its_verb_its_path_and_what_comes_back():
    assert (CREATE.verb, CREATE.path, CREATE.response) == (
        "POST",
        "v2/{+parent}/services",
        "GoogleLongrunningOperation",
    )
    assert CREATE.parameters["serviceId"]["location"] == "query"


def test_lists_lose_the_plural_that_the_provider_gives_them_and_one_object_is_a_list():
    container = {
        "image": "x",
        "ports": {"containerPort": 80},
        "envs": [{"name": "A", "value": ""}],
        "dependsOns": ["b"],
    }
    assert body({"template": {"containers": [container]}, "traffics": [{"percent": 100}]}) == {
        "template": {
            "containers": [{"image": "x", "ports": [{"containerPort": 80}], "env": [{"name": "A"}], "dependsOn": ["b"]}]
        },
        "traffic": [{"percent": 100}],
    }


def test_what_is_false_or_nought_is_sent_and_what_is_unset_or_empty_is_not():
    given = {"invokerIamDisabled": False, "scaling": {"minInstanceCount": 0}, "client": "", "customAudiences": []}
    assert body({**given, "description": None}) == {"invokerIamDisabled": False, "scaling": {"minInstanceCount": 0}}


def test_an_object_without_members_is_sent():
    wanted = model.method("secretmanager.v1", "projects.secrets.create").request
    sent = model.body("secretmanager.v1", wanted, {"replication": {"auto": {}}}, {"replication.auto": "automatic"})
    assert sent == {"replication": {"automatic": {}}}


def test_a_large_number_travels_as_a_text():
    wanted = model.method("storage.v1", "buckets.insert").request
    assert model.body("storage.v1", wanted, {"softDeletePolicy": {"retentionDurationSeconds": 0}}, {}) == {
        "softDeletePolicy": {"retentionDurationSeconds": "0"}
    }


def test_the_keys_of_a_map_stay_as_they_are():
    given = {
        "labels": {"slipway-application": "shop"},
        "template": {"containers": [{"resources": {"limits": {"a": "1"}}}]},
    }
    assert body(given) == given


def test_a_name_that_the_model_does_not_know_is_not_dropped():
    assert body({"labelz": {"a": "b"}}) == {"labelz": {"a": "b"}}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"uri": "https://x"}, [("uri", "is output only")]),
        ({"labels": {"a": 1}}, [("labels.a", "must be a string, not 1")]),
        ({"labels": ["a"]}, [("labels", "must be an object, not a list")]),
        ({"traffic": {"percent": 100}}, [("traffic", "must be a list, not an object")]),
        ({"traffic": [{"percent": True}]}, [("traffic[0].percent", "must be a whole number, not true")]),
        ({"invokerIamDisabled": "yes"}, [("invokerIamDisabled", "must be true or false, not 'yes'")]),
        ({"template": {"timeout": "5m"}}, [("template.timeout", "'5m' is no duration")]),
        (
            {"traffic": [{"percent": 2**31}]},
            [("traffic[0].percent", "2147483648 is not from -2.14748e+09 to 2.14748e+09")],
        ),
        (
            {"launchStage": "LAUNCH_STAGE_UNSPECIFIED"},
            [
                (
                    "launchStage",
                    "'LAUNCH_STAGE_UNSPECIFIED' is not one of UNIMPLEMENTED, PRELAUNCH, EARLY_ACCESS, ALPHA, BETA, GA, "
                    "DEPRECATED",
                )
            ],
        ),
    ],
)
def test_what_the_model_does_not_take_is_refused_in_these_words(value, told):
    assert problems(value) == told


def test_a_member_that_there_is_not_is_refused_with_the_one_that_was_meant():
    ((path, wrong), _) = problems({"template": {"containers": [{"imag": "x"}]}})
    assert path == "template.containers[0].imag"
    assert wrong.startswith('no such member of GoogleCloudRunV2Container; did you mean "image"?')


def test_what_only_its_description_says_to_be_an_output_is_refused():
    wanted = model.method("compute.v1", "networks.insert").request
    assert list(model.problems("compute.v1", wanted, {"selfLink": "x"})) == [("selfLink", "is output only")]


def test_content_that_is_not_base64_is_refused():
    wanted = model.method("secretmanager.v1", "projects.secrets.addVersion").request
    given = {"payload": {"data": "not base64!"}}
    assert list(model.problems("secretmanager.v1", wanted, given)) == [("payload.data", "is not base64")]


def test_what_a_description_says_to_be_required_is():
    """Of the thing itself it may be a parameter of the call."""
    assert problems({"template": {"containers": [{"image": "x", "env": [{"value": "1"}]}]}}) == [
        ("template.containers[0].env[0].name", "is required")
    ]
    assert problems({}) == []


def test_what_is_not_known_yet_is_taken():
    assert problems({"labels": UNKNOWN, "template": {"containers": [UNKNOWN, {"image": UNKNOWN}]}}) == []


def test_a_parameter_is_held_to_its_form_and_its_name():
    assert list(model.misplaced(CREATE, {"parent": "projects/a"})) == [
        ("parent", "'projects/a' does not match ^projects/[^/]+/locations/[^/]+$")
    ]
    ((name, wrong),) = model.misplaced(CREATE, {"serviceIds": "b"})
    assert (name, wrong.partition(" (")[0]) == ("serviceIds", 'no such parameter; did you mean "serviceId"?')


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": False, "b": 0}, True),
        ({}, {"a": True}, False),
        ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}, True),
        ({"a": [1, 2]}, {"a": [1]}, False),
    ],
)
def test_what_google_filled_in_is_no_difference(found, wanted, same):
    assert model.covers(found, wanted) is same


def test_what_was_read_is_shown_under_the_names_of_the_provider():
    hint = Sdk("pulumi_gcp").schema("gcp:cloudrunv2/service:Service").inputs["template"].type
    found = {
        "containers": [{"image": "x", "env": [{"name": "A", "value": "1"}], "ports": [{"containerPort": 80}]}],
        "satisfiesPzs": True,
    }
    assert shown(hint, found, {}, "template") == {
        "containers": [{"image": "x", "envs": [{"name": "A", "value": "1"}], "ports": {"containerPort": 80}}]
    }


def test_an_id_is_made_of_inputs_and_says_them():
    template = "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com"
    identity = "projects/demo/serviceAccounts/web@demo.iam.gserviceaccount.com"
    assert filled(template, {"project": "demo", "accountId": "web"}) == identity
    assert parsed(template, identity) == {"project": "demo", "accountId": "web"}
    assert parsed(template, "web") == {}


def test_an_id_of_what_is_not_known_is_not_known():
    assert filled("projects/{project}", {"project": UNKNOWN}) is UNKNOWN
    assert filled("projects/{project}", {}) is UNKNOWN
