"""The plugin protocol, driven over gRPC in this process, with a toy package on the SDK of docker.

The engine itself is in `test_docker_cli.py`.
"""

import threading
from typing import ClassVar

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from standins.resource import InitFailedError, Resource, StandinError, State
from standins.sdk import Sdk
from standins.server import Package
from standins.traits import Trait
from standins.values import UNKNOWN, Secret, decode, encode

VOLUME = "docker:index/volume:Volume"
NETWORK = "docker:index/network:Network"


class ToyVolume(Resource):
    """Keeps its volumes in `world`; the driver's name says how it goes wrong."""

    token = VOLUME
    traits: ClassVar = {
        "name": Trait(computed=True),
        "labels": Trait(unordered=True),
        "driver": Trait(computed=True, in_place=True),
        "driverOpts": Trait(),
        "cluster": Trait(lacking="no cluster here"),
    }

    def __init__(self):
        self.world = {}

    def create(self, call, inputs):
        driver = inputs.get("driver")
        if driver == "refused":
            raise StandinError(f'volume "{inputs["name"]}": refused')
        if driver == "bug":
            raise KeyError("oops")
        if driver == "slow":
            call.sleep(60)
        outputs = {**inputs, "mountpoint": f"/mnt/{inputs['name']}"}
        self.world[inputs["name"]] = outputs
        if driver == "half":
            raise InitFailedError("did not come up", inputs["name"], outputs)
        return State(inputs["name"], outputs)

    def read(self, call, identity, known):
        return State(identity, self.world[identity]) if identity in self.world else None

    def update(self, call, identity, old, inputs):
        self.world[identity] = {**self.world[identity], **inputs}
        if inputs.get("driver") == "half":
            raise InitFailedError("did not come up", identity, self.world[identity])
        return State(identity, self.world[identity])

    def delete(self, call, identity, known):
        self.world.pop(identity, None)


class Fixed(ToyVolume):
    token = NETWORK
    importable = False


@pytest.fixture
def toy():
    return ToyVolume()


@pytest.fixture
def plugin(toy, serving):
    kinds = {VOLUME: toy, NETWORK: Fixed()}
    echo = {"docker:index/echo:echo": lambda _call, args: {"said": args["word"]}}
    with serving(Package("docker", Sdk("pulumi_docker"), kinds, configure=dict, invokes=echo)) as served:
        yield served


def refused(work):
    with pytest.raises(grpc.RpcError) as caught:
        work()
    return caught.value


def test_it_says_what_it_understands(plugin):
    answer = plugin.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    assert answer.accept_secrets
    assert answer.supports_autonaming_configuration
    assert plugin.configure().supportsPreview
    assert plugin.stub.GetPluginInfo(empty_pb2.Empty()).version == Sdk("pulumi_docker").version()
    assert '"name": "docker"' in plugin.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema


def test_a_name_is_generated_and_stays(plugin):
    first = plugin.check(VOLUME, {}, name="data", randomSeed=b"one")
    again = plugin.check(VOLUME, {}, olds=first, name="data", randomSeed=b"two")
    assert first["name"].startswith("data-")
    assert again == first


def test_a_replacement_gets_another_generated_name(plugin):
    first = plugin.check(VOLUME, {}, name="data", randomSeed=b"one")
    assert plugin.check(VOLUME, {}, name="data", randomSeed=b"two")["name"] != first["name"]


def test_a_name_that_was_given_is_not_kept_as_a_generated_one(plugin):
    assert plugin.check(VOLUME, {}, olds={"name": "mine"}, name="data")["name"].startswith("data-")


def test_the_engine_may_propose_the_name(plugin):
    options = provider_pb2.CheckRequest.AutonamingOptions(
        proposed_name="theirs", mode=provider_pb2.CheckRequest.AutonamingOptions.ENFORCE
    )
    assert plugin.check(VOLUME, {}, autonaming=options)["name"] == "theirs"


def test_without_autonaming_a_name_is_asked_for(plugin):
    options = provider_pb2.CheckRequest.AutonamingOptions(mode=provider_pb2.CheckRequest.AutonamingOptions.DISABLE)
    error = refused(lambda: plugin.check(VOLUME, {}, name="data", autonaming=options))
    assert error.details() == "data: it has no name, and autonaming is disabled; give it a name"


def test_every_wrong_property_is_a_failure_of_its_own(plugin):
    assert plugin.failures(VOLUME, {"drver": "x", "labels": 1}) == [
        'drver: no such property; did you mean "driver"? (known: cluster, driver, driverOpts, labels, name)',
        "labels: must be a list, not 1",
    ]


def test_secret_inputs_pass_the_check_as_secrets(plugin):
    assert plugin.check(VOLUME, {"name": "a", "driver": Secret("x")})["driver"] == Secret("x")


