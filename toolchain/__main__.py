"""`python3 -m toolchain <verb>`: see `--help`, or docs/setup.md."""

import sys

from toolchain.commands import main

sys.exit(main(sys.argv[1:]))
