"""The page as text: HTML from entries. Pure, and every word that came from outside is escaped."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from guestbook.book import Entry

STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --soft: #667085; --paper: #fff; --desk: #f3f5f9; --line: #e2e6ee;
  --accent: #2f6fed; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #98a2b3; --paper: #1b2130; --desk: #11151f;
  --line: #2c3446; --accent: #7aa5ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--desk); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem 2rem; }
h1 { margin: 0; font-size: 2.2rem; letter-spacing: -0.02em; line-height: 1.2; }
.soft { color: var(--soft); }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 0.9rem; padding: 1.1rem 1.3rem;
  margin: 1rem 0; overflow-wrap: anywhere; }
form { display: grid; gap: 0.8rem; }
label { display: grid; gap: 0.25rem; font-weight: 600; font-size: 0.9rem; }
input, textarea { font: inherit; font-weight: 400; color: inherit; background: var(--desk);
  border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.55rem 0.7rem; width: 100%; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
button { justify-self: start; font: inherit; font-weight: 600; color: var(--paper); background: var(--accent);
  border: 0; border-radius: 0.5rem; padding: 0.6rem 1.3rem; cursor: pointer; }
.card p { margin: 0.25rem 0 0.5rem; }
small, footer { color: var(--soft); font-size: 0.82rem; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
"""


@dataclass(frozen=True)
class Look:
    """What can be set about the page.

    Attributes:
        title: heading and window title.
        welcome: the line below the heading.
        page_size: entries shown, newest first.
        longest_message: characters that a message may have.
    """

    title: str = "Guestbook"
    welcome: str = "Leave a message."
    page_size: int = 20
    longest_message: int = 500


def read_look(file: Path, environ: Mapping[str, str]) -> Look:
    """The page's settings: the title from `TITLE`, the rest from a TOML file.

    Raises:
        OSError: the file cannot be read.
        tomllib.TOMLDecodeError: it is not TOML.
        TypeError: it has a key that `Look` does not know.
    """
    settings = tomllib.loads(file.read_text(encoding="utf-8"))
    return Look(title=environ.get("TITLE") or Look.title, **settings)


def render(look: Look, entries: list[Entry], waiting: int, served_by: str) -> str:
    """The whole page. While entries wait for a worker it loads itself again."""
    title = escape(look.title)
    reload = '<meta http-equiv="refresh" content="2">' if waiting else ""
    notice = f'<p class="soft" role="status">{_count(waiting, "entry", "entries")} on the way …</p>' if waiting else ""
    cards = "".join(map(_card, entries)) or '<p class="card soft">Nobody has written yet. Be the first!</p>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{reload}
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="soft">{escape(look.welcome)}</p>
<form class="card" method="post" action="/">
<label>Your name <input name="author" maxlength="60" autocomplete="name" placeholder="Anonymous"></label>
<label>Message <textarea name="message" rows="3" maxlength="{look.longest_message}" required></textarea></label>
<button>Sign the guestbook</button>
</form>
{notice}
<section aria-label="Entries">{cards}</section>
<footer>Served by web <code>{escape(served_by)}</code></footer>
</main>
</body>
</html>
"""


def _card(entry: Entry) -> str:
    when = datetime.fromisoformat(entry.written)
    return (
        f'<article class="card"><strong>{escape(entry.author)}</strong><p>{escape(entry.message)}</p>'
        f'<small><time datetime="{when.isoformat()}">{when:%d %B %Y, %H:%M} UTC</time>'
        f" · {_count(entry.words, 'word', 'words')}"
        f" · published by worker <code>{escape(entry.worker)}</code></small></article>"
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
