"""Load balancers, schedules and Redis, on the tests' own cloud. It runs no Slipway."""

import pytest
import requests

from tests.gcp.client import HERE, PROJECT, RefusedError, until
from tests.gcp.scratch import Scratch, container, server

pytestmark = [pytest.mark.engine, pytest.mark.google]

GLOBAL = f"projects/{PROJECT}/global"


def make(scratch: Scratch, collection: str, name: str, **keys) -> str:
    """Make a part of a load balancer; its path."""
    place = GLOBAL if collection != "networkEndpointGroups" else f"projects/{PROJECT}/regions/europe-west1"
    scratch.google.ask("POST", "compute", f"{place}/{collection}", {"name": name, **keys})
    return f"{place}/{collection}/{name}"


def backend(scratch: Scratch, service: str) -> str:
    """A backend service that leads to a service of Cloud Run."""
    group = make(
        scratch, "networkEndpointGroups", service, networkEndpointType="SERVERLESS", cloudRun={"service": service}
    )
    scheme = {"loadBalancingScheme": "EXTERNAL_MANAGED", "protocol": "HTTPS"}
    return make(scratch, "backendServices", service, backends=[{"group": group}], **scheme)


def test_a_global_balancer_goes_by_hosts_and_paths(scratch: Scratch) -> None:
    for name in ("web", "api"):
        scratch.serve(server(name), name=f"{scratch.name}-{name}", ingress="INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")
    web, api = (backend(scratch, f"{scratch.name}-{name}") for name in ("web", "api"))
    matcher = {"name": "shop", "defaultService": web, "pathRules": [{"paths": ["/api", "/api/*"], "service": api}]}
    rules = [{"hosts": ["shop.example.com"], "pathMatcher": "shop"}]
    url_map = make(scratch, "urlMaps", scratch.name, hostRules=rules, pathMatchers=[matcher],
                   defaultUrlRedirect={"httpsRedirect": True})  # fmt: skip
    proxy = make(scratch, "targetHttpProxies", scratch.name, urlMap=url_map)
    address = make(scratch, "addresses", scratch.name)
    rule = make(scratch, "forwardingRules", scratch.name, target=proxy, IPAddress=address, portRange="80-80",
                loadBalancingScheme="EXTERNAL_MANAGED")  # fmt: skip
    where = scratch.google.ask("GET", "compute", rule)["IPAddress"]

    def ask(path: str, host: str = "shop.example.com") -> requests.Response:
        return requests.get(f"http://{where}{path}", headers={"Host": host}, timeout=10, allow_redirects=False)

    assert (ask("/").text, ask("/api/x").text, ask("/apis").text) == ("web", "api", "web")
    moved = ask("/x", "other.example.com")
    assert (moved.status_code, moved.headers["Location"]) == (301, "https://other.example.com/x")
    with pytest.raises(RefusedError, match="already being used by"):
        scratch.google.ask("DELETE", "compute", proxy)
    scratch.google.ask("DELETE", "compute", rule)
    with pytest.raises(requests.ConnectionError):
        ask("/")


def test_a_part_that_names_what_is_not_there_is_refused(scratch: Scratch) -> None:
    with pytest.raises(RefusedError, match=f"The resource '{GLOBAL}/backendServices/none' was not found"):
        make(scratch, "urlMaps", scratch.name, defaultService=f"{GLOBAL}/backendServices/none")


def test_a_schedule_runs_a_job_as_an_account_that_may(scratch: Scratch) -> None:
    scratch.job(container("exit 0"), token="a")
    account = scratch.google.account(scratch.name)
    job = f"{HERE}/jobs/{scratch.name}"
    target = {"uri": f"https://run.googleapis.com/v2/{job}:run", "httpMethod": "POST",
              "oauthToken": {"serviceAccountEmail": account}}  # fmt: skip
    body = {"name": job, "schedule": "0 3 * * *", "httpTarget": target}
    scratch.google.ask("POST", "cloudscheduler", f"{HERE}/jobs", body)
    with pytest.raises(RefusedError, match=r"Permission 'run.jobs.run' denied"):
        scratch.google.ask("POST", "cloudscheduler", f"{job}:run", {})
    binding = {"role": "roles/run.invoker", "members": [f"serviceAccount:{account}"]}
    scratch.google.ask("POST", "run", f"{job}:setIamPolicy", {"policy": {"bindings": [binding]}})
    scratch.google.ask("POST", "cloudscheduler", f"{job}:run", {})
    until(lambda: scratch.google.ask("GET", "run", job)["executionCount"] == 2)


def test_a_redis_is_reached_through_the_vpc_with_its_password_alone(scratch: Scratch) -> None:
    network = scratch.google.network(scratch.name)
    body = {"tier": "BASIC", "memorySizeGb": 1, "authEnabled": True, "authorizedNetwork": network["network"]}
    made = scratch.google.ask("POST", "redis", f"{HERE}/instances", body, instanceId=scratch.name)
    password = scratch.google.ask("GET", "redis", f"{made['name']}/authString")["authString"]
    script = f"exec 3<>/dev/tcp/{made['host']}/6379; printf '%s\\r\\n' 'AUTH {password}' PING >&3; head -2 <&3"
    scratch.pool(container(name="in"), template={"vpcAccess": {"networkInterfaces": [network]}})
    assert scratch.inside("in", f'bash -c "{script}"').split() == ["+OK", "+PONG"]
    scratch.pool(container(name="out"))
    assert scratch.inside("out", f'timeout 2 bash -c "{script}" 2> /dev/null || echo none') == "none"
    scratch.google.ask("DELETE", "redis", made["name"])
