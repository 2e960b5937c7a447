"""What Cloud Run says in prose of an instance's containers and volumes: on bodies of the API. Pure.

Where no page is named, it is the description of the field in
https://cloud.google.com/run/docs/reference/rest/v2/Container
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from standins.gcp import run_probes
from standins.tables import known, part, parts, texts
from standins.values import UNKNOWN, Properties, Value

MOST_CONTAINERS: Final = 10
"""https://cloud.google.com/run/quotas, "containers per instance"."""
MOST_VARIABLES: Final = 1000
"""https://cloud.google.com/run/docs/configuring/services/environment-variables#maximum"""
MOST_VALUE: Final = 32768
RESERVED: Final = ("K_CONFIGURATION", "K_REVISION", "K_SERVICE", "PORT")
"""https://cloud.google.com/run/docs/container-contract#services-env-vars"""
RESERVED_IN_JOBS: Final = (
    "CLOUD_RUN_EXECUTION",
    "CLOUD_RUN_JOB",
    "CLOUD_RUN_TASK_ATTEMPT",
    "CLOUD_RUN_TASK_COUNT",
    "CLOUD_RUN_TASK_INDEX",
)
"""https://cloud.google.com/run/docs/container-contract#jobs-env-vars"""
REGISTRIES: Final = re.compile(r"docker\.io|([a-z0-9-]+-)?docker\.pkg\.dev|([a-z]+\.)?gcr\.io|mirror\.gcr\.io")
"""Hosts whose images are taken
(https://cloud.google.com/run/docs/deploying#images, "from other registries" wants a remote repository)."""
_TAKEN: Final = (
    "expected [host/]repo-path[:tag and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or "
    "docker.io"
)
SYSTEM: Final = ("/dev", "/proc", "/sys")
"""https://cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts#disallowed_paths_and_limitations"""
_PORT: Final = range(1, 65536)
_PROTOCOLS: Final = ("http1", "h2c")
_DNS_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SOURCES: Final = ("cloudSqlInstance", "emptyDir", "gcs", "nfs", "secret")
_VERSION: Final = re.compile(r"latest|[1-9]\d*|[a-zA-Z][\w-]*")
_MOST_MODE: Final = 0o777


@dataclass(frozen=True, slots=True)
class Rules:
    """How containers of services, worker pools and jobs differ.

    Attributes:
        ports: whether one container takes requests.
        liveness: whether containers are probed while they run.
        reserved: variables that nobody may set.
    """

    ports: bool
    liveness: bool
    reserved: tuple[str, ...]


SERVICE: Final = Rules(ports=True, liveness=True, reserved=RESERVED)
WORKER_POOL: Final = Rules(ports=False, liveness=True, reserved=RESERVED)
JOB: Final = Rules(ports=False, liveness=False, reserved=RESERVED_IN_JOBS)


def problems(template: Properties, path: str, rules: Rules) -> Iterator[tuple[str, str]]:
    """What is wrong with the containers and volumes of a template.

    Args:
        template: of a revision, or of a task.
        path: of the template.
        rules: of the kind.
    """
    containers, volumes = parts(template, "containers"), parts(template, "volumes")
    asked = template.get("containers", ())
    if template and asked is not UNKNOWN and not 0 < len(asked) <= MOST_CONTAINERS:
        yield f"{path}.containers", f"{len(asked)} containers, and an instance has 1 to {MOST_CONTAINERS}"
    yield from _names(containers, f"{path}.containers")
    yield from _ports(containers, f"{path}.containers", rules)
    for place, volume in enumerate(volumes):
        yield from _volume(volume, f"{path}.volumes[{place}]", template)
    yield from _repeated([each.get("name") for each in volumes], f"{path}.volumes")
    for place, container in enumerate(containers):
        where = f"{path}.containers[{place}]"
        yield from _image(container.get("image"), f"{where}.image")
        yield from _variables(container, where, rules)
        yield from _mounts(container, _named(template, "volumes"), where)
        yield from run_probes.problems(container, where, takes_requests=rules.ports, liveness=rules.liveness)
    yield from _order(containers, _named(template, "containers"), f"{path}.containers")
    yield from _network(template.get("vpcAccess"), f"{path}.vpcAccess")


def _names(containers: list[Properties], path: str) -> Iterator[tuple[str, str]]:
    names = [each.get("name") for each in containers]
    for place, name in enumerate(names):
        if name is None and len(containers) > 1:
            yield f"{path}[{place}].name", "is required where there are several containers"
        if isinstance(name, str) and not _DNS_LABEL.fullmatch(name):
            yield f"{path}[{place}].name", f'"{name}" is no DNS label'
    yield from _repeated(names, path)


