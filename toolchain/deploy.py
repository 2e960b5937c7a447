"""The verbs that run in `.venv`: `python -m toolchain` comes here after set-up."""

import argparse
import sys
from collections.abc import Callable, Sequence

from . import arguments, environment, outcome, recover, stack
from .places import Places
from .steps import Steps


def main(words: Sequence[str]) -> int:
    """Run one verb; see `commands.VERBS`.

    Returns:
        0 fine, 2 input or machine wrong, 130 stopped, or the Pulumi CLI's own code.
    """
    chosen = arguments.parse(words)
    return outcome.of(lambda: _VERBS[chosen.verb](Places.here(), chosen))


def _up(places: Places, chosen: argparse.Namespace) -> int:
    return stack.up(places, Steps(), chosen.stack)


def _down(places: Places, chosen: argparse.Namespace) -> int:
    return stack.down(places, Steps(), chosen.stack, volumes=chosen.volumes)


def _new(places: Places, chosen: argparse.Namespace) -> None:
    path = stack.new(places, chosen.stack, chosen.compose, chosen.target).relative_to(places.checkout)
    print(f"{path} written; `make up STACK={chosen.stack}` deploys it")


def _recover(places: Places, chosen: argparse.Namespace) -> None:
    print(recover.run(places, stack.prepare(places, chosen.stack)))


def _env(places: Places, chosen: argparse.Namespace) -> None:
    local = stack.is_local(stack.config(places, chosen.stack))
    print(environment.exports(environment.variables(places, default_backend=local)))


_VERBS: dict[str, Callable[[Places, argparse.Namespace], int | None]] = {
    "up": _up,
    "down": _down,
    "new": _new,
    "recover": _recover,
    "env": _env,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
