"""What the guestbook reads from its environment and files."""

import os
import signal

import pytest


def test_the_password_comes_from_its_file_without_the_line_break(guestbook, tmp_path):
    secret = tmp_path / "redis_password"
    secret.write_text("s3cret word\n")
    options = guestbook.book.connect({"REDIS_HOST": "elsewhere"}, secret)._client.options
    assert (options["host"], options["password"]) == ("elsewhere", "s3cret word")


@pytest.mark.parametrize(
    ("environ", "encrypted"), [({}, False), ({"REDIS_TLS": ""}, False), ({"REDIS_TLS": "1"}, True)]
)
def test_redis_is_called_by_tls_where_the_environment_says_so(guestbook, tmp_path, environ, encrypted):
    secret = tmp_path / "redis_password"
    secret.write_text("s3cret word\n")
    assert guestbook.book.connect(environ, secret)._client.options["ssl"] is encrypted


def test_the_shipped_page_settings_are_read(guestbook, guestbook_folder):
    look = guestbook.page.read_look(guestbook_folder / "config" / "page.toml", {"TITLE": "Visitors"})
    assert (look.title, look.page_size, look.longest_message) == ("Visitors", 20, 500)


@pytest.mark.parametrize("environ", [{}, {"TITLE": ""}])
def test_without_a_title_the_page_has_its_own(guestbook, tmp_path, environ):
    (tmp_path / "page.toml").write_text("page_size = 5\n")
    assert guestbook.page.read_look(tmp_path / "page.toml", environ) == guestbook.page.Look("Guestbook", page_size=5)


def test_an_unknown_page_setting_is_refused(guestbook, tmp_path):
    (tmp_path / "page.toml").write_text("colour = 'red'\n")
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        guestbook.page.read_look(tmp_path / "page.toml", {})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_stops_once(guestbook, number):
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    stops = []
    try:
        guestbook.process.on_stop(lambda: stops.append(1))
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
    finally:
        for each, disposition in before.items():
            signal.signal(each, disposition)
    assert stops == [1]
