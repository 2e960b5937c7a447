"""What a machine tells on its console, read by the cloud's own API: that it is ready, and its SSH host key.

https://docs.openstack.org/python-openstackclient/latest/cli/command-objects/console-log.html
"""

import pulumi
import pulumi_command as command
from pulumi_command.local import Logging

from . import boot_scripts
from .owner import Owner

LIMIT = 1800
"""Seconds in which a machine has to be ready: packages come through slow mirrors, too."""
TAIL = 30
"""How many of the console's last lines are shown where it does not get ready."""
EVERY = 5
"""Seconds between two looks."""
MISSES = 24
"""After so many refused looks in a row it is given up: credentials are wrong, or the cloud has no console logs."""

WAIT = f"""\
if ! command -v openstack >/dev/null; then
  echo "the client openstack is not here; install it: pip install python-openstackclient" >&2
  exit 1
fi
begun=$(date +%s)
told=
missed=0
while :; do
  if log=$(openstack console log show "$SERVER" 2>&1); then
    missed=0
  else
    missed=$((missed + 1))
  fi
  [ "$missed" -lt {MISSES} ] || break
  key=$(printf '%s\\n' "$log" | sed -n 's/.*{boot_scripts.READY} \\(ssh-ed25519 [A-Za-z0-9+/=]*\\).*/\\1/p' | tail -n 1)
  if [ -n "$key" ]; then
    printf '%s' "$key"
    exit 0
  fi
  last=$(printf '%s\\n' "$log" | sed -n 's/.*\\(slipway: [ -~]*\\).*/\\1/p' | tail -n 1)
  if [ "$last" != "$told" ]; then
    echo "$last" >&2
    told=$last
  fi
  case $last in "{boot_scripts.FAILED}"*) break ;; esac
  if [ $(($(date +%s) - begun)) -ge {LIMIT} ]; then
    echo "the machine is not ready after {LIMIT} s" >&2
    break
  fi
  sleep {EVERY}
done
echo "the console of the machine $SERVER says last:" >&2
printf '%s\\n' "$log" | tail -n {TAIL} >&2
exit 1
"""
"""Prints the host key once the machine is ready, and on the way what the machine says of itself."""


def host_key(
    own: Owner, key: str, server: pulumi.Input[str], after: list[pulumi.Resource]
) -> tuple[command.local.Command, pulumi.Output[str]]:
    """A machine's SSH host key, `ssh-ed25519 ...`, known once it is ready. It is asked for once per machine.

    Args:
        own: the component that it belongs to.
        key: of the machine's name.
        server: ID of the machine.
        after: what the machine needs to get ready.
    """
    environment = {"OS_CLOUD": own.cloud, "SERVER": server}
    if own.region is not None:
        environment["OS_REGION_NAME"] = own.region
    waited = command.local.Command(
        own.called(f"{key}-ready"),
        create=WAIT,
        environment=environment,
        triggers=[server],
        logging=Logging.STDERR,
        add_previous_output_in_env=False,
        opts=own.options(depends_on=after),
    )
    return waited, waited.stdout
