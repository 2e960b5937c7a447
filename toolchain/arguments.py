"""The words after a verb that works on a stack. They are read before set-up, so that a slip costs no set-up."""

import argparse
from collections.abc import Sequence

SAMPLE = "local"
"""The stack of the sample application."""
SAMPLES = (SAMPLE, "cloudrun", "ecs", "kubernetes", "swarm")
"""Every committed stack of it: set-up makes up its password."""


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read a verb and its words; where they are wrong, or ask for help, this ends the process."""
    parser = argparse.ArgumentParser(prog="python3 -m toolchain")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in ("up", "down", "new", "recover", "env"):
        verb = verbs.add_parser(name)
        verb.add_argument("--stack", default=SAMPLE, help="its file is stacks/Pulumi.<stack>.yaml")
        if name == "down":
            verb.add_argument("--volumes", action="store_true", help="remove its named volumes too")
        if name == "new":
            verb.add_argument("--compose", default="compose.yaml", help="the Compose file")
            verb.add_argument("--target", default="docker", help="what runs the services")
    return parser.parse_args(words)