def _named(template: Properties, member: str) -> Mapping[Value, Properties]:
    """The objects of a list by their names; UNKNOWN is a name too, where one of them is not known yet."""
    found = template.get(member)
    items = found if isinstance(found, list) else [found] if found is UNKNOWN else []
    objects = [each if isinstance(each, dict) else {"name": UNKNOWN} for each in items]
    return {each.get("name"): each for each in objects}


def _repeated(names: list[Value], path: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name in names:
        if isinstance(name, str) and name in seen:
            yield path, f'"{name}" is there twice'
        seen |= {name} if isinstance(name, str) else set()


def _ports(containers: list[Properties], path: str, rules: Rules) -> Iterator[tuple[str, str]]:
    """https://cloud.google.com/run/docs/deploying#sidecars: the one with a port takes the requests."""
    with_ports = [place for place, each in enumerate(containers) if each.get("ports")]
    for place in with_ports:
        ports = parts(containers[place], "ports")
        if not rules.ports:
            yield f"{path}[{place}].ports", "only a service has ports"
        if len(ports) > 1:
            yield f"{path}[{place}].ports", f"{len(ports)} ports, and one is the most"
        for port in ports:
            yield from _port(port, f"{path}[{place}].ports[0]")
    if rules.ports and len(containers) > 1 and len(with_ports) != 1:
        yield path, f"{len(with_ports)} containers have ports, and of several containers exactly one has to"


def _port(port: Properties, path: str) -> Iterator[tuple[str, str]]:
    number, name = port.get("containerPort"), port.get("name")
    if isinstance(number, int) and number not in _PORT:
        yield f"{path}.containerPort", f"{number} is not from 1 to 65535"
    if isinstance(name, str) and name not in _PROTOCOLS:
        yield f"{path}.name", f'"{name}" is not one of {", ".join(_PROTOCOLS)}'


def _image(image: Value, path: str) -> Iterator[tuple[str, str]]:
    if not known(image):
        return
    host, slash, _ = str(image).partition("/")
    if slash and ("." in host or ":" in host) and not REGISTRIES.fullmatch(host) and not _is_near(host):
        yield path, f"{_TAKEN}, but obtained {image}"


def _is_near(host: str) -> bool:
    """Whether a registry is of this machine: the tests' own."""
    try:
        return ipaddress.ip_address(host.rpartition(":")[0] or host).is_loopback
    except ValueError:
        return host.partition(":")[0] == "localhost"


def _variables(container: Properties, path: str, rules: Rules) -> Iterator[tuple[str, str]]:
    variables = parts(container, "env")
    if len(variables) > MOST_VARIABLES:
        yield f"{path}.env", f"{len(variables)} variables, and the most is {MOST_VARIABLES}"
    yield from _repeated([each.get("name") for each in variables], f"{path}.env")
    for place, variable in enumerate(variables):
        name, value, source = variable.get("name"), variable.get("value"), variable.get("valueSource")
        where = f"{path}.env[{place}]"
        if isinstance(name, str) and "=" in name:
            yield f"{where}.name", f"{name!r} is no name of a variable"
        elif name in rules.reserved or str(name).startswith("X_GOOGLE_"):
            yield f"{where}.name", f'"{name}" is set by Cloud Run itself'
        if isinstance(value, str) and len(value.encode()) > MOST_VALUE:
            yield f"{where}.value", f"{len(value.encode())} bytes, and the most is {MOST_VALUE}"
        if source is not None and value:
            yield where, "has both value and valueSource"
        if isinstance(source, dict):
            selector = part(source, "secretKeyRef")
            yield from _secret(selector, f"{where}.valueSource.secretKeyRef")
            yield from _version(selector.get("version"), f"{where}.valueSource.secretKeyRef")


def _secret(source: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    secret = source.get("secret")
    if known(secret) and not re.fullmatch(r"(projects/[^/]+/secrets/)?[\w-]+", str(secret)):
        yield f"{path}.secret", f'"{secret}" is neither a name nor projects/<project>/secrets/<name>'


def _version(version: Value, path: str) -> Iterator[tuple[str, str]]:
    if not version:
        yield f"{path}.version", "is required"
    elif known(version) and not _VERSION.fullmatch(str(version)):
        yield f"{path}.version", f'"{version}" is neither latest nor a number nor an alias'


def _volume(volume: Properties, path: str, template: Properties) -> Iterator[tuple[str, str]]:
    name = volume.get("name")
    if isinstance(name, str) and not _DNS_LABEL.fullmatch(name):
        yield f"{path}.name", f'"{name}" is no DNS label'
    sources = [each for each in _SOURCES if volume.get(each) is not None]
    if len(sources) != 1:
        yield path, f"has {len(sources)} of {', '.join(_SOURCES)}, and must have exactly one"
    first = template.get("executionEnvironment") == "EXECUTION_ENVIRONMENT_GEN1"
    for source in ("gcs", "nfs"):
        if source in sources and first:
            yield f"{path}.{source}", "wants the second generation (executionEnvironment)"
    if isinstance(volume.get("secret"), dict):
        yield from _secret(volume["secret"], f"{path}.secret")
        yield from _items(volume["secret"], f"{path}.secret")
    folder = part(volume, "nfs").get("path")
    if isinstance(folder, str) and not folder.startswith("/"):
        yield f"{path}.nfs.path", f'"{folder}" does not begin with /'


def _items(source: Properties, path: str) -> Iterator[tuple[str, str]]:
    for place, item in enumerate(parts(source, "items")):
        where, inside = f"{path}.items[{place}]", item.get("path")
        if isinstance(inside, str) and (inside.startswith("/") or ".." in inside.split("/")):
            yield f"{where}.path", f"{inside!r} is no path inside the volume"
        mode = item.get("mode")
        if isinstance(mode, int) and not 0 <= mode <= _MOST_MODE:
            yield f"{where}.mode", f"{mode} is not from 01 to 0777"
        yield from _version(item.get("version"), where)


def _mounts(container: Properties, volumes: Mapping[Value, Properties], path: str) -> Iterator[tuple[str, str]]:
    mounts = parts(container, "volumeMounts")
    for place, mount in enumerate(mounts):
        where, name, target = f"{path}.volumeMounts[{place}]", mount.get("name"), str(mount.get("mountPath", ""))
        volume = volumes.get(name, {})
        if known(name) and name not in volumes and UNKNOWN not in volumes:
            yield f"{where}.name", f'"{name}" is no volume of the template'
        if "cloudSqlInstance" not in volume and mount.get("mountPath") is not UNKNOWN:
            yield from _target(target, f"{where}.mountPath")
        if mount.get("subPath") and "secret" in volume:
            yield f"{where}.subPath", "is not for a volume of a secret"
    yield from _repeated([each.get("mountPath") for each in mounts], f"{path}.volumeMounts")


def _target(target: str, path: str) -> Iterator[tuple[str, str]]:
    if not target.startswith("/") or ":" in target or target == "/":
        yield path, f'"{target}" is no absolute path without a colon below /'
    elif any(target == each or target.startswith(f"{each}/") for each in SYSTEM):
        yield path, f'"{target}" is in a folder of the system'


def _order(containers: list[Properties], named: Mapping[Value, Properties], path: str) -> Iterator[tuple[str, str]]:
    """https://cloud.google.com/run/docs/configuring/services/containers#container-ordering."""
    for place, container in enumerate(containers):
        for name in texts(container, "dependsOn"):
            if name not in named and UNKNOWN not in named:
                yield f"{path}[{place}].dependsOn", f'"{name}" is no container of the template'
            elif name in named and not named[name].get("startupProbe"):
                yield f"{path}[{place}].dependsOn", f'"{name}" has no startupProbe, which what waits for it needs'
        if _reaches(named, container.get("name"), container.get("name"), set()):
            yield f"{path}[{place}].dependsOn", "comes back to the container itself"


def _reaches(named: Mapping[Value, Properties], start: Value, wanted: Value, seen: set[Value]) -> bool:
    for name in texts(named.get(start), "dependsOn"):
        if name == wanted:
            return True
        if name not in seen and _reaches(named, name, wanted, seen | {name}):
            return True
    return False


def _network(access: Value, path: str) -> Iterator[tuple[str, str]]:
    interfaces = parts(access, "networkInterfaces")
    if interfaces and access.get("connector"):
        yield path, "has both connector and networkInterfaces"
    if len(interfaces) > 1:
        yield f"{path}.networkInterfaces", f"{len(interfaces)} interfaces, and one is the most"
    for place, each in enumerate(interfaces):
        if not each.get("network") and not each.get("subnetwork"):
            yield f"{path}.networkInterfaces[{place}]", "has neither network nor subnetwork"
