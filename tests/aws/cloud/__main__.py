"""Serve, until ended: `start` runs this with the interpreter of the cloud's own environment."""

from ministack import app

from . import changes, dns
from .agent import Agent
from .place import Place


def main() -> None:
    """Change ministack, and start it."""
    place = Place.here()
    dns.serve(place.gateway)
    changes.make(place, Agent(place))
    app.main()


main()
