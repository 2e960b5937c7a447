"""Facts about the official plugin of pulumi-docker 5.2, each with the source it was read in.

They are not facts about the stand-in: it is held against them here, so that a program that works with one works with
the other. Read in kreuzwerker/terraform-provider-docker v4.5.0, `internal/provider/`, which the official plugin wraps,
and in pulumi/pulumi-docker, `provider/resources.go`; where pulumi-docker 5.2 is ahead of v4.5.0, the row says so.

What this does not prove: that the official plugin behaves as its sources read. The conformance suite says that, where
it is run with the official plugin.
"""

import pytest

from standins.docker.__main__ import package
from standins.docker.container import NO_HEALTHCHECK, UNHEALTHY

KINDS = {token.rsplit(":", 1)[-1]: kind for token, kind in package().resources.items()}

CONTAINER = "resource_docker_container.go, resourceDockerContainer"
NETWORK = "resource_docker_network.go, resourceDockerNetwork"
VOLUME = "resource_docker_volume.go, resourceDockerVolume"
IMAGE = "resource_docker_image.go, resourceDockerImage"

DEFAULTS = [
    ("Container", "attach", False, CONTAINER),
    ("Container", "containerReadRefreshTimeoutMilliseconds", 15000, CONTAINER),
    ("Container", "logs", False, CONTAINER),
    ("Container", "memoryReservation", 0, CONTAINER),
    ("Container", "mustRun", True, CONTAINER),
    ("Container", "networkMode", "bridge", CONTAINER),
    ("Container", "readOnly", False, CONTAINER),
    ("Container", "removeVolumes", True, CONTAINER),
    ("Container", "restart", "no", CONTAINER),
    ("Container", "rm", False, CONTAINER),
    ("Container", "start", True, CONTAINER),
    ("Container", "stdinOpen", False, CONTAINER),
    ("Container", "tty", False, CONTAINER),
    ("Container", "wait", False, CONTAINER),
    ("Container", "waitTimeout", 60, CONTAINER),
    ("Network", "ipamDriver", "default", NETWORK),
]

# properties without ForceNew; every other replaces
IN_PLACE = [
    (
        "Container",
        {
            *("attach", "containerReadRefreshTimeoutMilliseconds", "cpuPeriod", "cpuQuota", "cpuSet", "cpuShares"),
            *("destroyGraceSeconds", "deviceReadBps", "deviceReadIops", "deviceWriteBps", "deviceWriteIops", "init"),
            *("logs", "maxRetryCount", "memory", "memoryReservation", "memorySwap", "mustRun", "removeVolumes"),
            *("restart", "rm", "start", "tmpfs", "wait", "waitTimeout"),
        },
        CONTAINER + "; healthcheck replaces since kreuzwerker/terraform-provider-docker#989, which is after v4.5.0",
    ),
    ("Network", set(), NETWORK),
    ("RemoteImage", {"forceRemove", "keepLocally"}, IMAGE),
    ("Secret", set(), "resource_docker_secret.go, resourceDockerSecret"),
    ("ServiceConfig", set(), "resource_docker_config.go, resourceDockerConfig"),
    ("Volume", set(), VOLUME),
]

# properties with Computed, and `user` and `workingDir`, whose DiffSuppressFunc comes to the same
COMPUTED = [
    (
        "Container",
        {
            *("command", "entrypoints", "envs", "healthcheck", "hostname", "init", "ipcMode", "labels", "logDriver"),
            *("platform", "runtime", "securityOpts", "shmSize", "stopSignal", "stopTimeout", "user", "workingDir"),
        },
        CONTAINER,
    ),
    ("Network", {"driver", "internal", "ipamConfigs", "options"}, NETWORK),
    ("RemoteImage", set(), IMAGE),
    ("Volume", {"driver", "name"}, VOLUME),
]

NESTED_DEFAULTS = [
    ("Container", "deviceRequests", {"driver": "cdi", "count": 0}, CONTAINER),
    ("Container", "devices", {"permissions": "rwm"}, CONTAINER),
    ("Container", "ports", {"ip": "0.0.0.0", "protocol": "tcp"}, CONTAINER),
    ("Container", "uploads", {"executable": False}, CONTAINER),
    (
        "Container",
        "healthcheck",
        {"interval": "0s", "timeout": "0s", "startPeriod": "0s", "startInterval": "0s", "retries": 0},
        CONTAINER,
    ),
]

TEXTS = [
    (UNHEALTHY, "container failed to be in healthy state", "resource_docker_container_funcs.go"),
    (
        NO_HEALTHCHECK,
        "you have supplied a 'wait' argument, but the container does not have a healthcheck defined."
        " Please remove the 'wait' argument or add a 'healthcheck' attribute",
        "resource_docker_container_funcs.go, resourceDockerContainerCreate",
    ),
]


@pytest.mark.parametrize(("kind", "name", "default", "source"), DEFAULTS)
def test_a_default_is_the_official_one(kind, name, default, source):
    assert KINDS[kind].traits[name].default == default, source


@pytest.mark.parametrize("kind", KINDS)
def test_no_other_property_has_a_default(kind):
    given = {name for name, trait in KINDS[kind].traits.items() if trait.default is not None}
    assert given == {name for of, name, _, _ in DEFAULTS if of == kind}


@pytest.mark.parametrize(("kind", "name", "nested", "source"), NESTED_DEFAULTS)
def test_a_default_inside_an_object_is_the_official_one(kind, name, nested, source):
    assert KINDS[kind].traits[name].nested == nested, source


@pytest.mark.parametrize(("kind", "names", "source"), IN_PLACE)
def test_only_what_the_official_plugin_changes_in_place_is_changed_in_place(kind, names, source):
    assert {name for name, trait in KINDS[kind].traits.items() if trait.in_place} == names, source


@pytest.mark.parametrize(("kind", "names", "source"), COMPUTED)
def test_only_what_the_engine_decides_may_be_left_out_without_a_change(kind, names, source):
    assert {name for name, trait in KINDS[kind].traits.items() if trait.computed} == names, source


@pytest.mark.parametrize(("text", "official", "source"), TEXTS)
def test_an_error_of_a_failed_wait_has_the_official_words(text, official, source):
    assert text == official, source


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_of_the_sdk_has_a_trait(kind):
    """So a property that a later SDK adds fails here first, and is decided on."""
    resource = KINDS[kind]
    assert set(resource.traits) == set(package().sdk.schema(resource.token).inputs)


def test_a_container_is_deleted_before_it_is_replaced():
    """pulumi/pulumi-docker, provider/resources.go: DeleteBeforeReplace of docker_container."""
    assert KINDS["Container"].delete_before_replace


def test_an_image_is_not_named_by_the_plugin():
    """pulumi/pulumi-docker, provider/resources.go: SetAutonaming passes over a `name` that has an entry of its own."""
    assert {kind for kind, resource in KINDS.items() if not resource.autonamed} == {"RemoteImage"}


def test_images_and_secrets_cannot_be_imported():
    """resource_docker_image.go and resource_docker_secret.go have no Importer."""
    assert {kind for kind, resource in KINDS.items() if not resource.importable} == {"RemoteImage", "Secret"}
