"""Variables in values: every form, where they come from, and the types that follow from a path."""

import pytest

from components import compose
from components.compose.template import substitute
from components.compose.tree import Invalid

ENV = {"SET": "value", "EMPTY": "", "DOLLAR": "$SET", "A1_b": "x"}

FORMS = {
    "$SET": "value",
    "${SET}": "value",
    "a${SET}b$SET.c": "avalueb" + "value.c",
    "$A1_b-": "x-",
    "[$UNSET]": "[]",
    "${SET:-d}": "value",
    "${EMPTY:-d}": "d",
    "${UNSET:-d}": "d",
    "${EMPTY-d}": "",
    "${UNSET-d}": "d",
    "${UNSET:-}": "",
    "${SET:+a}": "a",
    "${EMPTY:+a}": "",
    "${EMPTY+a}": "a",
    "${UNSET+a}": "",
    "${SET:?m}": "value",
    "${EMPTY?m}": "",
    "${UNSET:-${SET}}": "value",
    "${UNSET:-${ALSO:-${SET:+deep}}}": "deep",
    "${UNSET:-a:-b?c}": "a:-b?c",
    "${UNSET:-{}}": "{}",
    "${UNSET:-$$}": "$",
    "$$SET": "$SET",
    "$$$SET": "$value",
    "$${SET}": "${SET}",
    "$DOLLAR": "$SET",  # what a variable holds is not looked into
    "$1": "$1",
    "5$": "5$",
    "$ x": "$ x",
    "": "",
}


@pytest.mark.parametrize(("template", "expected"), FORMS.items())
def test_each_form_gives_what_the_specification_says(template, expected):
    assert substitute(template, ENV) == expected


REFUSED = {
    "${UNSET:?}": "required variable UNSET is not set",
    "${UNSET?why}": "required variable UNSET is not set: why",
    "${EMPTY:?why not $SET}": "required variable EMPTY is empty: why not value",
    "${}": '"${}" has an invalid ${...}',
    "${SET": '"${SET" has an invalid ${...}',
    "${SET!x}": '"${SET!x}" has an invalid ${...}',
    "${1}": '"${1}" has an invalid ${...}',
    "${UNSET:-${}}": '"${}" has an invalid ${...}',
}


@pytest.mark.parametrize(("template", "what"), REFUSED.items())
def test_what_is_no_form_is_refused(template, what):
    with pytest.raises(Invalid) as raised:
        substitute(template, ENV)
    assert raised.value.what == what


def test_keys_are_not_interpolated(load):
    app = load("services: {web: {image: x, environment: {$KEY: $VALUE}}}", {"KEY": "k", "VALUE": "v"})
    assert app.services["web"].environment == {"$KEY": "v"}


def test_the_caller_wins_over_the_projects_env_file(load):
    files = {".env": "A=file\nB=file\nC=$B-$GIVEN\n"}
    text = "services: {web: {image: '${A}-${B}-${C}'}}"
    app = load(text, {"A": "caller", "GIVEN": "x"}, files=files)
    assert app.services["web"].image == "caller-file-file-x"
    assert app.env == {
        "A": "caller",
        "B": "file",
        "C": "file-x",
        "GIVEN": "x",
        "COMPOSE_PROJECT_NAME": "project",
    }


def test_the_process_environment_is_not_read(load, monkeypatch):
    monkeypatch.setenv("TAG", "from the shell")
    assert load("services: {web: {image: 'x:${TAG:-default}'}}").services["web"].image == "x:default"


def test_the_projects_name_is_a_variable(load):
    app = load("name: ${NAME}\nservices: {web: {image: $COMPOSE_PROJECT_NAME}}", {"NAME": "Shop.1"})
    assert (app.name, app.services["web"].image) == ("shop1", "shop1")


def test_the_name_that_is_given_wins_over_the_variable_and_the_file(load):
    text = "name: file\nservices: {web: {image: x}}"
    assert load(text).name == "file"
    assert load(text, {"COMPOSE_PROJECT_NAME": "variable"}).name == "variable"
    assert load(text, {"COMPOSE_PROJECT_NAME": "variable"}, name="given").name == "given"


def test_a_value_gets_the_type_of_its_path(load):
    service = load(
        "services: {web: {image: x, read_only: $T, scale: $N, cpus: $F, ports: [{target: $N, published: $N}]}}",
        {"T": "true", "N": "3", "F": "0.5"},
    ).services["web"]
    assert (service.read_only, service.scale, service.cpus) == (True, 3, 0.5)
    assert (service.ports[0].target, service.ports[0].published) == (3, "3")


