"""What runs before the containers of a task or of an instance: a POSIX shell script for busybox.

They share volumes; on Fargate /etc/resolv.conf and /etc/hosts, too. Nothing here is an argument: contents come as
environment variables, the secret ones from where the platform keeps secrets.
"""

from .placed import File

SEARCH = "SLIPWAY_SEARCH"
"""Domains in which a name is looked up, separated by spaces."""
OPTIONS = "SLIPWAY_OPTIONS"
"""Options of the resolver, separated by spaces."""
HOSTS = "SLIPWAY_HOSTS"
"""Lines for /etc/hosts."""
FILES = "SLIPWAY_FILES"
"""A line for each file: `variable coding mode owner path`; coding is text or base64."""
FOLDER = "/slipway"
"""Where the init container and the seeds have the volumes of files, each in a folder of its name."""

START = """set -eu
umask 022
"""
NAMES = r"""resolv=/etc/resolv.conf
if [ -n "${SLIPWAY_SEARCH:-}" ]; then
  was=$(sed -n 's/^search //p' $resolv)
  rest=$(grep -v '^search ' $resolv || true)
  printf 'search %s\n%s\n' "$SLIPWAY_SEARCH${was:+ $was}" "$rest" > $resolv
fi
if [ -n "${SLIPWAY_OPTIONS:-}" ]; then
  printf 'options %s\n' "$SLIPWAY_OPTIONS" >> $resolv
fi
if [ -n "${SLIPWAY_HOSTS:-}" ]; then
  printf '%s\n' "$SLIPWAY_HOSTS" >> /etc/hosts
fi
"""
"""Writes how names are looked up."""
WRITE = r"""printf '%s\n' "${SLIPWAY_FILES:-}" | while read -r variable coding mode owner path; do
  [ -n "$variable" ] || continue
  mkdir -p "$(dirname "$path")"
  rm -f "$path"
  eval "content=\$$variable"
  if [ "$coding" = base64 ]; then
    printf '%s' "$content" | base64 -d > "$path"
  else
    printf '%s' "$content" > "$path"
  fi
  chown "$owner" "$path"
  chmod "$mode" "$path"
done
"""
"""Writes files."""
SCRIPT = f"{START}{NAMES}{WRITE}"
"""What the init container of a task runs."""

SEED = r"""set -eu
for pair in "$@"; do
  from=${pair%=*}
  if [ -d "$from" ]; then cp -a "$from/." "${pair##*=}/"; fi
done
"""
"""What the seed of a container runs, with `folder=where its volume is` for each folder: a volume hides what an image
has in that place, so that it is copied there first."""


def line(variable: str, file: File, path: str) -> str:
    """A line of `FILES`.

    Args:
        variable: that has the content.
        file: it.
        path: where the init container writes it.
    """
    return f"{variable} {file.coding} {file.mode:o} {file.owner} {path}"
