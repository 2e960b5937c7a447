"""Environment variables and arguments: what Kubernetes is given, so that the process gets what the file says."""

import pytest
from apps import app, service
from scopes import scope

from components.model import Opaque, Parts, PreStart
from components.targets.kubernetes import environment

PASSWORD = Parts(["redis://:", Opaque("x", name="PASSWORD"), "@redis"])
ADDRESS = Parts(["http://", Opaque("10.0.0.1", secret=False)])


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("$HOME", "$HOME"),
        ("$(HOME)", "$$(HOME)"),
        ("$$(HOME)", "$$$$(HOME)"),
        ("$$", "$$$"),
        ("100$", "100$"),
        (Parts(["$(A)", Opaque("$(B)", secret=False)]), Parts(["$$(A)", Opaque("$(B)", secret=False)])),
    ],
)
def test_a_text_is_written_so_that_kubernetes_leaves_it_as_it_is(written: str, given: str) -> None:
    assert environment.literal(written) == given


def expanded(text: str) -> str:
    """As Kubernetes reads a text where no variable is defined (k8s.io/kubernetes, third_party/.../expand.go)."""
    found, at = "", 0
    while at < len(text):
        if text[at] != "$" or at + 1 == len(text):
            found += text[at]
            at += 1
        elif text[at + 1] == "$":
            found += "$"
            at += 2
        else:
            found += text[at : at + 2]
            at += 2
    return found


@pytest.mark.parametrize("text", ["", "$", "$$", "$$$", "a$b", "$(A)", "$$(A)", "$$$(A)", "$(", "${A}", "a$$"])
def test_what_is_written_is_read_as_it_was_meant(text: str) -> None:
    written = environment.literal(text)
    assert isinstance(written, str)
    assert "$(" not in written.replace("$$", "")
    assert expanded(written) == text


def test_plain_values_are_in_the_file_s_order_and_a_name_without_a_value_is_left_out() -> None:
    web = service("web", environment={"B": "1", "A": "", "NONE": None, "URL": ADDRESS})
    assert environment.variables(web, "web") == [
        {"name": "B", "value": "1"},
        {"name": "A", "value": ""},
        {"name": "URL", "value": ADDRESS},
    ]


def test_a_value_with_a_secret_is_in_a_secret_of_the_service_and_nowhere_else() -> None:
    web = service("web", environment={"A": "1", "REDIS": PASSWORD})
    assert environment.variables(web, "web")[1] == {
        "name": "REDIS",
        "valueFrom": {"secretKeyRef": {"name": "web-environment", "key": "REDIS"}},
    }
    [row] = environment.rows(scope(app(web)), web)
    assert (row.kind, row.key, row.service) == ("Secret", "web-environment", "web")
    assert row.args["type"] == "Opaque"
    assert row.args["stringData"] == {"REDIS": PASSWORD}


def test_a_step_has_a_secret_of_its_own_so_that_one_name_may_have_two_values() -> None:
    other = Parts([Opaque("y")])
    web = service("web", environment={"KEY": PASSWORD}, pre_start=(PreStart(environment={"KEY": other}),))
    rows = {row.key: row.args["stringData"] for row in environment.rows(scope(app(web)), web)}
    assert rows == {"web-pre-start-1-environment": {"KEY": other}, "web-environment": {"KEY": PASSWORD}}


def test_without_a_secret_there_is_no_object() -> None:
    web = service("web", environment={"A": "1", "URL": ADDRESS})
    assert list(environment.rows(scope(app(web)), web)) == []
