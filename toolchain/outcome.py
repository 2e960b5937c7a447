"""How a verb ends: its exit code, and one readable report where a user can mend what is wrong."""

import errno
import sys
from collections.abc import Callable

from components.errors import Problem, SlipwayError

from . import interrupt

_FIXES = {
    errno.EACCES: "give your user the right to write there",
    errno.ENOSPC: "make room on the disk",
    errno.EROFS: "use a checkout and an XDG_CACHE_HOME that can be written to",
}


def of(verb: Callable[[], int | None]) -> int:
    """Run a verb.

    Returns:
        Its own exit code, 0 where it has none, 2 where input or machine are wrong, 130 where it was stopped.
    """
    interrupt.watch()
    try:
        return verb() or 0
    except SlipwayError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        print(Problem(what, str(error.filename or "set-up"), _FIXES.get(error.errno or 0, "")), file=sys.stderr)
        return 2
