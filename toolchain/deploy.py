"""The verbs that run in `.venv`: `python -m toolchain` comes here after set-up."""

import argparse
import sys
from collections.abc import Sequence

from components.errors import SlipwayError

from . import environment, interrupt, recover, stack
from .places import Places
from .steps import Steps


def main(words: Sequence[str]) -> int:
    """Run one verb; see `commands.VERBS`.

    Returns:
        0 fine, 2 input or machine wrong, 130 stopped, or the Pulumi CLI's own code.
    """
    chosen = _parser().parse_args(words)
    places, steps = Places.here(), Steps()
    interrupt.watch()
    try:
        if chosen.verb == "up":
            return stack.up(places, steps, chosen.stack)
        if chosen.verb == "down":
            return stack.down(places, steps, chosen.stack, volumes=chosen.volumes)
        print(_ANSWERS[chosen.verb](places, chosen))
    except SlipwayError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _new(places: Places, chosen: argparse.Namespace) -> str:
    path = stack.new(places, chosen.stack, chosen.compose, chosen.target).relative_to(places.checkout)
    return f"{path} written; `make up STACK={chosen.stack}` deploys it"


def _recover(places: Places, chosen: argparse.Namespace) -> str:
    return recover.run(places, stack.prepare(places, chosen.stack))


def _env(places: Places, chosen: argparse.Namespace) -> str:
    local = stack.is_local(stack.config(places, chosen.stack))
    return environment.exports(environment.variables(places, default_backend=local))


_ANSWERS = {"new": _new, "recover": _recover, "env": _env}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m toolchain")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in ("up", "down", "new", "recover", "env"):
        verb = verbs.add_parser(name)
        verb.add_argument("--stack", default=stack.SAMPLE, help="its file is stacks/Pulumi.<stack>.yaml")
        if name == "down":
            verb.add_argument("--volumes", action="store_true", help="remove its named volumes too")
        if name == "new":
            verb.add_argument("--compose", default="compose.yaml", help="the Compose file")
            verb.add_argument("--target", default="docker", help="what runs the services")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
