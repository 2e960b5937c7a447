"""The command line: a row per verb. What needs more than the standard library goes on in `.venv`, see `deploy`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components.errors import InputError, Problem

from . import arguments, daemons, outcome, setup, stack_file, venv
from .places import Places
from .steps import Steps


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb.

    Attributes:
        summary: its line in the help.
        run: does it, with the words after the verb.
    """

    summary: str
    run: Callable[[Places, Sequence[str]], None]


def main(words: Sequence[str]) -> int:
    """Run one verb.

    Returns:
        0 fine, 2 input or machine wrong, 130 stopped; of a verb that goes on in `.venv`, its own.
    """
    parser = argparse.ArgumentParser(
        prog="python3 -m toolchain",
        description="\n".join(f"{name:<8} {verb.summary}" for name, verb in VERBS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="see `<verb> --help`")
    chosen = parser.parse_args(words)
    return outcome.of(lambda: VERBS[chosen.verb].run(Places.here(), chosen.rest))


def _setup(places: Places, words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python3 -m toolchain setup")
    parser.add_argument("--python", action="store_true", help="the virtual environment alone")
    what = "for the target kubernetes too: its plugin, and all that a cluster of this machine's own is made of"
    parser.add_argument("--kubernetes", choices=("plugin", "cluster"), help=what)
    chosen = parser.parse_args(words)
    begun = time.monotonic()
    steps = Steps()
    (setup.ensure_python if chosen.python else setup.ensure)(places, steps)
    if chosen.kubernetes:
        setup.ensure_kubernetes(places, steps, cluster=chosen.kubernetes == "cluster")
    steps.note(f"set-up took {time.monotonic() - begun:.1f} s")


def _status(places: Places, _words: Sequence[str]) -> None:
    for daemon in daemons.known(places):
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(daemon.since))
        state = "runs" if daemon.running else "has ended"
        print(f"{daemon.pid:>8}  {daemon.name:<12} {state}, started {since}")
    if not any(daemons.known(places)):
        print("set-up started no daemon from here")


def _stop(places: Places, _words: Sequence[str]) -> None:
    for daemon in daemons.known(places):
        ended = daemons.stop(daemon, places)
        print(f"{daemon.pid:>8}  {daemon.name:<12} {'ended' if ended else 'had ended'}")


def _after_setup(verb: str) -> Callable[[Places, Sequence[str]], None]:
    def run(places: Places, words: Sequence[str]) -> None:
        stack_file.find(places, arguments.parse([verb, *words]).stack)
        _setup(places, ())
        _go_on(places, verb, words)

    return run


def _after_python(verb: str) -> Callable[[Places, Sequence[str]], None]:
    def run(places: Places, words: Sequence[str]) -> None:
        stack_file.place(places, arguments.parse([verb, *words]).stack)
        if not venv.is_there(places):
            _setup(places, ("--python",))
        _go_on(places, verb, words)

    return run


def _as_it_is(verb: str) -> Callable[[Places, Sequence[str]], None]:
    return lambda places, words: _go_on(places, verb, words)


def _go_on(places: Places, verb: str, words: Sequence[str]) -> None:
    """Become `.venv`'s Python: the same process, so that signals and the exit code are its own."""
    if not venv.is_there(places):
        raise InputError(Problem("nothing is set up here yet", fix="run `python3 -m toolchain setup`"))
    sys.stdout.flush()
    os.chdir(places.checkout)
    os.execv(places.python, [str(places.python), "-m", "toolchain.deploy", verb, *words])  # noqa: S606 - no shell


VERBS = {
    "setup": Verb("bring what is missing", _setup),
    "up": Verb("set up, clear what a killed run left, deploy a stack, print where it answers", _after_setup("up")),
    "down": Verb("destroy a stack and what it leaves", _after_setup("down")),
    "new": Verb("write the stack file of your own application", _after_python("new")),
    "recover": Verb("clear what a killed run of a stack left", _as_it_is("recover")),
    "env": Verb("print the variables that a plain `pulumi` needs, for a shell to read", _as_it_is("env")),
    "status": Verb("list the daemons that set-up started from here", _status),
    "stop": Verb("end these daemons, and no others", _stop),
}
