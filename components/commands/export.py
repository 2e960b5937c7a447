"""`render -o DIR`: an application as files that another tool applies, in the place of `pulumi up`.

A target each: a Compose file, a stack file, manifests. Settings are the stack's, of which nothing is decrypted; images
are by digest, because nothing is built.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..access import Contents, ImageReference, KubernetesAccess, Registry, SwarmAccess
from ..errors import InputError, Problem, RejectedError
from ..model import App, Opaque, Parts
from ..targets import project_files
from ..targets.ingress import ingress
from ..targets.kubernetes import render as kubernetes
from ..targets.kubernetes.given import Given
from ..targets.swarm import render as swarm
from . import built, compose_file, external_secrets, files, folder, manifests, reached, stack_file, stacks

REGISTRY_PASSWORD = "REGISTRY_PASSWORD"  # noqa: S105 - the name of one
WITH_FOLDER = ("images", "secrets", "secret_store", "secret_prefix", "access")
"""Arguments that mean nothing without `-o`."""
SECRETS = ("omit", "external")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is written, and from what.

    Attributes:
        app: judged.
        contents: of its configs; of secrets, only that there are some.
        stack: the stack's file.
        images: what services run, as far as it is told.
        arguments: of the command line.
        where: what messages about settings begin with.
    """

    app: App
    contents: Contents
    stack: stacks.Stack
    images: Mapping[str, ImageReference]
    arguments: argparse.Namespace
    where: str


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("-o", "--output", metavar="DIR", help="write files that another tool applies into this folder")
    parser.add_argument(
        "--images",
        metavar="FILE",
        help="service to image by digest, in JSON: what `pulumi stack output images --json` prints",
    )
    parser.add_argument(
        "--secrets", choices=SECRETS, help="what becomes of secrets on kubernetes; default: omit, and list them"
    )
    parser.add_argument("--secret-store", metavar="[KIND/]NAME", help="the ClusterSecretStore of --secrets external")
    parser.add_argument("--secret-prefix", metavar="TEXT", help="begins the names of secrets in that store")
    parser.add_argument(
        "--access", metavar="FILE", help="what another stack puts out as `access`, where the cluster is that stack's"
    )


def refuse_alone(arguments: argparse.Namespace) -> None:
    """Arguments that mean nothing without `-o`.

    Raises:
        InputError: there are some.
    """
    given = [name for name in WITH_FOLDER if getattr(arguments, name) is not None]
    if given:
        words = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise InputError(Problem(f"{words} without -o", fix="write -o DIR"))


def run(arguments: argparse.Namespace, target: str, app: App, contents: Contents) -> int:
    """Write the files, and say what was written.

    Raises:
        InputError: the arguments or the stack are wrong, or the folder has files of these names already.
        RejectedError: what is asked for cannot be said in these files, or would show a secret.
    """
    if arguments.format is not None:
        raise InputError(Problem("--format is for what is printed, and -o writes files", fix="leave one of both out"))
    if target not in FORMS:
        what = f"-o is for {', '.join(FORMS)}, whose objects other tools apply, and this is {target}"
        raise InputError(Problem(what, fix="leave -o out: what would be created is printed"))
    if arguments.stack is None:
        raise InputError(Problem("-o without --stack", fix="write --stack NAME: its settings decide what is written"))
    stack = stacks.read(arguments.stack)
    where = f"stack {arguments.stack}"
    given = {**stack.images, **built.read(arguments.images)}
    images = built.references(app, given, arguments.images or where)
    asked = Asked(app=app, contents=contents, stack=stack, images=images, arguments=arguments, where=where)
    made = FORMS[target](asked)
    print(f"{arguments.output}: {folder.write(Path(arguments.output), made)}")
    return 0


def _compose(asked: Asked) -> dict[str, str]:
    """What has no digest is built by docker compose."""
    _refuse_store(asked, "docker")
    return compose_file.render(files.named(asked.arguments), asked.images, asked.arguments.output)


def _stack(asked: Asked) -> Mapping[str, str | bytes]:
    _refuse_store(asked, "swarm")
    _refuse_missing(asked)
    app = asked.app
    routed = [name for name, service in app.services.items() if ingress(service) is not None]
    if routed:
        fix = "publish a port, or use `pulumi up`"
        raise RejectedError(
            Problem(f"a stack file has no routes of an entry point ({', '.join(routed)})", asked.where, fix)
        )
    jobs = stack_file.completing(app)
    free = stack_file.without_order(app)
    access: SwarmAccess = _reader("existing").swarm(reached.block(asked.stack, asked.where, asked.arguments.access))
    given = swarm.Given(
        access=access,
        contents=asked.contents,
        project=project_files.read(app),
        identities=swarm.own_names(app),
    )
    made, lost = stack_file.render(swarm.render(free, asked.images, given), app, jobs)
    for remark in lost:
        print(f"warning: a stack file does not say {remark}", file=sys.stderr)
    return made


def _manifests(asked: Asked) -> dict[str, str]:
    store = _store(asked.arguments)
    _refuse_missing(asked)
    reader = _reader("kubernetes")
    block = reached.block(asked.stack, asked.where, asked.arguments.access)
    access: KubernetesAccess = reader.chosen(reader.access(block), asked.stack.kubernetes)
    given = Given(
        access=access,
        contents=asked.contents,
        project=project_files.read(asked.app),
        registry=_registry(asked.stack.registry),
        name_key=Parts([Opaque(None, "slipway:nameKey")]),
        protect=asked.stack.protect,
    )
    return manifests.render(kubernetes.render(asked.app, asked.images, given), store)


FORMS: Mapping[str, Callable[[Asked], Mapping[str, str | bytes]]] = {
    "docker": _compose,
    "kubernetes": _manifests,
    "swarm": _stack,
}
"""Target -> what makes the files: name -> content."""


def _reader(name: str) -> Any:
    """A module that reads a cluster's block; it loads Pulumi, which no other verb does."""
    return importlib.import_module(f"..clusters.{name}", __package__)


def _registry(block: Mapping[str, Any]) -> Registry | None:
    if "prefix" not in block:
        return None
    password = Parts([Opaque(None, REGISTRY_PASSWORD)]) if "password" in block else None
    return Registry(prefix=str(block["prefix"]), username=block.get("username"), password=password)


def _refuse_missing(asked: Asked) -> None:
    found = built.missing(asked.app, asked.images, asked.arguments.images or asked.where)
    if found:
        raise InputError(found)


def _refuse_store(asked: Asked, target: str) -> None:
    if asked.arguments.secrets == "external" or asked.arguments.secret_store is not None:
        raise InputError(Problem(f"--secrets external is for kubernetes, and this is {target}", fix="leave it out"))


def _store(arguments: argparse.Namespace) -> external_secrets.Store | None:
    if arguments.secrets != "external":
        if arguments.secret_store is not None or arguments.secret_prefix is not None:
            raise InputError(Problem("--secret-store without --secrets external", fix="write both"))
        return None
    if not arguments.secret_store:
        raise InputError(Problem("--secrets external without --secret-store", fix="write --secret-store NAME"))
    kind, slash, name = arguments.secret_store.rpartition("/")
    if slash and kind not in external_secrets.STORES:
        fix = f"write one of {', '.join(external_secrets.STORES)}"
        raise InputError(Problem(f'"{kind}" is no kind of a store', "--secret-store", fix))
    return external_secrets.Store(
        kind=kind or external_secrets.CLUSTER_STORE, name=name, prefix=arguments.secret_prefix or ""
    )