def test_an_output_whose_input_was_secret_is_secret(plugin):
    _, outputs = plugin.create(VOLUME, {"name": "a", "driver": Secret("x"), "driverOpts": {"k": Secret("v")}})
    assert outputs == {
        "name": "a",
        "driver": Secret("x"),
        "driverOpts": Secret({"k": "v"}),
        "mountpoint": "/mnt/a",
        "__standin": "docker",
    }


def test_a_preview_of_a_create_touches_nothing_and_says_what_is_not_known(plugin, toy):
    identity, outputs = plugin.create(VOLUME, {"name": "a"}, preview=True)
    assert identity == ""
    assert outputs == {"name": "a", "driver": UNKNOWN, "mountpoint": UNKNOWN}
    assert toy.world == {}


def test_a_preview_of_an_update_touches_nothing(plugin, toy):
    identity, outputs = plugin.create(VOLUME, {"name": "a", "driver": "x"})
    plugin.update(VOLUME, identity, outputs, {"name": "a", "driver": "y"}, preview=True)
    assert toy.world["a"]["driver"] == "x"


def test_an_update_returns_the_new_state_with_its_mark(plugin):
    identity, outputs = plugin.create(VOLUME, {"name": "a", "driver": "x"})
    after = plugin.update(VOLUME, identity, outputs, {"name": "a", "driver": Secret("y")})
    assert after["driver"] == Secret("y")
    assert after["__standin"] == "docker"


def test_a_refused_create_is_a_sentence(plugin):
    error = refused(lambda: plugin.create(VOLUME, {"name": "a", "driver": "refused"}))
    assert error.details() == 'volume "a": refused'


def test_a_bug_is_a_sentence_and_no_traceback(plugin):
    error = refused(lambda: plugin.create(VOLUME, {"name": "a", "driver": "bug"}))
    assert error.details() == "the docker stand-in failed: KeyError('oops')"
    assert error.code() == grpc.StatusCode.INTERNAL


def test_what_did_not_come_up_is_kept_tainted_and_replaced(plugin):
    error = refused(lambda: plugin.create(VOLUME, {"name": "a", "driver": Secret("half")}))
    identity, outputs, reasons = plugin.tainted(error)
    assert (identity, reasons) == ("a", ["did not come up"])
    assert outputs["__standin"] == "docker tainted"
    assert outputs["driver"] == Secret("half")
    inputs = {"name": "a", "driver": "half"}
    assert list(plugin.diff(VOLUME, inputs, inputs, olds=outputs).replaces) == ["__standin"]


def test_an_update_that_did_not_come_up_is_kept_and_not_replaced(plugin, toy):
    """The engine keeps it with its reasons, and updates it again even if the program says the same."""
    toy.world["a"] = {"name": "a"}
    state = {"name": "a", "__standin": "docker"}
    error = refused(lambda: plugin.update(VOLUME, "a", state, {"name": "a", "driver": Secret("half")}))
    identity, outputs, reasons = plugin.tainted(error)
    assert (identity, reasons) == ("a", ["did not come up"])
    assert outputs == {"name": "a", "driver": Secret("half"), "__standin": "docker"}
    inputs = {"name": "a", "driver": "half"}
    assert not plugin.diff(VOLUME, inputs, inputs, olds=outputs).replaces


def test_a_change_below_an_ignored_property_is_ignored(plugin):
    old, new = {"name": "a", "driverOpts": {"x": "1"}}, {"name": "a", "driverOpts": {"x": "2"}}
    assert list(plugin.diff(VOLUME, old, new).diffs) == ["driverOpts"]
    assert not plugin.diff(VOLUME, old, new, ignoreChanges=["driverOpts"]).diffs


def test_a_refresh_keeps_a_tainted_resource_tainted(plugin, toy):
    toy.world["a"] = {"name": "a"}
    _, outputs, _ = plugin.read(VOLUME, "a", {"name": "a", "__standin": "docker tainted"}, {"name": "a"})
    assert outputs["__standin"] == "docker tainted"


def test_a_refresh_of_what_is_gone_says_so(plugin):
    assert plugin.read(VOLUME, "a", {"name": "a", "__standin": "docker"}, {"name": "a"}) == ("", {}, {})


def test_a_refresh_shows_drift_in_the_inputs(plugin, toy):
    toy.world["a"] = {"name": "a", "driver": "other"}
    state = {"name": "a", "driver": "x", "__standin": "docker"}
    _, outputs, inputs = plugin.read(VOLUME, "a", state, {"name": "a", "driver": "x"})
    assert outputs["driver"] == "other"
    assert inputs == {"name": "a", "driver": "other"}


