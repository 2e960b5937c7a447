"""Routes by host and path on Cloud Run, on the tests' own Google Cloud (`tests/gcp/run/balancers.py`).

Not proved: that Google issues a certificate, and when, and what its load balancers do beyond choosing by host and path.
"""

from typing import Any

import pytest
import requests
from rolling import client
from test_cloudrun import server

from tests.gcp.client import PROJECT
from tests.gcp.start import REGION

pytestmark = [
    pytest.mark.engine,
    pytest.mark.targets("cloudrun"),
    pytest.mark.filterwarnings("ignore:Unverified HTTPS request"),
]

HOST = "shop.example.com"


def routed(deployment: Any, version: str, **asked: Any) -> dict[str, Any]:
    return server(deployment, version, **{"x-slipway": {"ingress": {"host": HOST, **asked}}})


def asked(deployment: Any, path: str, host: str = HOST, scheme: str = "https") -> requests.Response:
    """What the load balancer answers."""
    address = deployment.google.ask("GET", "compute", f"projects/{PROJECT}/global/addresses/{deployment.name}-entry")
    return requests.get(
        f"{scheme}://{address['address']}{path}",
        headers={"Host": host},
        timeout=30,
        verify=False,  # the certificate is of the tests' own authority
        allow_redirects=False,
    )


def test_a_load_balancer_goes_by_host_and_path_and_a_second_up_changes_nothing(deployment) -> None:
    application = {"services": {"web": routed(deployment, "web"), "api": routed(deployment, "api", path="/api")}}
    code, said = deployment.up(application)
    assert code == 0, said
    assert [asked(deployment, path).text.strip() for path in ("/", "/api", "/api/x", "/apis")] == [
        "web",
        "api",
        "api",
        "web",
    ]
    assert asked(deployment, "/", "other.example.com").status_code == 404
    moved = asked(deployment, "/api", scheme="http")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"https://{HOST}/api")
    # from elsewhere than the load balancer and the network, it takes no requests
    assert deployment.google.fetch(deployment.outside("web", 8000)).status_code == 404
    code, said = deployment.up(application)
    assert (code, "unchanged" in said, " updated" in said) == (0, True, False), said


def test_a_host_without_tls_is_there_by_plain_http(deployment) -> None:
    code, said = deployment.up({"services": {"web": routed(deployment, "web", tls="off")}})
    assert code == 0, said
    assert asked(deployment, "/", scheme="http").text.strip() == "web"
    assert asked(deployment, "/", "other.example.com", scheme="http").status_code == 404


def test_services_may_be_called_by_load_balancers_inside_the_network(deployment) -> None:
    deployment.options = {**deployment.options, "discovery": "balancer"}
    application = {"services": {"web": server(deployment), "client": client(deployment)}}
    code, said = deployment.up(application)
    assert code == 0, said
    assert deployment.run("client", "printenv", "WEB") == f"http://web.{deployment.name}.internal:8000/"
    assert deployment.run("client", "sh", "-c", "probe check $WEB && echo yes") == "yes"
    rule = f"projects/{PROJECT}/regions/{REGION}/forwardingRules/{deployment.name}-web"
    found = deployment.google.ask("GET", "compute", rule)
    assert (found["loadBalancingScheme"], found["portRange"]) == ("INTERNAL_MANAGED", "8000-8000")
    code, said = deployment.up(application)
    assert (code, "unchanged" in said, " updated" in said) == (0, True, False), said
    code, said = deployment.cli.show("destroy", "--yes", "--skip-preview")
    assert code == 0, said
