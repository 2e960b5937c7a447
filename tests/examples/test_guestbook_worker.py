"""The guestbook's worker. Redis is a stand-in."""

import threading

import pytest


@pytest.fixture
def submit(guestbook, book):
    """Put a message on the queue."""
    return lambda message, author="Ada": book.submit(
        guestbook.book.Submission(author, message, "2026-01-02T03:04:05+00:00")
    )


def test_a_worker_stamps_what_it_publishes(guestbook, book, submit):
    submit("hello wide world")
    assert guestbook.worker.work(book, "worker-one") == 1
    assert book.latest(10) == [
        guestbook.book.Entry("Ada", "hello wide world", "2026-01-02T03:04:05+00:00", words=3, worker="worker-one")
    ]
    assert book.waiting() == 0


def test_a_round_without_submissions_publishes_nothing(guestbook, book):
    assert guestbook.worker.work(book, "worker-one") == 0


def test_two_workers_share_the_queue(guestbook, book, submit):
    for message in ("one", "two"):
        submit(message)
    for worker in ("worker-one", "worker-two", "worker-one"):
        guestbook.worker.work(book, worker)
    assert [(entry.message, entry.worker) for entry in book.latest(10)] == [
        ("two", "worker-two"),
        ("one", "worker-one"),
    ]


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  a \t b\r\n\nc ", "a b c"),
        ("bell\x07 escape\x1b[31m", "bell escape [31m"),
        ("no\u00a0break", "no break"),
        ("<b>", "<b>"),
        ("", ""),
    ],
)
def test_text_is_tidied(guestbook, text, tidy):
    assert guestbook.worker.tidy(text) == tidy


def test_who_gives_no_name_is_anonymous(guestbook, book, submit):
    submit("hello", author=" ")
    guestbook.worker.work(book, "worker-one")
    assert book.latest(1)[0].author == "Anonymous"


def test_what_a_dead_worker_held_is_taken_over(guestbook, book, submit, monkeypatch):
    submit("left behind")
    assert len(list(book.take("dead", 0))) == 1
    assert guestbook.worker.work(book, "worker-two") == 0
    monkeypatch.setattr(guestbook.book, "ABANDONED_MS", 0)
    assert guestbook.worker.work(book, "worker-two") == 1
    assert book.latest(1)[0].worker == "worker-two"


def test_the_book_keeps_no_more_than_its_newest_entries(guestbook, book, submit, monkeypatch):
    monkeypatch.setattr(guestbook.book, "KEPT", 2)
    for message in ("one", "two", "three"):
        submit(message)
        guestbook.worker.work(book, "worker-one")
    assert [entry.message for entry in book.latest(10)] == ["three", "two"]


def test_opening_the_queue_twice_keeps_it(guestbook, book, submit):
    submit("hello")
    book.open_queue()
    assert guestbook.worker.work(book, "worker-one") == 1


class Rounds(threading.Event):
    """A stop signal that is set after so many looks at it, and that does not wait."""

    def __init__(self, rounds):
        super().__init__()
        self.rounds = rounds
        self.waits = []

    def is_set(self):
        self.rounds -= 1
        return self.rounds < 0

    def wait(self, timeout=None):
        self.waits.append(timeout)
        return False


def test_a_round_ends_with_a_heartbeat(guestbook, book, tmp_path):
    heartbeat = tmp_path / "heartbeat"
    guestbook.worker.run(book, "worker-one", Rounds(1), heartbeat)
    assert heartbeat.exists()


def test_without_redis_there_is_no_heartbeat_and_the_worker_tries_again(guestbook, book, redis, tmp_path, caplog):
    redis.down = True
    stop = Rounds(2)
    guestbook.worker.run(book, "worker-one", stop, tmp_path / "heartbeat")
    assert not (tmp_path / "heartbeat").exists()
    assert stop.waits == [1, 1]
    assert [record.message for record in caplog.records] == ["redis: Connection refused; trying again"] * 2


def test_a_redis_that_came_back_empty_gets_its_queue_again(guestbook, redis, tmp_path):
    """The stand-in starts without a group, as a Redis whose volume is gone."""
    entries = guestbook.book.Book(redis)
    guestbook.worker.run(entries, "worker-one", Rounds(1), tmp_path / "heartbeat")
    entries.submit(guestbook.book.Submission("Ada", "hello", "2026-01-02T03:04:05+00:00"))
    assert guestbook.worker.work(entries, "worker-one") == 1
