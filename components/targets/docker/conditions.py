"""For which values a row of the docker column holds (`support.Condition`), where it does not hold for all."""

from typing import Any

from ...model import App, BindOptions, Path
from ..conditions import mount_at, service_at
from . import container, order


def in_the_way(app: App, path: Path, value: Any) -> bool:
    """`start-first` where the old container has something that the new one needs."""
    return value == "start-first" and order.obstacle(service_at(app, path), app) is not None


def not_whole(_app: App, _path: Path, value: Any) -> bool:
    """No whole MiB."""
    return isinstance(value, int) and value > 0 and value % container.MIB != 0


def anonymous(app: App, path: Path, value: Any) -> bool:
    """A volume without a source."""
    return value == "volume" and mount_at(app, path).source is None


def propagated(app: App, path: Path, value: Any) -> bool:
    """A bind with propagation."""
    return value is True and (mount_at(app, path).bind or BindOptions()).propagation is not None


def not_relabelled(app: App, path: Path, _value: Any) -> bool:
    """A bind in the form of a mount, which has no label of SELinux."""
    bind = mount_at(app, path).bind or BindOptions()
    return bind.propagation is not None or bind.create_host_path is False


def only_on_failure(app: App, path: Path, _value: Any) -> bool:
    """A number of attempts for another condition than on-failure."""
    deploy = service_at(app, path).deploy
    policy = deploy.restart_policy if deploy else None
    return policy is not None and policy.condition != "on-failure"


def several(app: App, path: Path, _value: Any) -> bool:
    """More than one platform."""
    build = service_at(app, path).build
    return build is not None and len(build.platforms) > 1


def not_whole_seconds(_app: App, _path: Path, value: Any) -> bool:
    """No whole seconds."""
    return not float(value).is_integer()


def is_name(_app: App, _path: Path, value: Any) -> bool:
    """A user or group by name."""
    return not str(value).isdigit()


def profile_file(_app: App, _path: Path, value: Any) -> bool:
    """A seccomp profile in a file."""
    kind, _, profile = str(value).replace(":", "=", 1).partition("=")
    return kind == "seccomp" and profile not in ("unconfined", "builtin") and not profile.startswith("{")


def without_network(app: App, path: Path, _value: Any) -> bool:
    """A service on no network."""
    return not service_at(app, path).networks


def special_bits(_app: App, _path: Path, value: Any) -> bool:
    """A file mode with the set-user, set-group or sticky bit."""
    return isinstance(value, int) and value > 0o777


def negative(_app: App, _path: Path, value: Any) -> bool:
    """A number below 0."""
    return isinstance(value, int) and value < 0


def not_lent(app: App, _path: Path, value: Any) -> bool:
    """Memory of another service that does not lend it: the Engine's default is `private`."""
    kind, _, name = str(value).partition(":")
    other = app.services.get(name) if kind == "service" else None
    return other is not None and other.ipc != "shareable"
