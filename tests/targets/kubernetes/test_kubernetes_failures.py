"""Why a workload failed, as the API's objects tell. Not proved: that a real cluster has these objects."""

from typing import Any

import pytest
from api_server import serve

from components.targets.kubernetes import failures, reasons

DEPLOYMENT = {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"selector": {"matchLabels": {"a": "b"}}}}
PODS = "/api/v1/namespaces/shop/pods"
EVENTS = "/api/v1/namespaces/shop/events"


def pod(name: str, *statuses: dict[str, Any], created: str = "2026-01-01T00:00:00Z", **status: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "creationTimestamp": created},
        "status": {"containerStatuses": list(statuses), **status},
    }


def container(state: dict[str, Any], **status: Any) -> dict[str, Any]:
    return {"name": "web", "ready": False, "state": state, **status}


def event(name: str, reason: str, message: str, at: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    return {
        "type": "Warning",
        "reason": reason,
        "message": message,
        "lastTimestamp": at,
        "involvedObject": {"name": name},
    }


def known(pods: list[Any], events: list[Any] = (), **answers: Any) -> list[str]:
    there = {
        "/apis/apps/v1/namespaces/shop/deployments/web": DEPLOYMENT,
        PODS: {"items": pods},
        EVENTS: {"items": list(events)},
        **answers,
    }
    with serve(there) as server:
        return failures.known("Deployment", "shop", "web", server.access)


def test_an_image_that_cannot_be_pulled_is_told_with_the_registrys_words() -> None:
    state = {"waiting": {"reason": "ErrImagePull", "message": "not found"}}
    events = [event("web-1-x", "Failed", "Failed to pull image"), event("other-1", "Failed", "something else")]
    assert known([pod("web-1-x", container(state))], events) == [
        "pod web-1-x, container web waits: ErrImagePull: not found",
        "Failed: Failed to pull image",
    ]


def test_a_container_that_ends_again_and_again_is_told_with_its_exit_code_and_last_lines() -> None:
    ended = container(
        {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
        lastState={"terminated": {"exitCode": 3, "reason": "Error"}},
        restartCount=2,
    )
    assert known([pod("web-1-x", ended)], **{f"{PODS}/web-1-x/log": "one\ntwo\n"}) == [
        "pod web-1-x, container web waits: CrashLoopBackOff: back-off",
        "pod web-1-x, container web exited with code 3",
        "last 2 log lines of container web:",
        "  one",
        "  two",
    ]


def test_the_log_of_a_container_that_waits_to_start_again_is_that_of_its_last_run() -> None:
    ended = container({"waiting": {"reason": "CrashLoopBackOff"}}, restartCount=2)
    with serve(
        {
            "/apis/apps/v1/namespaces/shop/deployments/web": DEPLOYMENT,
            PODS: {"items": [pod("web-1-x", ended)]},
            EVENTS: {"items": []},
        }
    ) as server:
        failures.known("Deployment", "shop", "web", server.access)
    assert server.asked[-1] == f"GET {PODS}/web-1-x/log?container=web&tailLines=15&previous=true"


def test_a_pod_without_a_node_is_told_with_the_schedulers_words() -> None:
    waits = {"type": "PodScheduled", "status": "False", "message": "0/1 nodes are available: 1 Insufficient cpu."}
    assert known([pod("web-1-x", conditions=[waits], phase="Pending")]) == [
        "pod web-1-x is on no node: 0/1 nodes are available: 1 Insufficient cpu."
    ]


def test_a_container_that_runs_but_is_not_ready_is_told_with_its_health_checks_words() -> None:
    runs = container({"running": {}}, started=True, restartCount=0)
    events = [event("web-1-x", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500")]
    assert known([pod("web-1-x", runs)], events) == [
        "pod web-1-x, container web runs, but is not ready",
        "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 500",
    ]


def test_a_workload_without_pods_is_told_by_what_could_not_make_them() -> None:
    events = [event("web-6d5f", "FailedCreate", 'pods "web-6d5f-" is forbidden: exceeded quota: small')]
    assert known([], events) == ['FailedCreate: pods "web-6d5f-" is forbidden: exceeded quota: small']


def test_a_refusal_of_pod_after_pod_is_told_once() -> None:
    said = 'pods "web-6d5f-{}" is forbidden: exceeded quota: small'
    events = [
        event("web-6d5f", "FailedCreate", said.format("abcde"), "2026-01-01T00:00:01Z"),
        event("web-6d5f", "FailedCreate", said.format("vwxyz"), "2026-01-01T00:00:02Z"),
        event("web-6d5f", "FailedCreate", reasons.COMBINED + said.format("12345"), "2026-01-01T00:00:03Z"),
    ]
    assert known([], events) == [f"FailedCreate: {said.format('12345')}"]


def test_only_the_newest_pod_that_is_not_well_is_told_of() -> None:
    crashed = {"terminated": {"exitCode": 1, "reason": "OOMKilled"}}
    pods = [
        pod("web-1-old", container(crashed), created="2026-01-01T00:00:00Z"),
        pod("web-2-new", container(crashed), created="2026-01-01T00:00:09Z"),
        pod("web-3-well", created="2026-01-01T00:01:00Z", conditions=[{"type": "Ready", "status": "True"}]),
    ]
    assert known(pods) == ["pod web-2-new, container web exited with code 1 (OOMKilled)"]


def test_a_cluster_that_does_not_answer_keeps_nothing_up() -> None:
    with serve({}) as server:
        access = server.access
    assert failures.known("Deployment", "shop", "web", access) == []


@pytest.mark.parametrize("reason", reasons.QUIET)
def test_what_every_pod_goes_through_is_no_reason(reason: str) -> None:
    assert list(reasons.of_pod(pod("web-1-x", container({"waiting": {"reason": reason}})))) == []


def test_warnings_are_in_the_order_of_time_and_each_is_told_once() -> None:
    first = event("a", "Failed", "one", "2026-01-01T00:00:01Z")
    second = event("a", "BackOff", "two", "2026-01-01T00:00:02Z")
    normal = {**first, "type": "Normal", "message": "three"}
    assert reasons.of_events([second, normal, first, second]) == ["Failed: one", "BackOff: two"]
