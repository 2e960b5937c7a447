"""Serve, until ended: `start` runs this with the interpreter of the cloud's own environment."""

from ministack import app

from tests.clouds import dns

from . import changes, names
from .agent import Agent
from .place import Place


def main() -> None:
    """Change ministack, and start it."""
    place = Place.here()
    dns.serve(place.gateway, lambda name, _: names.resolve(name))
    changes.make(place, Agent(place))
    app.main()


main()
