"""How Google is asked. Not proved: that Google knows the credentials."""

from typing import Any

import google.auth
import google.auth.impersonated_credentials
import google.auth.transport.requests
import google.oauth2.credentials
import pulumi
import pytest
import requests
from cloudrun_scopes import access

from components.targets.cloudrun import client


class Session:
    """Takes requests, and answers what it was told."""

    answer: Any = None
    asked: Any = None

    def __init__(self, credentials: Any) -> None:
        type(self).credentials = credentials

    def request(self, *words: Any, **more: Any) -> requests.Response:
        """Remember what was asked for."""
        type(self).asked = (words, more)
        found = requests.Response()
        found.status_code, found._content = self.answer
        return found


@pytest.fixture(autouse=True)
def a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google.auth.transport.requests, "AuthorizedSession", Session)
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "word")
    monkeypatch.delenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", raising=False)


def answered(code: int, content: bytes) -> dict[str, Any]:
    Session.answer = (code, content)
    return client.Client(access()).get("run", "v2/things", pageSize=5)


def test_an_answer_is_read_and_waited_for_for_three_seconds() -> None:
    assert answered(200, b'{"a": 1}') == {"a": 1}
    assert Session.asked == (
        ("GET", "https://run.googleapis.com/v2/things"),
        {"timeout": 3.0, "params": {"pageSize": 5}},
    )


def test_a_long_question_is_in_a_body() -> None:
    Session.answer = (200, b"{}")
    assert client.Client(access()).post("logging", "v2/entries:list", {"filter": "x"}) == {}
    assert Session.asked == (
        ("POST", "https://logging.googleapis.com/v2/entries:list"),
        {"timeout": 3.0, "json": {"filter": "x"}},
    )


def test_a_refusal_has_googles_words() -> None:
    body = (
        b'{"error": {"status": "PERMISSION_DENIED", "message": "Run is off", "details": [{}, {"reason": '
        b'"SERVICE_DISABLED"}]}}'
    )
    with pytest.raises(client.RefusedError) as raised:
        answered(403, body)
    found = raised.value
    assert (found.code, found.status, found.reason, str(found)) == (
        403,
        "PERMISSION_DENIED",
        "SERVICE_DISABLED",
        "Run is off",
    )


@pytest.mark.parametrize(("code", "content"), [(502, b"<html>"), (200, b"[]"), (500, b'{"error": "no"}')])
def test_what_is_no_answer_of_googles_is_a_refusal(code: int, content: bytes) -> None:
    with pytest.raises(client.RefusedError) as raised:
        answered(code, content)
    assert str(raised.value) == f"HTTP {code}"


@pytest.mark.parametrize(
    ("api", "base"),
    [
        ("run", "https://run.googleapis.com/"),
        ("compute", "https://compute.googleapis.com/compute/v1/"),
        ("storage", "https://storage.googleapis.com/storage/v1/"),
    ],
)
def test_an_api_is_at_its_own_host(api: str, base: str) -> None:
    assert client.base(api) == base


@pytest.mark.parametrize("given", ["http://127.0.0.1:8080/run/", "http://127.0.0.1:8080/run"])
def test_gclouds_own_variable_leads_elsewhere(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", given)
    assert client.base("run") == "http://127.0.0.1:8080/run/"


def test_a_token_of_the_environment_comes_first() -> None:
    assert client.credentials(access()).token == "word"


def test_without_one_the_credentials_are_those_of_the_users_own_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOOGLE_OAUTH_ACCESS_TOKEN")
    monkeypatch.setattr(google.auth, "default", lambda scopes: ("own", list(scopes)))
    assert client.credentials(access()) == "own"


def test_a_service_account_of_the_settings_is_taken_on() -> None:
    found = client.credentials(access(impersonate="deploy@shop-1.iam.gserviceaccount.com"))
    assert isinstance(found, google.auth.impersonated_credentials.Credentials)
    assert found.service_account_email == "deploy@shop-1.iam.gserviceaccount.com"


@pytest.mark.parametrize(("number", "known"), [("123456789012", True), (pulumi.Output.from_input("later"), False)])
def test_a_project_that_is_not_known_yet_cannot_be_asked(number: Any, known: bool) -> None:
    assert client.can_ask(access(number=number)) is known
