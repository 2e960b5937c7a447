"""How the gcp stand-in speaks to an API: over HTTP, to a server of this test that answers as it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from standins.gcp.cloud import Cloud, CloudError, Request
from standins.resource import Call

PLACE = "projects/demo/locations/europe-west1"
OPERATION = f"{PLACE}/operations/1"


class Api:
    """A server on loopback.

    Attributes:
        answers: what it says in turn: code and body.
        asked: verb, path with query, token and body of each request.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                sent = json.loads(self.rfile.read(length)) if length else None
                outer.asked.append((self.command, self.path, self.headers["Authorization"], sent))
                code, said = outer.answers.pop(0)
                told = said.encode() if isinstance(said, str) else json.dumps(said).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815 - http.server's names

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/run/"


@pytest.fixture
def api(monkeypatch):
    """Takes the answers; gives a server that says them, and a client of it."""
    made = []

    def start(*answers, name="RUN", **settings):
        server = Api(*answers)
        made.append(server)
        monkeypatch.setenv(f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name}", server.url)
        monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "token")
        return server, Cloud({"project": "demo", **settings})

    yield start
    for server in made:
        server.server.shutdown()
        server.server.server_close()


def call(cloud):
    return Call("urn:pulumi:test::project::gcp:kind::it", cloud, threading.Event())


def creating(given=None):
    places = {"parent": PLACE, "serviceId": "web"}
    return Request("run.v2", "projects.locations.services.create", places, given or {})


def test_a_call_has_its_verb_path_query_token_and_body(api):
    server, cloud = api((200, {"name": OPERATION}))
    assert cloud.send(creating({"labels": {"a": "b"}})) == {"name": OPERATION}
    assert server.asked == [("POST", f"/run/v2/{PLACE}/services?serviceId=web", "Bearer token", {"labels": {"a": "b"}})]


def test_a_name_in_a_path_is_quoted_and_a_word_of_the_query_is_googles(api):
    server, cloud = api((200, {}), name="STORAGE")
    cloud.send(Request("storage.v1", "objects.list", {"bucket": "a/b", "versions": True}))
    assert server.asked[0][1] == "/run/b/a%2Fb/o?versions=true"


def test_an_error_is_in_the_official_plugins_words(api):
    _, cloud = api((409, {"error": {"code": 409, "message": "Resource 'web' already exists."}}))
    with pytest.raises(CloudError, match=r"^googleapi: Error 409: Resource 'web' already exists\.$") as caught:
        cloud.send(creating())
    assert caught.value.code == 409


def test_an_error_that_is_no_json_is_told_as_it_is(api):
    _, cloud = api((503, "upstream is gone"))
    with pytest.raises(CloudError, match=r"^googleapi: Error 503: upstream is gone$"):
        cloud.send(creating())


def test_what_is_not_there_is_none_and_another_error_is_one(api):
    _, cloud = api((404, {"error": {"message": "no"}}), (403, {"error": {"message": "no"}}))
    look = Request("run.v2", "projects.locations.services.get", {"name": f"{PLACE}/services/web"})
    assert cloud.find(look) is None
    with pytest.raises(CloudError, match=r"^googleapi: Error 403: no$"):
        cloud.find(look)


def test_an_operation_is_asked_for_until_it_is_over(api):
    server, cloud = api((200, {"name": OPERATION}), (200, {"name": OPERATION, "done": True, "response": {"uid": "1"}}))
    answer = cloud.wait(call(cloud), creating(), {"name": OPERATION}, "Creating Service", poll=0.01)
    assert answer == {"uid": "1"}
    assert [path for _, path, _, _ in server.asked] == [f"/run/v2/{OPERATION}"] * 2


def test_an_operation_that_failed_is_an_error_in_the_official_plugins_words(api):
    failed = {"name": OPERATION, "done": True, "error": {"code": 9, "message": "Revision 'web-1' is not ready"}}
    _, cloud = api()
    with pytest.raises(CloudError) as caught:
        cloud.wait(call(cloud), creating(), failed, "Creating Service")
    assert str(caught.value) == (
        "Error waiting for Creating Service: Error code 9, message: Revision 'web-1' is not ready"
    )


def test_an_operation_of_compute_is_asked_for_where_it_is(api):
    done = {"name": "op", "status": "DONE"}
    server, cloud = api((200, done), (200, done), name="COMPUTE")
    request = Request("compute.v1", "networks.insert", {"project": "demo"}, {})
    cloud.wait(call(cloud), request, {"name": "op", "status": "RUNNING"}, "Creating Network", poll=0.01)
    region = {"name": "op", "status": "PENDING", "region": "https://x/compute/v1/projects/demo/regions/europe-west1"}
    cloud.wait(call(cloud), request, region, "Creating Subnetwork", poll=0.01)
    assert [path for _, path, _, _ in server.asked] == [
        "/run/projects/demo/global/operations/op",
        "/run/projects/demo/regions/europe-west1/operations/op",
    ]


def test_an_error_of_compute_has_all_its_sentences(api):
    _, cloud = api(name="COMPUTE")
    failed = {"status": "DONE", "error": {"errors": [{"message": "in use"}, {"code": "QUOTA"}]}}
    with pytest.raises(CloudError, match=r"^Error waiting for Deleting Network: in use; QUOTA$"):
        cloud.wait(call(cloud), Request("compute.v1", "networks.delete"), failed, "Deleting Network")


def test_an_answer_that_is_no_operation_is_the_answer(api):
    _, cloud = api()
    request = Request("secretmanager.v1", "projects.secrets.create")
    assert cloud.wait(call(cloud), request, {"name": "x"}, "Creating Secret") == {"name": "x"}


def test_a_server_that_is_not_there_is_an_error_in_a_sentence(api):
    server, cloud = api()
    server.server.shutdown()
    server.server.server_close()
    with pytest.raises(CloudError, match=r"^projects\.locations\.services\.create: "):
        cloud.send(creating())


@pytest.mark.parametrize(
    ("settings", "labels"),
    [
        ({}, {"goog-pulumi-provisioned": "true"}),
        ({"addPulumiAttributionLabel": False}, {}),
    ],
)
def test_the_label_of_the_official_plugin_is_there_unless_the_provider_says_otherwise(api, settings, labels):
    _, cloud = api(**settings)
    assert cloud.attribution == labels