def test_profiles_come_from_the_variable_where_none_are_given(load):
    text = "services: {a: {image: x}, b: {image: x, profiles: [p]}, c: {image: x, profiles: [q]}}"
    assert list(load(text).services) == ["a"]
    assert list(load(text, {"COMPOSE_PROFILES": "p"}).services) == ["a", "b"]
    assert list(load(text, {"COMPOSE_PROFILES": "p"}, profiles=["q"]).services) == ["a", "c"]
    assert list(load(text, profiles=["*"]).services) == ["a", "b", "c"]


FIX = "give it a value in .env, slipway:env or slipway:secrets, or write ${X:-}"


def test_a_variable_that_is_not_set_is_a_warning_with_its_place(load):
    app = load("services:\n  web:\n    image: x$X\n    ports: ['80', '${X}81']\n")
    assert [str(warning) for warning in app.warnings] == [
        f"compose.yaml:3:5 services.web.image: variable X is not set and stands for nothing; {FIX}",
        f"compose.yaml:4:19 services.web.ports[1]: variable X is not set and stands for nothing; {FIX}",
    ]


def test_a_variable_in_a_default_that_is_used_is_one_that_is_not_set(load):
    app = load("services: {web: {image: 'x${A:-$X}${B:-${C-}}', labels: {l: '${SET:-$X}'}}}", {"SET": "1"})
    assert [warning.what for warning in app.warnings] == ["variable X is not set and stands for nothing"]


def test_files_of_variables_and_included_and_extended_files_warn_too(load):
    text = "include: [b.yaml]\nservices: {web: {image: x, env_file: a.env, extends: {file: c.yaml, service: c}}}"
    files = {
        ".env": "A=1\nB=$X\n",
        "a.env": "# c\nC='$X'\n\nD=\"$X\"\n",
        "b.yaml": "services: {b: {image: b$X}}",
        "c.yaml": "services: {c: {image: c$X}}",
    }
    assert [warning.where for warning in load(text, files=files).warnings] == [
        ".env:2",
        "b.yaml:1:16 services.b.image",
        "c.yaml:1:16 services.c.image",
        "a.env:4",
    ]


def test_the_canonical_form_gives_its_warnings_to_the_caller(write):
    write({"compose.yaml": "services: {web: {image: x$X}}"})
    warnings = []
    compose.resolve(["compose.yaml"], {}, warnings=warnings)
    assert [warning.where for warning in warnings] == ["compose.yaml:1:18 services.web.image"]


def test_variables_that_come_to_too_much_are_refused_once(refused):
    text = "services: {web: {image: x, labels: [" + ", ".join(["$A$A$A$A$A"] * 100) + "]}}"
    assert refused(text, {"A": "a" * 100_000}) == (
        "compose.yaml:1:277 services.web.labels[20]: the variables of the file come to more than 10000000 characters; "
        "write fewer variables of variables"
    )


def test_variables_of_variables_that_explode_are_refused(refused):
    lines = ["A0=" + "a" * 10] + [f"A{n}=" + f"$A{n - 1}" * 10 for n in range(1, 9)]
    assert refused("services: {web: {image: x}}", files={".env": "\n".join(lines)}) == (
        ".env:7: the variables of the file come to more than 10000000 characters; write fewer variables of variables"
    )


def test_defaults_of_defaults_have_a_limit(refused):
    def deep(levels):
        return "${A:-" * levels + "}" * levels

    assert substitute(deep(32), {}) == ""
    assert refused(f"services: {{web: {{image: 'x{deep(33)}'}}}}") == (
        "compose.yaml:1:18 services.web.image: variables nest more than 32 deep; write fewer defaults of defaults"
    )


OUT_OF_RANGE = {
    "cpus: 1e300": "cpus: 1e+300 is out of range; write a smaller number",
    "cpus: .inf": "cpus: +Inf is out of range; write a smaller number",
    "cpus: nan": 'cpus: "nan" is not a number; write digits',
    "cpus: ' 1'": 'cpus: " 1" is not a number; write digits',
    "scale: '1_0'": 'scale: "1_0" is not a whole number; write digits',
    "scale: '9999999999999999999'": "scale: 9999999999999999999 is out of range; write a smaller number",
    "scale: '\u0661'": 'scale: "\u0661" is not a whole number; write digits',
    "mem_limit: 9999999999g": "mem_limit: 9999999999g is too large; write less than 8 EiB",
    "stop_grace_period: 999999999999s": "stop_grace_period: 999999999999s is too long; write less than 292 years",
}


@pytest.mark.parametrize(("key", "message"), OUT_OF_RANGE.items())
def test_an_amount_that_no_platform_can_count_is_refused(refused, key, message):
    report = refused(f"services: {{web: {{image: x, {key}}}}}")
    assert report == f"compose.yaml:1:28 services.web.{message}"


def test_a_name_without_a_letter_or_digit_is_shown_as_it_was_written(refused):
    assert refused("name: é\nservices: {web: {image: x}}") == (
        '"é" makes no project name; write name: in the file, with a letter or digit'
    )
