"""The sample application, unchanged, on a platform that a stack of its own made, on the tests' own Google Cloud.

It shows that all of Slipway for Cloud Run comes together: network, names, images, services, worker pools, files, and
Memorystore in place of the file's Redis. See `on_cloudrun.py` for what of Google it does not prove. Artifact Registry
is a registry on loopback: logging in to it is not shown.
"""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from program import SAMPLE, Program

from tests.gcp import start
from tests.gcp.client import HERE, Google, until

pytestmark = [pytest.mark.engine, pytest.mark.google]

REDIS = f"{HERE}/instances/guestbook-redis"
"""It has the volume's entries: as the file does not say otherwise, it is kept when the stack goes."""
NEW = {"kind": "cloudrun", "project": start.PROJECT, "region": start.REGION}


@pytest.fixture
def sample(tmp_path: Path, google_cloud: start.Cloud) -> Iterator[Program]:
    backend = tmp_path / "state"
    backend.mkdir()
    name = f"s{uuid.uuid4().hex[:8]}"
    new = {"slipway:cluster": {"new": NEW}}
    platform = Program(tmp_path / "platform", backend, f"{name}-platform", new, "cloudrun")
    platform.up()
    settings = {
        "slipway:target": "cloudrun",
        "slipway:compose": [str(SAMPLE)],
        "slipway:cluster": {"stack": platform.name},
        # Artifact Registry has another address in this cloud
        "slipway:cloudrun": {"initImage": start.TOOLS, "repository": f"{google_cloud.registry}/{name}"},
        "slipway:env": {"TITLE": "Guests"},
    }
    made = Program(tmp_path / "application", backend, name, settings, "cloudrun")
    made.hide("slipway:secrets.REDIS_PASSWORD", "marker")
    made.hide("slipway:nameKey", "key")
    yield made
    made.show("destroy", "--yes", "--skip-preview")
    Google(google_cloud).ask("DELETE", "redis", REDIS)  # it would keep its network
    platform.show("destroy", "--yes", "--skip-preview")


class Guestbook:
    """What someone on the internet sees of it."""

    def __init__(self, google: Google, url: str) -> None:
        self._google, self._host = google, url.removeprefix("https://").rstrip("/")

    def page(self) -> str:
        return self._google.fetch(self._host).text

    def write(self, message: str) -> None:
        self._google.fetch(self._host, author="me", message=message)

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._google.fetch(self._host, "/api/entries").text)
        return found


def test_the_sample_answers_is_updated_goes_and_comes_back_with_its_entries(
    sample: Program, google_cloud: start.Cloud
) -> None:
    google = Google(google_cloud)
    sample.up()
    book = Guestbook(google, sample.urls()["web"])
    assert "Say hello, leave a thought" in book.page()  # of the config file
    assert book.read()["title"] == "Guests"  # of the environment
    book.write("kept")
    until(lambda: book.read()["entries"])  # web, Memorystore with its password, and a worker have worked together
    assert "marker" not in sample.state()

    said = sample.up()
    assert not [word for word in ("updated", "created", "replaced", "deleted") if word in said], said

    sample.configure({"slipway:env": {"TITLE": "Visitors"}})
    sample.up()
    assert book.read()["title"] == "Visitors"
    assert [each["message"] for each in book.read()["entries"]] == ["kept"]

    sample.show("destroy", "--yes", "--skip-preview")
    assert left(google) == [REDIS]

    sample.up()
    assert [each["message"] for each in book.read()["entries"]] == ["kept"]
    said = sample.up()
    assert not [word for word in ("updated", "created", "replaced", "deleted") if word in said], said


def left(google: Google) -> list[str]:
    """What of the application Google still has."""
    project = HERE.partition("/locations")[0]
    asked = (
        ("run", f"{HERE}/services", "services"),
        ("run", f"{HERE}/workerPools", "workerPools"),
        ("secretmanager", f"{project}/secrets", "secrets"),
        ("iam", f"{project}/serviceAccounts", "accounts"),
        ("redis", f"{HERE}/instances", "instances"),
    )
    found = [each["name"] for api, path, key in asked for each in google.ask("GET", api, path).get(key, ())]
    return [each for each in found if each.rpartition("/")[2].startswith("guestbook-")]
