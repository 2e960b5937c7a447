"""What fails every `up` until it is mended, under Pulumi mocks. Not proved: what Cloud Run calls ready."""

from typing import Any

import pulumi
import pytest
from apps import app, service
from cloudrun_component import deployed

from components.model import App, Dependency
from components.testing import Outputs

AT = "projects/shop-1/locations/europe-west1/services/shop-web/revisions/shop-web-0000"
WEB = app(service("web", expose=("80",)))
AGENT = app(service("agent"))
MIGRATED = app(
    service("web", expose=("80",), depends_on={"migrate": Dependency(condition="service_completed_successfully")}),
    service("migrate"),
)
WELL: dict[str, Any] = {"type": "Ready", "state": "CONDITION_SUCCEEDED"}
FAILED: dict[str, Any] = {"type": "Ready", "state": "CONDITION_FAILED", "message": "The container did not start."}


class Answering(Outputs):
    """Cloud Run answers as it is told."""

    def __init__(self, condition: dict[str, Any] | None = None, created: str = "1", ready: str = "1") -> None:
        super().__init__()
        self.answer = {
            "latestCreatedRevision": f"{AT}{created}",
            "latestReadyRevision": ready and f"{AT}{ready}",
            "terminalConditions": [] if condition is None else [condition],
        }

    def call(self, args: pulumi.runtime.mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return (self.answer, []) if "cloudrunv2/get" in args.token else super().call(args)


def refused(application: App, outputs: Outputs) -> str:
    with pytest.raises(pulumi.RunError) as raised:
        deployed(application, outputs=outputs)
    return str(raised.value)


@pytest.mark.parametrize(("application", "name"), [(WEB, "web"), (AGENT, "agent")])
def test_a_revision_that_is_not_ready_fails_although_the_one_before_serves(application: App, name: str) -> None:
    assert refused(application, Answering(FAILED, "2", "1")) == (
        f"{name}: its revision shop-web-00002 is not ready, and shop-web-00001 serves on (The container did not start)"
        "; mend it and run `pulumi up` again"
    )


def test_a_first_revision_that_is_not_ready_leaves_none_that_serves() -> None:
    assert refused(WEB, Answering(None, "1", "")) == (
        "web: its revision shop-web-00001 is not ready, and there is none that serves; mend it and run "
        "`pulumi up` again"
    )


def test_a_service_that_has_failed_otherwise_fails_too() -> None:
    assert refused(WEB, Answering(FAILED, "1", "1")).startswith("web: its revision shop-web-00001 is not ready, and")


def test_a_preview_after_a_failure_stands_in_no_updates_way() -> None:
    recorded = deployed(WEB, outputs=Answering(FAILED, "2", "1"), preview=True)
    assert recorded.one("Service", "app-web").inputs["name"] == "shop-web"


def test_a_run_that_failed_says_how_and_what_runs_it_again() -> None:
    urn = "urn:pulumi:stack::project::slipway:index:CloudRunTarget$gcp:cloudrunv2/job:Job"
    assert refused(MIGRATED, Answering(FAILED)) == (
        f"migrate: exit code 1; mend it, then run it again with `pulumi up --replace '{urn}::app-migrate'`\n"
    )


def test_a_run_that_ended_well_lets_what_waits_for_it_start() -> None:
    recorded = deployed(MIGRATED, outputs=Answering(WELL))
    assert recorded.one("Job", "app-migrate").urn in recorded.one("Service", "app-web").dependencies


def test_what_depends_on_a_service_waits_for_it() -> None:
    waiting = app(
        service("web", expose=("80",), depends_on={"api": Dependency(condition="service_healthy")}),
        service("api", expose=("80",)),
    )
    recorded = deployed(waiting)
    assert recorded.one("Service", "app-api").urn in recorded.one("Service", "app-web").dependencies
