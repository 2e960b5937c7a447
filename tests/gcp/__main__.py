"""By hand, until Ctrl-C: `.venv/bin/python -m tests.gcp`. With a command behind it, until that has ended; it finds the
cloud by the variables of `Cloud.env`.
"""

import sys

from tests.clouds import by_hand
from toolchain import outcome
from toolchain.places import Places

from . import start

sys.exit(outcome.of(lambda: by_hand.run(start.cloud(Places.here()))))
