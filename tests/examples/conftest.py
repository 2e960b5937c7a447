"""The guestbook's modules, imported with a stand-in for Redis, which the project itself does not need."""

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis_standin


@pytest.fixture(scope="session")
def guestbook_folder():
    """Where the sample lies."""
    return Path(__file__).resolve().parents[2] / "examples" / "guestbook"


@pytest.fixture(scope="session")
def guestbook(guestbook_folder):
    """The package `guestbook`: a namespace of its modules."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(guestbook_folder / "app"))
        patch.setattr(sys, "dont_write_bytecode", True)  # nothing of ours appears in a build context
        patch.setitem(sys.modules, "redis", redis_standin)
        names = ("book", "page", "process", "web", "worker")
        return SimpleNamespace(**{name: importlib.import_module(f"guestbook.{name}") for name in names})


@pytest.fixture
def redis():
    """An empty Redis (a stand-in)."""
    return redis_standin.Redis()


@pytest.fixture
def book(guestbook, redis):
    """The book in that Redis, its queue open."""
    entries = guestbook.book.Book(redis)
    entries.open_queue()
    return entries


@pytest.fixture
def site(guestbook, book):
    """A site whose pages hold three entries and whose messages hold forty characters."""
    look = guestbook.page.Look(title="Visitors", welcome="Hello.", page_size=3, longest_message=40)
    return guestbook.web.Site(book, look, "web-one")


@pytest.fixture
def sign(guestbook, site):
    """Sign the book through the form: `sign(b"message=hello")`."""
    return lambda form: guestbook.web.answer(site, "POST", "/", form)


@pytest.fixture
def signed(guestbook, book, sign):
    """The same, and a worker publishes it at once."""

    def sign_and_publish(form):
        response = sign(form)
        guestbook.worker.work(book, "worker-one")
        return response

    return sign_and_publish
