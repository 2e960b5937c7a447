"""What the init container and the seeds of an instance run: POSIX shell scripts for busybox.

They say by a file that they are done, and listen on a port: Cloud Run asks a container over the network alone.
"""

import posixpath

from .. import init_script

DONE = posixpath.join(init_script.FOLDER, "done")
"""Where each seed says that it is done, by a file of its name."""
SECRETS = posixpath.join(init_script.FOLDER, "secrets")
"""Where the init container has secrets, each in a folder with the number of its file."""
CONTENT = "content"
"""The file with a secret's content."""
SEEDS = "SLIPWAY_SEEDS"
"""The names of the seeds that the init container waits for, separated by spaces."""
OWN = "SLIPWAY_SEED"
"""The name of a seed."""
PORT = "SLIPWAY_PORT"
"""Where the init container listens."""
ONCE = "SLIPWAY_ONCE"
"""Whether they end once they are done, as in a job; else they stay."""

READ = rf"""for seed in ${{{SEEDS}:-}}; do
  while [ ! -e "{DONE}/$seed" ]; do sleep 1; done
done
for file in {SECRETS}/*/{CONTENT}; do
  [ -e "$file" ] || continue
  number=${{file%/{CONTENT}}}
  number=${{number##*/}}
  eval "SLIPWAY_FILE_$number=\$(base64 < \"\$file\")"
done
"""
"""Waits for the seeds, and reads secrets into variables."""
LISTEN = rf"""trap 'exit 0' TERM
while :; do
  nc -l -p "${PORT}" < /dev/null > /dev/null &
  if wait $!; then
    [ -z "${{{ONCE}:-}}" ] || exit 0
  else
    sleep 1
  fi
done
"""
"""Takes connections, as a startup probe opens them."""
INIT = f"{init_script.START}{READ}{init_script.WRITE}{LISTEN}"
"""What the init container runs."""
STAY = rf""": > "{DONE}/${OWN}"
[ -z "${{{ONCE}:-}}" ] || exit 0
trap 'exit 0' TERM
while :; do sleep 3600 & wait $!; done
"""
"""Says that it is done, and stays."""
UNREAD = r"""cp() { command cp "$@" || [ "$(id -u)" != 0 ]; }
"""
"""A seed runs as the image's own user, like the container whose folders it copies: what the one may not read, the other
may not either, and misses nothing."""
SEED = f"{UNREAD}{init_script.SEED}{STAY}"
"""What a seed runs; see `init_script.SEED`."""
