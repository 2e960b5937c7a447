"""What the settings of a provider come to. Nothing is asked here: the answer of AWS is made up."""

import pytest

from standins.aws.cloud import Cloud
from standins.resource import StandinError

SETTINGS = {"region": "eu-central-1", "accessKey": "a", "secretKey": "b"}


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr(Cloud, "send", lambda self, service, operation, given: {"Account": "111122223333"})


def test_an_account_that_is_not_allowed_is_refused_in_the_official_words() -> None:
    with pytest.raises(StandinError) as caught:
        Cloud({**SETTINGS, "allowedAccountIds": ["444455556666"]})
    assert str(caught.value) == "aws: AWS account ID not allowed: 111122223333"


@pytest.mark.parametrize("allowed", [None, [], ["444455556666", "111122223333"]])
def test_any_other_is_taken(allowed: list[str] | None) -> None:
    assert Cloud({**SETTINGS, "allowedAccountIds": allowed}).region == "eu-central-1"
