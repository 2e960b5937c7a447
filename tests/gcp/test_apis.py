"""How the APIs of the tests' own cloud answer. It runs no Slipway."""

import pytest
import requests

from tests.gcp.client import HERE, PROJECT, RefusedError
from tests.gcp.scratch import Scratch

pytestmark = [pytest.mark.engine, pytest.mark.google]

SECRETS = f"projects/{PROJECT}/secrets"


def test_a_call_without_a_token_is_refused(scratch: Scratch) -> None:
    answer = requests.get(f"{scratch.google.cloud.endpoint('run')}v2/{HERE}/services", timeout=5)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_an_api_that_is_not_enabled_and_another_project_are_refused(scratch: Scratch) -> None:
    with pytest.raises(RefusedError, match=r"sqladmin.googleapis.com has not been used in project 123456789012 before"):
        scratch.google.ask("GET", "sql", f"projects/{PROJECT}/instances")
    with pytest.raises(RefusedError, match="Permission denied on resource project other-project"):
        scratch.google.ask("GET", "secretmanager", "projects/other-project/secrets")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"replication": {"automatic": {}}, "lables": {}}, 'Unknown name "lables": Cannot find field'),
        ({"replication": {"automatic": {}}, "labels": {"a": 1}}, r"Invalid value at 'labels.a' \(string\), 1"),
        ({"replication": {"automatic": {}}, "ttl": "5 minutes"}, "Invalid value at 'ttl'"),
    ],
)
def test_a_body_that_the_document_does_not_know_is_refused(scratch: Scratch, body, why) -> None:
    with pytest.raises(RefusedError, match=why):
        scratch.google.ask("POST", "secretmanager", SECRETS, body, secretId=scratch.name)


def test_an_unknown_parameter_is_refused(scratch: Scratch) -> None:
    with pytest.raises(RefusedError, match=r'Unknown name "secretid": Cannot bind query parameter'):
        scratch.google.ask("POST", "secretmanager", SECRETS, {"replication": {"automatic": {}}}, secretid="x")


def test_what_is_there_is_not_made_twice_and_what_is_not_is_not_found(scratch: Scratch) -> None:
    scratch.google.account(scratch.name)
    with pytest.raises(RefusedError, match="already exists") as refused:
        scratch.google.account(scratch.name)
    assert refused.value.code == 409
    assert scratch.google.find("secretmanager", f"{SECRETS}/none") is None


def test_a_policy_that_was_changed_meanwhile_is_not_overwritten(scratch: Scratch) -> None:
    scratch.google.secret(scratch.name, "x", scratch.google.account(scratch.name))
    old = {"policy": {"bindings": [], "etag": "old"}}
    with pytest.raises(RefusedError, match="There were concurrent policy changes") as refused:
        scratch.google.ask("POST", "secretmanager", f"{SECRETS}/{scratch.name}:setIamPolicy", old)
    assert refused.value.code == 409


def test_an_account_that_is_not_there_gets_no_role(scratch: Scratch) -> None:
    with pytest.raises(
        RefusedError, match=r"Service account nobody@slipway-tests.iam.gserviceaccount.com does not exist"
    ):
        scratch.google.secret(scratch.name, "x", "nobody@slipway-tests.iam.gserviceaccount.com")


def test_a_destroyed_version_is_read_no_more(scratch: Scratch) -> None:
    scratch.google.secret(scratch.name, "x")
    version = f"{SECRETS}/{scratch.name}/versions/1"
    assert scratch.google.ask("GET", "secretmanager", f"{version}:access")["payload"]["data"] == "eA=="
    scratch.google.ask("POST", "secretmanager", f"{version}:destroy", {})
    with pytest.raises(RefusedError, match="is in DESTROYED state"):
        scratch.google.ask("GET", "secretmanager", f"{version}:access")
