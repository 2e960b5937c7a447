"""`python -m components <verb>`: what needs no engine."""

import argparse
import gc
import os
import sys

from .commands import check, config, render, support
from .errors import SlipwayError

VERBS = {"check": check, "config": config, "render": render, "support": support}
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count."""


def main(argv: list[str] | None = None) -> int:
    """Run a verb.

    Returns:
        0 fine, 1 rejected, 2 the input or the command line is wrong.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description="Slipway, without an engine")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, module in VERBS.items():
        module.add(
            verbs.add_parser(
                name,
                help=module.HELP,
                description=module.__doc__,
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
        )
    arguments = parser.parse_args(argv)
    try:
        code: int = VERBS[arguments.verb].run(arguments)
        sys.stdout.flush()
    except SlipwayError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read has gone; without this, Python complains once more when it closes standard output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    gc.disable()  # a verb ends before collecting garbage pays: it would be a tenth of the time of a thousand services
    sys.exit(main())
