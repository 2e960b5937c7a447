"""A rolling update on the targets that replace tasks by themselves; what the load goes to is told in `rolling`."""

import pytest
from rolling import REQUESTS, answers, application, under_load

pytestmark = [pytest.mark.engine, pytest.mark.targets("swarm", "kubernetes", "ecs", "cloudrun")]


def test_a_rolling_update_under_load_fails_no_request(deployment) -> None:
    def update() -> None:
        assert deployment.up(application(deployment, "two"))[0] == 0

    assert deployment.up(application(deployment, "one"))[0] == 0
    report = under_load(deployment, update)
    assert report["sent"] >= REQUESTS
    assert (report["failed"], report["errors"]) == (0, [])
    assert set(report["answers"]) == {"one", "two"}
    # an update is complete when what is new runs; what is old answers until its stop has gone through
    deployment.until(lambda: set(answers(deployment)) == {"two"})
