"""Stack files: found, written and judged before anything is set up for them."""

import pytest

from toolchain import commands, stack, stack_file
from toolchain.steps import Steps


@pytest.fixture
def write(places):
    def run(text, name="mine"):
        (places.checkout / "stacks" / f"Pulumi.{name}.yaml").write_text(text)
        return places

    return run


@pytest.fixture
def user(monkeypatch, tmp_path):
    """A user without a login, and the Engine of this machine."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN", "PULUMI_HOME", "DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)


def test_an_unknown_stack_is_told_with_the_likely_one(write, refused):
    places = write("", name="production")
    assert refused(stack_file.find, places, "prodution") == (
        'there is no stack "prodution": did you mean "production"? (known: production); '
        "run `make new STACK=prodution COMPOSE=<file>` to make it"
    )


def test_a_name_that_no_stack_can_have_is_told(places, refused):
    for name in ("", "a b", "../x"):
        assert (
            refused(stack_file.find, places, name) == f'"{name}" is no name of a stack; use letters, digits, -, _ and .'
        )


@pytest.mark.parametrize("verb", ["up", "down"])
def test_an_unknown_stack_costs_no_set_up(places, refused, monkeypatch, verb):
    monkeypatch.setattr(commands, "_setup", lambda *args: pytest.fail("set-up began"))
    assert refused(commands.VERBS[verb].run, places, ["--stack", "x"]).startswith('there is no stack "x"')


@pytest.mark.parametrize("verb", ["recover", "env"])
def test_without_set_up_the_message_says_so(places, refused, verb):
    """A folder that an interrupted set-up left is no virtual environment."""
    places.python.parent.mkdir(parents=True)
    places.python.touch()
    assert refused(commands.VERBS[verb].run, places, []) == (
        "nothing is set up here yet; run `python3 -m toolchain setup`"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("config: [a", "Pulumi.mine.yaml:1: it is no YAML (expected ',' or ']', but got '<stream end>'); mend it"),
        ("- a", "Pulumi.mine.yaml: it is no mapping; write `config:` with the settings below"),
        (
            "config: [a]",
            "Pulumi.mine.yaml: its `config` is no mapping; write a line `slipway:<key>: <value>` for each setting",
        ),
        (
            "config: {slipway:compose: [x]}",
            "stack mine: no value for slipway:target; run `pulumi config set slipway:target docker`",
        ),
        (
            "config: {slipway:target: docker, slipway:cluster: 5}",
            "stack mine: slipway:cluster is 5, not a mapping of names to values; "
            "run `pulumi config set --path slipway:cluster.<name> <value>`",
        ),
        ("config: {slipway:target: cloudrum}", 'unknown target "cloudrum": did you mean "cloudrun"?'),
    ],
)
def test_what_is_wrong_in_the_file_is_told_before_its_backend(write, user, refused, text, message):
    assert refused(stack.prepare, write(text), "mine").startswith(message)


def test_every_problem_is_told_at_once(write, user, refused):
    places = write("config: {slipway:target: k8, slipway:mode: x}")
    wrong_mode, wrong_target = refused(stack.prepare, places, "mine").splitlines()
    assert wrong_mode.startswith('stack mine: unknown slipway:mode "x"')
    assert wrong_target.startswith('unknown target "k8": did you mean "kubernetes"?')


def test_what_is_encrypted_is_not_judged():
    stack.check({"slipway:target": "docker", "slipway:secrets": {"A": {"secure": "v1:x"}}}, "stack mine")


def test_a_stack_elsewhere_needs_a_backend_of_its_own(write, user, refused):
    places = write("config: {slipway:target: docker, slipway:cluster: {existing: {host: ssh://far}}}")
    assert refused(stack.prepare, places, "mine") == (
        "stack mine: it is not on this machine, and needs a backend of its own; "
        "run `pulumi login`, or set PULUMI_BACKEND_URL and PULUMI_CONFIG_PASSPHRASE_FILE"
    )


@pytest.mark.parametrize(
    ("config", "local"),
    [
        ({"slipway:target": "docker"}, True),
        ({"slipway:target": "docker", "slipway:cluster": {"existing": {"host": "unix:///x"}}}, True),
        ({"slipway:target": "docker", "slipway:cluster": {"existing": {"host": "tcp://far"}}}, False),
        ({"slipway:target": "docker", "slipway:cluster": 5}, True),
        ({"slipway:target": "swarm"}, True),
        ({"slipway:target": "swarm", "slipway:cluster": {"existing": {"host": "ssh://far"}}}, False),
        ({"slipway:target": "swarm", "slipway:cluster": {"new": {"kind": "swarm"}}}, True),
        ({"slipway:target": "swarm", "slipway:cluster": {"new": {"kind": "swarm", "host": "ssh://far"}}}, False),
        ({"slipway:target": "kubernetes"}, False),
        ({}, False),
    ],
)
def test_local_is_what_runs_on_this_machines_engine(user, config, local):
    assert stack.is_local(config) is local


CLUSTER = "config: {slipway:cluster: {new: {kind: ecs, region: eu-central-1}}}"


def test_the_stack_of_a_cluster_has_no_target(write, user, monkeypatch):
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///backend")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "x")
    assert stack.prepare(write(CLUSTER, "edge"), "edge").target == ""


class Deployed:
    """The CLI of a stack that comes up, and is asked for nothing."""

    target = ""

    def show(self, *words, steps):
        return 0, ["    + 2 created"]


def test_a_cluster_that_is_up_says_how_applications_take_it(write, user, monkeypatch, capsys):
    """That it comes up is not proved."""
    monkeypatch.setattr(stack, "prepare", lambda places, name: Deployed())
    monkeypatch.setattr(stack.recover, "run", lambda places, cli: "nothing")
    assert stack.up(write(CLUSTER, "edge"), Steps(), "edge") == 0
    assert "applications take it by `slipway:cluster: {stack: edge}`" in capsys.readouterr().out


def test_a_new_stack_is_a_file_to_edit(places):
    (places.checkout / "compose.yaml").write_text("services: {}")
    assert stack.new(places, "mine", "compose.yaml", "docker").read_text() == (
        "config:\n"
        "  pulumi:disable-default-providers:\n  - '*'\n"
        "  slipway:target: docker\n"
        "  slipway:compose:\n  - compose.yaml\n"
    )


def test_a_new_stack_does_not_overwrite_one(write, refused):
    assert refused(stack.new, write(""), "mine", "compose.yaml", "docker") == (
        "stacks/Pulumi.mine.yaml: it is there already; edit it, or take another name with STACK=<name>"
    )


def test_a_new_stack_wants_a_compose_file_that_is_there(places, refused):
    assert refused(stack.new, places, "mine", "compose.yaml", "docker") == (
        "compose.yaml: there is no such file; name your Compose file with COMPOSE=<file>"
    )


@pytest.mark.parametrize("line", ["    + 2 created", "    ~ 1 updated", "    +-2 replaced", "    - 1 deleted"])
def test_a_summary_with_a_change_tells_of_one(line):
    assert stack.changed(["Resources:", line, "    12 unchanged"])


def test_a_summary_without_a_change_tells_of_none():
    assert not stack.changed(["Image web .... created", "Resources:", "    20 unchanged", "Duration: 3s"])
