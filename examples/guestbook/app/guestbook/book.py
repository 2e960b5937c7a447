"""The book itself, as it lies in Redis: a stream of submissions for the workers, and a list of published entries."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import redis

PASSWORD_FILE = Path("/run/secrets/redis_password")
SUBMISSIONS = "guestbook:submissions"
PUBLISHED = "guestbook:published"
GROUP = "workers"
KEPT = 1000  # published entries; older ones are dropped
ABANDONED_MS = 10_000  # a submission that a worker has held for so long is taken over by another one


@dataclass(frozen=True)
class Submission:
    """What a visitor wrote; `written` is the time in UTC, ISO 8601."""

    author: str
    message: str
    written: str


@dataclass(frozen=True)
class Entry:
    """A submission that a worker has made ready for the page."""

    author: str
    message: str
    written: str
    words: int
    worker: str


class Book:
    """The guestbook's words for what it does with Redis. Every method may raise `redis.RedisError`."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def ping(self) -> None:
        """Return when Redis answers."""
        self._client.ping()

    def submit(self, submission: Submission) -> None:
        """Put a submission on the queue."""
        self._client.xadd(SUBMISSIONS, asdict(submission))

    def waiting(self) -> int:
        """How many submissions are not published yet."""
        return int(self._client.xlen(SUBMISSIONS))

    def latest(self, count: int) -> list[Entry]:
        """The published entries, newest first."""
        return [Entry(**json.loads(text)) for text in self._client.lrange(PUBLISHED, 0, count - 1)]

    def open_queue(self) -> None:
        """Make the workers' group, once for all workers."""
        try:
            self._client.xgroup_create(SUBMISSIONS, GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):  # another worker was first
                raise

    def take(self, worker: str, wait_ms: int) -> Iterator[tuple[str, Submission]]:
        """Submissions for this worker, each with its id: those that others left behind, then a new one.

        Args:
            worker: the name under which they are held until they are published.
            wait_ms: how long to wait for a new one, in milliseconds.
        """
        left_behind = self._client.xautoclaim(SUBMISSIONS, GROUP, worker, min_idle_time=ABANDONED_MS)[1]
        fresh = self._client.xreadgroup(GROUP, worker, {SUBMISSIONS: ">"}, count=1, block=wait_ms)
        for key, fields in [*left_behind, *(message for _stream, messages in fresh for message in messages)]:
            yield key, _submission(fields)

    def publish(self, key: str, entry: Entry) -> None:
        """Move one taken submission to the page. All or nothing, so a worker that dies in between loses none."""
        with self._client.pipeline(transaction=True) as steps:
            steps.lpush(PUBLISHED, json.dumps(asdict(entry)))
            steps.ltrim(PUBLISHED, 0, KEPT - 1)
            steps.xack(SUBMISSIONS, GROUP, key)
            steps.xdel(SUBMISSIONS, key)
            steps.execute()


def _submission(fields: Mapping[str, str]) -> Submission:
    return Submission(fields["author"], fields["message"], fields["written"])


def connect(environ: Mapping[str, str] = os.environ, password_file: Path = PASSWORD_FILE) -> Book:
    """The book in the Redis at `REDIS_HOST`, by TLS where `REDIS_TLS` is set; nothing is sent before the first use.

    Raises:
        OSError: the password's file cannot be read.
    """
    return Book(
        redis.Redis(
            host=environ.get("REDIS_HOST", "redis"),
            password=password_file.read_text(encoding="utf-8").rstrip("\n"),
            decode_responses=True,
            socket_connect_timeout=1,
            socket_timeout=3,  # longer than a worker waits for a new submission
            ssl=bool(environ.get("REDIS_TLS")),
        )
    )