def test_an_import_fills_the_inputs(plugin, toy):
    toy.world["a"] = {"name": "a", "driver": "local", "labels": [], "mountpoint": "/mnt/a"}
    _, outputs, inputs = plugin.read(VOLUME, "a")
    assert inputs == {"name": "a", "driver": "local"}
    assert outputs["__standin"] == "docker"


def test_what_the_official_plugin_cannot_import_is_refused(plugin):
    error = refused(lambda: plugin.read(NETWORK, "a"))
    assert error.details() == f"{NETWORK}: cannot be imported (nor can the official plugin); create it"


@pytest.mark.parametrize("call", ["diff", "read", "update", "delete"])
def test_state_of_the_official_plugin_is_refused(plugin, call):
    state = {"name": "a"}
    work = {
        "diff": lambda: plugin.diff(VOLUME, state, state, olds=state),
        "read": lambda: plugin.read(VOLUME, "a", state, state),
        "update": lambda: plugin.update(VOLUME, "a", state, state),
        "delete": lambda: plugin.delete(VOLUME, "a", state),
    }[call]
    assert refused(work).details() == (
        "x: the official docker plugin wrote its state, and this is a stand-in;"
        " use the official plugin for this stack, or a new stack for the stand-in"
    )


def test_a_name_given_by_hand_is_deleted_before_it_is_replaced(plugin):
    by_hand = plugin.diff(VOLUME, {"name": "a"}, {"name": "a", "driverOpts": {"k": "v"}})
    assert by_hand.deleteBeforeReplace
    generated = {"name": "a-1", "__defaults": ["name"]}
    assert not plugin.diff(VOLUME, generated, {**generated, "driverOpts": {"k": "v"}}).deleteBeforeReplace


def test_an_ignored_change_is_none(plugin):
    answer = plugin.diff(VOLUME, {"driver": "a"}, {"driver": "b"}, ignoreChanges=["driver"])
    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_difference_says_how_each_property_changes(plugin):
    answer = plugin.diff(VOLUME, {"driver": "a"}, {"driver": "b", "driverOpts": {"k": "v"}})
    assert {name: diff.kind for name, diff in answer.detailedDiff.items()} == {
        "driver": provider_pb2.PropertyDiff.UPDATE,
        "driverOpts": provider_pb2.PropertyDiff.ADD_REPLACE,
    }
    assert list(answer.replaces) == ["driverOpts"]


def test_cancel_ends_a_wait(plugin, in_background):
    waiting = in_background(lambda: plugin.create(VOLUME, {"name": "a", "driver": "slow"}))
    threading.Event().wait(0.3)
    plugin.stub.Cancel(empty_pb2.Empty())
    error = waiting.exception(timeout=5)
    assert error.details() == "x: cancelled"


def test_a_type_that_the_stand_in_lacks_is_named(plugin):
    error = refused(lambda: plugin.failures("docker:index/tag:Tag", {}))
    assert error.details() == (
        f"docker:index/tag:Tag: the docker stand-in lacks it (it has {NETWORK}, {VOLUME}); use the official plugin"
    )


def test_a_type_that_nobody_has_is_refused_with_a_suggestion(plugin):
    error = refused(lambda: plugin.failures("docker:index/volume:Volum", {}))
    assert error.details().startswith(
        'docker:index/volume:Volum: no such type; did you mean "docker:index/volume:Volume"?'
    )


def test_a_function_call_is_answered_or_refused(plugin):
    answer = plugin.stub.Invoke(provider_pb2.InvokeRequest(tok="docker:index/echo:echo", args=encode({"word": "a"})))
    assert decode(getattr(answer, "return")) == {"said": "a"}
    call = provider_pb2.InvokeRequest(tok="docker:index/getNetwork:getNetwork")
    error = refused(lambda: plugin.stub.Invoke(call))
    assert error.details() == (
        "docker:index/getNetwork:getNetwork: the docker stand-in lacks it; use the official plugin"
    )


def test_a_wrong_setting_of_the_provider_is_a_failure(plugin):
    news = encode({"hst": "unix:///x", "sshOpts": '["-p", 1]', "version": "5.2.0"})
    answer = plugin.stub.CheckConfig(
        provider_pb2.CheckRequest(urn="urn:pulumi:t::p::pulumi:providers:docker::d", news=news)
    )
    assert [failure.reason.split(" (known")[0] for failure in answer.failures] == [
        'hst: no such property; did you mean "host"?',
        "sshOpts[1]: must be a string, not 1",
    ]


def test_another_host_does_not_replace_the_provider(plugin):
    answer = plugin.stub.DiffConfig(
        provider_pb2.DiffRequest(old_inputs=encode({"host": "unix:///a"}), news=encode({"host": "unix:///b"}))
    )
    assert list(answer.diffs) == ["host"]
    assert not answer.replaces
