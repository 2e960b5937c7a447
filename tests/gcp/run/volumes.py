"""The volumes of an instance in the Engine, and the variables that are secrets: read as the instance's account may.

Not as there: an empty volume is on this machine's disk, and its size has no limit; a bucket's files take every mode.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docker
from docker.types import Mount

from tests.gcp.cloud import buckets, secrets
from tests.gcp.cloud.calls import NUMBER, RefusedError
from tests.gcp.cloud.place import Place
from tests.gcp.cloud.store import Store

from . import templates
from .templates import NotReadyError

INSTANCE = "slipway.gcp.instance"
"""The label of what goes with an instance."""
_FILE_MODE = 0o444


def made(
    template: Mapping[str, Any], instance: str, engine: docker.DockerClient, place: Place, store: Store
) -> dict[str, Path]:
    """Make the volumes of an instance.

    Returns:
        A volume's name in the template -> where it is on this machine.

    Raises:
        NotReadyError: the account may not read or write what is there, or there is nothing.
    """
    account = templates.account(template)
    found: dict[str, Path] = {}
    for volume in template.get("volumes") or ():
        if "gcs" in volume:
            found[volume["name"]] = _bucket(volume["gcs"], account, engine, place, store)
            continue
        labels = {**place.labels, INSTANCE: instance}
        new = engine.volumes.create(f"{place.prefix}-{instance}-{volume['name']}", labels=labels)
        folder = Path(new.attrs["Mountpoint"])
        folder.chmod(0o777)
        if "secret" in volume:
            _write(volume["secret"], account, folder, store)
        found[volume["name"]] = folder
    return found


def mounts(container: Mapping[str, Any], template: Mapping[str, Any], folders: Mapping[str, Path]) -> list[Mount]:
    """Where a container has volumes. What its image has in these places is hidden."""
    read_only = {each["name"] for each in template.get("volumes") or ()
                 if "secret" in each or each.get("gcs", {}).get("readOnly")}  # fmt: skip
    return [
        Mount(each["mountPath"], str(folders[each["name"]] / each.get("subPath", "")), type="bind",
              read_only=each["name"] in read_only)
        for each in container.get("volumeMounts") or ()
    ]  # fmt: skip


def environment(container: Mapping[str, Any], account: str, store: Store) -> Iterator[tuple[str, str]]:
    """The variables of a container.

    Raises:
        NotReadyError: one is a secret that the account may not read, or that is not there.
    """
    for each in container.get("env") or ():
        chosen = (each.get("valueSource") or {}).get("secretKeyRef")
        if chosen is None:
            yield each["name"], each.get("value", "")
        else:
            yield each["name"], _secret(chosen["secret"], chosen.get("version", ""), account, store).decode()


def _write(given: Mapping[str, Any], account: str, folder: Path, store: Store) -> None:
    everything = [{"path": given["secret"].rpartition("/")[2], "version": "latest"}]
    for item in given.get("items") or everything:
        file = folder / item["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_secret(given["secret"], item.get("version", ""), account, store))
        file.chmod(item.get("mode") or given.get("defaultMode") or _FILE_MODE)
    folder.chmod(0o755)


def _secret(secret: str, version: str, account: str, store: Store) -> bytes:
    full = f"projects/{NUMBER}/secrets/{secret.rpartition('/')[2]}/versions/{version}"
    try:
        content = secrets.content(store, secret, version)
    except RefusedError:
        raise NotReadyError(f"Secret {full} was not found", "SECRETS_ACCESS_CHECK_FAILED") from None
    if not secrets.may_read(store, account, secret):
        raise NotReadyError(
            f"Permission denied on secret: {full} for Revision service account {account}. The service account used "
            "must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the "
            "secret, project or higher level.",
            "SECRETS_ACCESS_CHECK_FAILED",
        )
    return content


def _bucket(
    given: Mapping[str, Any], account: str, engine: docker.DockerClient, place: Place, store: Store
) -> Path:  # fmt: skip
    bucket = given["bucket"]
    read_only = bool(given.get("readOnly"))
    if store.find("storage", f"b/{bucket}") is None or not buckets.may_use(store, account, bucket, read_only=read_only):
        raise NotReadyError(
            f"mounting the Cloud Storage bucket {bucket} failed: {account} does not have storage.objects access to "
            "it, or it does not exist"
        )
    return buckets.mounted(bucket, given.get("mountOptions") or (), engine, place)
