"""The variables that a plain `pulumi` needs to work as `make up` does."""

import json
import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from . import cache
from .places import Places


def variables(places: Places, *, default_backend: bool = True, user: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What to set, in addition to the user's own environment.

    Args:
        places: of this checkout.
        default_backend: whether the stack may use the project's own file backend and passphrase, where the user has
            no backend of his own: only the target docker on this machine may. See `stack.refuse_without_backend`.
        user: the environment as it was, default this process's.
    """
    path = [str(places.venv / "bin"), str(places.bin)]
    kept = [entry for entry in user.get("PATH", os.defpath).split(os.pathsep) if entry not in path]
    found = {
        "PATH": os.pathsep.join([*path, *kept]),
        "PULUMI_HOME": str(places.home),
        "BUILDX_CONFIG": str(places.buildx),
        "PULUMI_ERROR_OUTPUT_STRING": "1",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    login = login_folder(places, user)
    if login is not None:
        found["PULUMI_CREDENTIALS_PATH"] = str(login)
    elif default_backend and not has_backend(places, user):
        found["PULUMI_BACKEND_URL"] = f"file://{places.state}"
        if not {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"} & set(user):
            found["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(places.passphrase)
    return found


def has_backend(places: Places, user: Mapping[str, str] = os.environ) -> bool:
    """Whether the user has a Pulumi backend of his own: a variable, or a login."""
    url = user.get("PULUMI_BACKEND_URL")
    own = url is not None and url != f"file://{places.state}"
    return own or bool(user.get("PULUMI_ACCESS_TOKEN")) or login_folder(places, user) is not None


def login_folder(places: Places, user: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of the user's login, which the project's own PULUMI_HOME would hide; it is only read."""
    home = user.get("PULUMI_HOME")
    if home is None or home == str(places.home):
        home = str(Path(user.get("HOME", str(Path.home()))) / ".pulumi")
    folder = Path(user.get("PULUMI_CREDENTIALS_PATH") or home)
    try:
        current = json.loads((folder / "credentials.json").read_text()).get("current")
    except (OSError, ValueError):
        return None
    return folder if current else None


def ensure_backend(places: Places) -> str:
    """Make the project's own backend: a folder for the state, and a random passphrase, mode 0600, never changed."""
    (places.state).mkdir(parents=True, exist_ok=True)
    if places.passphrase.is_file():
        return "reused"
    with cache.locked(places.own / ".passphrase.lock"):
        if not places.passphrase.is_file():
            cache.write(places.passphrase, secrets.token_urlsafe(32), 0o600)
    return "a file backend and a passphrase of the project"


def exports(found: Mapping[str, str]) -> str:
    """Lines for a shell to read: `eval "$(python3 -m toolchain env)"`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in found.items())
