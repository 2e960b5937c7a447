"""The guestbook's web service, without a network except where a test says so. Redis is a stand-in."""

import http.client
import json
import socket
import threading

import pytest


@pytest.fixture
def get(guestbook, site):
    return lambda path: guestbook.web.answer(site, "GET", path)


@pytest.fixture
def port(guestbook, site):
    """The port of a running server."""
    with guestbook.web.Server(("127.0.0.1", 0), site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_published_entry_is_on_the_page(get, signed):
    signed(b"author=Ada&message=hello+world")
    page = get("/").body
    assert "<strong>Ada</strong><p>hello world</p>" in page
    assert "2 words" in page
    assert "published by worker <code>worker-one</code>" in page
    assert "Served by web <code>web-one</code>" in page


def test_after_the_form_the_browser_goes_back_to_the_page(sign):
    response = sign(b"message=hello")
    assert (response.status, response.location, response.body) == (303, "/", "")


def test_an_entry_is_not_on_the_page_before_a_worker_published_it(get, sign):
    sign(b"message=hello")
    page = get("/").body
    assert "hello" not in page
    assert "1 entry on the way" in page
    assert 'http-equiv="refresh"' in page


def test_the_page_does_not_load_itself_again_when_nothing_waits(get, signed):
    signed(b"message=hello")
    assert 'http-equiv="refresh"' not in get("/").body


def test_an_empty_book_invites_to_write(get):
    assert "Nobody has written yet" in get("/").body


def test_what_visitors_write_is_escaped(get, signed):
    signed(b"author=%3Cb%3EEve&message=%3Cscript%3Ealert(1)%3C/script%3E")
    page = get("/").body
    assert "&lt;b&gt;Eve" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page


def test_the_page_shows_the_newest_entries_and_no_more_than_its_size(get, signed):
    for number in range(5):
        signed(f"message=entry-{number}".encode())
    assert [entry["message"] for entry in json.loads(get("/api/entries").body)["entries"]] == [
        "entry-4",
        "entry-3",
        "entry-2",
    ]


def test_the_entries_come_as_json(get, sign, signed):
    signed(b"author=Ada&message=hello")
    sign(b"message=second")
    response = get("/api/entries")
    shown = json.loads(response.body)
    [entry] = shown.pop("entries")
    assert shown == {"title": "Visitors", "served_by": "web-one", "waiting": 1}
    assert entry.pop("written").endswith("+00:00")
    assert entry == {"author": "Ada", "message": "hello", "words": 1, "worker": "worker-one"}
    assert response.media_type == "application/json"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (b"", "message: is empty; write something\n"),
        (b"author=Ada&message=++", "message: is empty; write something\n"),
        (b"message=" + b"x" * 41, "message: has 41 characters; write at most 40\n"),
        (b"message=hi&author=" + b"x" * 61, "author: has 61 characters; write at most 60\n"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_adds_nothing(sign, book, form, text):
    response = sign(form)
    assert (response.status, response.body) == (400, text)
    assert book.waiting() == 0


def test_a_message_of_just_the_longest_size_is_taken(sign, book):
    assert sign(b"message=" + b"x" * 40).status == 303
    assert book.waiting() == 1


def test_the_service_is_well_while_redis_answers(get):
    assert (get("/healthz").status, get("/healthz").body) == (200, "ok\n")


@pytest.mark.parametrize("path", ["/healthz", "/", "/api/entries"])
def test_without_redis_every_answer_says_so(get, redis, path):
    redis.down = True
    response = get(path)
    assert (response.status, response.body) == (503, "redis does not answer; try again in a moment\n")


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("POST", "/healthz")])
def test_anything_else_is_not_found(guestbook, site, method, path):
    response = guestbook.web.answer(site, method, path)
    assert (response.status, response.body) == (404, f"{method} {path}: there is nothing here; go to /\n")


def test_the_server_takes_a_form_and_shows_the_page(guestbook, book, port):
    """Over a real socket on loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/", body="message=h%C3%A9llo")
    response = connection.getresponse()
    assert (response.status, response.headers["Location"], response.read()) == (303, "/", b"")
    guestbook.worker.work(book, "worker-one")
    connection.request("GET", "/?from=form")
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<p>héllo</p>" in response.read().decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "16385"}, 413),
        ({"Content-Length": "-1"}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_form_too_large_or_of_unknown_size_is_not_read(port, headers, status):
    """Over a real socket on loopback; no body is sent, so a server that waited for one would not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    connection.putrequest("POST", "/")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == status


def test_a_request_that_is_no_http_is_refused_and_logged_without_control_characters(port, caplog):
    caplog.set_level("INFO", logger="web")
    with socket.create_connection(("127.0.0.1", port), timeout=3) as client:
        client.sendall(b"\x1b[31mnonsense here HTTP/9.9\r\n\r\n")
        assert b"505" in client.recv(1000)
    assert "\\x1b[31mnonsense" in caplog.text
    assert "\x1b" not in caplog.text


def test_health_checks_are_not_in_the_log(port, caplog):
    caplog.set_level("INFO", logger="web")
    for path in ("/healthz", "/"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
        connection.request("GET", path)
        connection.getresponse().read()
    assert [record.message for record in caplog.records] == ['"GET / HTTP/1.1" 200 -']
