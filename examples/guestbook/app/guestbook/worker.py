"""The worker: takes submissions from the queue, tidies them, and publishes them under its own name."""

import logging
import re
import threading
from pathlib import Path

import redis

from guestbook import book, process

HEARTBEAT = Path("/tmp/heartbeat")  # noqa: S108 -- the container's own /tmp; the health check looks at the file's age
WAIT_MS = 1000
LOG = logging.getLogger("worker")


def tidy(text: str) -> str:
    """The text with control characters dropped and every run of blanks, line breaks among them, made one space."""
    return " ".join(re.sub(r"[^\S ]|[\x00-\x1f\x7f]", " ", text).split())


def review(submission: book.Submission, worker: str) -> book.Entry:
    """Make a submission ready for the page."""
    message = tidy(submission.message)
    return book.Entry(
        author=tidy(submission.author) or "Anonymous",
        message=message,
        written=submission.written,
        words=len(message.split()),
        worker=worker,
    )


def work(entries: book.Book, worker: str, wait_ms: int = WAIT_MS) -> int:
    """One round: publish what is there, or wait for it a while.

    Returns:
        How many entries were published.
    """
    published = 0
    for key, submission in entries.take(worker, wait_ms):
        entries.publish(key, review(submission, worker))
        LOG.info("published %s", key)
        published += 1
    return published


def run(entries: book.Book, worker: str, stop: threading.Event, heartbeat: Path = HEARTBEAT) -> None:
    """Work until told to stop. No heartbeat while Redis does not answer, so that the container becomes unhealthy."""
    ready = False
    while not stop.is_set():
        try:
            if not ready:
                entries.open_queue()
                ready = True
            work(entries, worker)
            heartbeat.touch()
        except redis.RedisError as error:
            LOG.warning("redis: %s; trying again", error)
            ready = False  # a Redis that came back empty has no group
            stop.wait(1)


def main() -> None:
    """Run until SIGTERM or SIGINT; a round in progress is finished first."""
    process.start_log()
    stop = threading.Event()
    process.on_stop(stop.set)
    worker = process.container_name()
    LOG.info("%s is ready", worker)
    run(book.connect(), worker, stop)
    LOG.info("%s has stopped", worker)


if __name__ == "__main__":
    main()
