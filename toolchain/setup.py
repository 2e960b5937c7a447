"""Set-up in order: three lanes side by side, because downloads wait for the network and builds for the processor."""

from concurrent.futures import Future, ThreadPoolExecutor

from components.errors import InputError, Problem

from . import base_image, builder, cache, engine, environment, golang, kubernetes, plugins, registry, tools, venv
from .places import Places
from .steps import Steps
from .table import tool

_HOST = "pulumi-language-python"
_BESIDE = ("pulumi-language-python-exec", "pulumi-resource-pulumi-python")


def ensure_python(places: Places, steps: Steps) -> None:
    """The virtual environment alone: what the tests without an Engine need.

    Raises:
        InputError: it cannot be made.
    """
    with steps.alive(), cache.locked(places.own / ".python.lock"), steps.step("python packages") as step:
        step.outcome = venv.ensure(places)


def ensure(places: Places, steps: Steps) -> None:
    """Everything that `make up` needs; what is there is reused, so it may be killed and run again at any time.

    Raises:
        InputError: something cannot be brought; every lane goes on as far as it gets, and all reasons are told.
    """
    if not golang.at_hand():
        ensure_python(places, steps)  # Go comes by pip then
    with steps.alive(), cache.locked(places.own / ".setup.lock"), ThreadPoolExecutor(max_workers=4) as pool:
        hub = registry.hub_answers()
        lanes = [pool.submit(_cli, places, steps), pool.submit(_builds, places, steps, hub)]
        lanes += [pool.submit(_python, places, steps), pool.submit(_engine, places, steps, hub)]
        _join(lanes)
        with steps.step("image builder") as step:
            step.outcome = builder.ensure_container(places) if hub else builder.ensure_daemon(places)
        with steps.step("backend") as step:
            own = environment.has_backend(places)
            step.outcome = "the user's own" if own else environment.ensure_backend(places)
    if not hub:
        steps.note(
            f"note: Docker Hub does not answer; {base_image.NAME}, made from Debian's packages, stands in for its"
        )
    if plugins.is_stand_in(plugins.place(tool("pulumi-resource-docker"), places)):
        steps.note(
            "note: standins/docker stands in for the official docker plugin, which docs/setup.md tells how to get"
        )


def ensure_kubernetes(places: Places, steps: Steps, *, cluster: bool) -> None:
    """What a stack on the target kubernetes needs beside the rest.

    Args:
        places: of this checkout.
        steps: that are shown.
        cluster: whether everything that a cluster of this machine's own is made of belongs to it.

    Raises:
        InputError: something cannot be brought.
    """
    with steps.alive(), cache.locked(places.own / ".setup.lock"):
        with steps.step(f"kubernetes plugin {tool('pulumi-resource-kubernetes').version}") as step:
            step.outcome = plugins.ensure_kubernetes(places)
        if cluster:
            with steps.step(f"kubernetes {tool('kube-apiserver').version}") as step:
                step.outcome = kubernetes.ensure(places)


def _cli(places: Places, steps: Steps) -> None:
    row = tool("pulumi")
    with steps.step(f"pulumi {row.version}") as step:
        pulumi = tools.obtain(row, places)
        cache.link(places.bin / "pulumi", pulumi.program)
        step.outcome = pulumi.how
    with steps.step("pulumi's Python host") as step:
        # the CLI looks beside its own program first, where the official archive has it too; a host on PATH is a warning
        folder = pulumi.program.resolve().parent
        if (folder / _HOST).is_file():
            step.outcome = pulumi.how
        else:
            if not folder.is_relative_to(places.cache.resolve()):
                folder = places.bin  # the user's own folders are not written to
            host = tools.obtain(tool(_HOST), places)
            for name in (*_BESIDE, _HOST):
                cache.link(folder / name, host.program.parent / name)
            step.outcome = host.how


def _builds(places: Places, steps: Steps, hub: bool) -> None:  # noqa: FBT001 - submitted to a pool
    if not hub:
        with steps.step(f"buildkitd {tool('buildkitd').version}") as step:
            step.outcome = tools.obtain(tool("buildkitd"), places).how
    with steps.step(f"docker-build plugin {tool('pulumi-resource-docker-build').version}") as step:
        step.outcome = plugins.ensure_docker_build(places)
    with steps.step(f"docker plugin {tool('pulumi-resource-docker').version}") as step:
        step.outcome = plugins.ensure_docker(places)


def _python(places: Places, steps: Steps) -> None:
    with cache.locked(places.own / ".python.lock"), steps.step("python packages") as step:
        step.outcome = venv.ensure(places)


def _engine(places: Places, steps: Steps, hub: bool) -> None:  # noqa: FBT001 - submitted to a pool
    with steps.step("docker engine") as step:
        step.outcome = engine.ensure(places)
    if hub:
        return
    with steps.step("local registry") as step:
        step.outcome = registry.ensure(places)
    with steps.step(base_image.NAME) as step:
        step.outcome = base_image.ensure(places)


def _join(lanes: list[Future[None]]) -> None:
    problems: list[Problem] = []
    for lane in lanes:
        try:
            lane.result()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
