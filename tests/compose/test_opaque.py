"""Secrets and outputs on their way from the caller's variables to the model. None may be read or shown."""

import pytest

from components import compose
from components.model import Opaque, Parts

MARKER = "hunter2-marker"
SECRET = Opaque(MARKER, name="PASSWORD")
ENV = {"PASSWORD": Parts([SECRET])}


def test_a_value_that_contains_a_secret_is_parts(load):
    app = load("services: {web: {image: x, environment: ['URL=db://u:${PASSWORD}@db/x']}}", ENV)
    url = app.services["web"].environment["URL"]
    assert url == Parts(["db://u:", SECRET, "@db/x"])
    assert url.secret


def test_a_secret_counts_as_set_and_as_not_empty(load):
    text = "services: {web: {image: x, environment: {A: '${PASSWORD:-d}', B: '${PASSWORD:?m}', C: '${PASSWORD:+yes}'}}}"
    environment = load(text, ENV).services["web"].environment
    assert environment == {"A": Parts([SECRET]), "B": Parts([SECRET]), "C": "yes"}


def test_a_command_is_split_around_a_secret(load):
    text = "services: {web: {image: x, command: 'run --password=${PASSWORD} now', healthcheck: {test: 'a $PASSWORD'}}}"
    service = load(text, ENV).services["web"]
    assert service.command == ("run", Parts(["--password=", SECRET]), "now")
    assert service.healthcheck.test == ("CMD-SHELL", Parts(["a ", SECRET]))


def test_a_variable_without_value_takes_a_secret_from_the_caller(load):
    app = load("services: {web: {image: x, environment: [PASSWORD, OTHER]}}", ENV)
    assert app.services["web"].environment == {"PASSWORD": Parts([SECRET]), "OTHER": None}


def test_files_of_variables_may_refer_to_a_secret(load):
    text = "services: {web: {image: x, env_file: a.env, environment: {B: $FROM_DOTENV}}}"
    app = load(text, ENV, files={"a.env": "A=<$PASSWORD>\n", ".env": "FROM_DOTENV=[$PASSWORD]\n"})
    assert app.services["web"].environment == {"A": Parts(["<", SECRET, ">"]), "B": Parts(["[", SECRET, "]"])}
    assert app.env["FROM_DOTENV"] == Parts(["[", SECRET, "]"])


def test_the_content_of_a_config_may_hold_a_secret(load):
    text = "services: {web: {image: x, configs: [c]}}\nconfigs: {c: {content: 'pw=$PASSWORD'}}"
    assert load(text, ENV).configs["c"].content == Parts(["pw=", SECRET])


DECIDED = {
    "scale: $PASSWORD": "scale: a number holds a secret or an output, which is not known yet; write a plain value here",
    "ports: ['$PASSWORD:80']": (
        "ports[0]: a port holds a secret or an output, which is not known yet; write a plain value here"
    ),
    "read_only: $PASSWORD": (
        "read_only: a boolean holds a secret or an output, which is not known yet; write a plain value here"
    ),
    "stop_grace_period: $PASSWORD": (
        "stop_grace_period: a duration holds a secret or an output, which is not known yet; write a plain value here"
    ),
    "mem_limit: $PASSWORD": (
        "mem_limit: a size holds a secret or an output, which is not known yet; write a plain value here"
    ),
    "profiles: [$PASSWORD]": (
        "profiles[0]: a profile holds a secret or an output, which is not known yet; write a plain value here"
    ),
    "extra_hosts: ['db=$PASSWORD']": (
        "extra_hosts[0]: a plain string depends on PASSWORD, which is opaque here; write a plain value"
    ),
    "user: $PASSWORD": "user: a plain string depends on PASSWORD, which is opaque here; write a plain value",
    "deploy: {endpoint_mode: $PASSWORD}": (
        "deploy.endpoint_mode: a plain string depends on PASSWORD, which is opaque here; write a plain value"
    ),
    "pull_policy: $PASSWORD": 'pull_policy: "<PASSWORD>" is not well formed; it has to match ',
    "depends_on: [$PASSWORD]": 'depends_on.<PASSWORD>: undefined service "<PASSWORD>"; (known: web)',
    "command: 'a ''$PASSWORD'": 'command: "a \'<PASSWORD>" has a quote or backslash that is not closed',
}


@pytest.mark.parametrize(("key", "message"), DECIDED.items())
def test_where_the_loader_has_to_decide_a_secret_is_one_error_that_does_not_show_it(refused, key, message):
    report = refused(f"services: {{web: {{image: x, {key}}}}}", ENV)
    assert message in report
    assert len(report.splitlines()) == 1
    assert MARKER not in report


def test_an_output_is_carried_as_a_secret_is(load):
    output = object()
    app = load(
        "services: {web: {image: 'x', hostname: h, labels: {l: $O}}}", {"O": Parts([Opaque(output, secret=False)])}
    )
    label = app.services["web"].labels["l"]
    assert label[0].value is output
    assert not label.secret


def test_the_canonical_form_masks_nothing_away(write):
    write({"compose.yaml": "services: {web: {image: x, labels: {l: a$PASSWORD}}}"})
    root = compose.resolve(["compose.yaml"], ENV)
    assert root["services"]["web"]["labels"]["l"] == Parts(["a", SECRET])


def test_no_form_of_the_application_shows_a_secret(load):
    app = load("services: {web: {image: x, environment: {A: $PASSWORD}}}", ENV)
    assert MARKER not in repr(app)
    assert MARKER not in str(app)


def test_a_secret_stays_parts_through_extends_merge_and_include(write):
    write(
        {
            "compose.yaml": (
                "include: [more.yaml]\nservices: {web: {image: x, extends: {file: base.yaml, service: base}}}"
            ),
            "over.yaml": "services: {web: {environment: {B: 'b$PASSWORD'}, command: 'run $PASSWORD'}}",
            "base.yaml": "services: {base: {environment: ['A=a$PASSWORD', B=old], labels: {l: '$PASSWORD!'}}}",
            "more.yaml": "services: {more: {image: y, hostname: h, environment: {C: $PASSWORD}}}",
        }
    )
    app = compose.load(["compose.yaml", "over.yaml"], ENV)
    web = app.services["web"]
    assert web.environment == {"A": Parts(["a", SECRET]), "B": Parts(["b", SECRET])}
    assert (web.labels["l"], web.command) == (Parts([SECRET, "!"]), ("run", Parts([SECRET])))
    assert app.services["more"].environment["C"] == Parts([SECRET])


def test_a_secret_beside_a_variable_that_is_not_set_is_not_in_the_warning(load):
    app = load("services: {web: {image: x, environment: {A: '$PASSWORD$GONE'}}}", ENV)
    assert app.services["web"].environment["A"] == Parts([SECRET])
    assert [warning.what for warning in app.warnings] == ["variable GONE is not set and stands for nothing"]
    assert MARKER not in str(app.warnings)
