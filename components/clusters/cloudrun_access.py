"""A project of Google Cloud that is there: `slipway:cluster: {existing: {project: ..., number: ..., region: ...}}`.

Everything else that `CloudRunAccess` has may stand in the same block, which is how another stack gives its platform,
or, but for what says which place it is, in the application's own `slipway:cloudrun`, which wins.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..access import CloudRunAccess
from ..errors import Problem, SettingsError
from . import blocks

EXISTING = "slipway:cluster.existing"
OPTIONS = "slipway:cloudrun"
PROJECT = r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"
"""https://cloud.google.com/resource-manager/docs/creating-managing-projects (project ID)"""
REGION = r"[a-z]+-[a-z]+[0-9]+"
HOST = r"[a-z0-9.-]+(:[0-9]+)?"
NONE = Problem(
    "no value for slipway:cluster, and cloudrun has no project that is everyone's",
    fix="run `pulumi config set --path slipway:cluster.stack <name of the platform's stack>`",
)


def _of_network(kind: str) -> str:
    """The form of an ID in Compute Engine, with or without the API's address before it."""
    return rf"(https://.+/)?projects/[^/]+/{kind}/[a-z0-9-]+"


PLACE: Mapping[str, blocks.Check] = {
    "network": blocks.form(
        _of_network("global/networks"), "a network", "write projects/<project>/global/networks/<name>"
    ),
    "number": blocks.form(
        r"[0-9]+", "a project's number", "run `gcloud projects describe <project> --format 'value(projectNumber)'`"
    ),
    "project": blocks.form(PROJECT, "a project's ID", "run `gcloud projects list`"),
    "region": blocks.form(REGION, "a region", "run `gcloud run regions list`"),
    "subnetwork": blocks.form(
        _of_network(f"regions/{REGION}/subnetworks"),
        "a subnetwork",
        "write projects/<project>/regions/<region>/subnetworks/<name>",
    ),
}
"""Keys that say which place it is."""
WAYS: Mapping[str, blocks.Check] = {
    "balancer": blocks.word("external", "internal", "none"),
    "certificateMap": blocks.form(
        r"(//certificatemanager\.googleapis\.com/)?projects/[^/]+/locations/global/certificateMaps/[a-z0-9-]+",
        "a certificate map",
        "write projects/<project>/locations/global/certificateMaps/<name>",
    ),
    "deletionProtection": blocks.boolean,
    "discovery": blocks.word("balancer", "url"),
    "domain": blocks.form(r"[a-z0-9-]+(\.[a-z0-9-]+)*", "a domain", "write names of a-z, 0-9 and - with dots between"),
    "egress": blocks.word("all", "private"),
    "enableApis": blocks.boolean,
    "impersonate": blocks.form(r"[^@\s]+@[^@\s]+", "a service account", "write its e-mail address"),
    "initImage": blocks.string,
    "kmsKey": blocks.form(
        r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+",
        "a key",
        "write projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>",
    ),
    "labels": blocks.strings,
    "nfs": blocks.form(r"[^:/\s]+:/\S*", "an NFS share", "write server:/path"),
    "publish": blocks.word("internal", "none", "public"),
    "replication": blocks.several(blocks.form(REGION, "a region", "write names such as europe-west1")),
    "repository": blocks.form(
        rf"{HOST}(/[a-z0-9._-]+)+", "a repository", "write <region>-docker.pkg.dev/<project>/<repository>"
    ),
    "zone": blocks.string,
    "zoneName": blocks.string,
}
"""Keys that say which of the platform's ways are taken."""
OUTPUTS = ("certificateMap", "kmsKey", "network", "number", "subnetwork", "zone")
"""Keys whose value may be an output of the same program, because nothing is decided by it."""


def access(existing: Mapping[str, Any]) -> CloudRunAccess:
    """The access that a stack's `existing` block describes; there is no project that an empty one could mean.

    Args:
        existing: the attributes of `CloudRunAccess` in camelCase; `number` may be written as a number.

    Raises:
        SettingsError: with every problem at once.
    """
    block = blocks.whole_numbers(existing)
    if not block:
        raise SettingsError(NONE)
    if isinstance(block.get("number"), int):
        block["number"] = str(block["number"])
    problems = blocks.problems(block, EXISTING, {**PLACE, **WAYS}, ("project", "number", "region"), outputs=OUTPUTS)
    problems += [
        Problem(f"no value for {other}", EXISTING, f"write one: {key} alone leads nowhere")
        for key, other in (("network", "subnetwork"), ("subnetwork", "network"))
        if key in block and other not in block
    ]
    if problems:
        raise SettingsError(problems)
    return CloudRunAccess(**_attributes(block))


def chosen(given: CloudRunAccess, options: Mapping[str, Any]) -> CloudRunAccess:
    """A project's access with what a stack's `slipway:cloudrun` chooses otherwise.

    Args:
        given: how the project is reached, and what fits it.
        options: the keys in `WAYS`.

    Raises:
        SettingsError: with every problem at once.
    """
    block = blocks.whole_numbers(options)
    problems = blocks.chosen(block, OPTIONS, EXISTING, PLACE, WAYS, OUTPUTS)
    if problems:
        raise SettingsError(problems)
    return dataclasses.replace(given, **_attributes(block))


def _attributes(block: Mapping[str, Any]) -> dict[str, Any]:
    found = blocks.attributes(block, [each.name for each in dataclasses.fields(CloudRunAccess)])
    if "replication" in found:
        found["replication"] = tuple(found["replication"])
    return found
