"""Facts about the official plugin of pulumi-docker 5.2, each with the source it was read in.

They are not facts about the stand-in: it is held against them here, so that a program that works with one works with
the other. Read in kreuzwerker/terraform-provider-docker v4.5.0, `internal/provider/`, which the official plugin wraps,
and in pulumi/pulumi-docker, `provider/resources.go`; where pulumi-docker 5.2 is ahead of v4.5.0, the row says so.

What this does not prove: that the official plugin behaves as its sources read. The conformance suite says that, where
it is run with the official plugin.
"""

import pytest

from standins.docker import converge, service_spec
from standins.docker.__main__ import package
from standins.docker.container import NO_HEALTHCHECK, UNHEALTHY
from standins.docker.service_traits import TRAITS as SERVICE_TRAITS
from standins.sdk import inside
from standins.traits import fill

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

SERVICE = "resource_docker_service.go, resourceDockerService"

LACKING = {"taskSpec.containerSpec.privileges.credentialSpec"}

# inside docker.Service: path -> default
SERVICE_DEFAULTS = {
    **{
        f"{config}.{name}": default
        for config in ("updateConfig", "rollbackConfig")
        for name, default in {
            "parallelism": 1,
            "delay": "0s",
            "failureAction": "pause",
            "monitor": "5s",
            "maxFailureRatio": "0.0",
            "order": "stop-first",
        }.items()
    },
    **{
        f"taskSpec.containerSpec.{kind}s.{name}": default
        for kind in ("config", "secret")
        for name, default in {"fileUid": "0", "fileGid": "0", "fileMode": 0o444}.items()
    },
    **{f"taskSpec.containerSpec.healthcheck.{name}": "0s" for name in ("interval", "timeout", "startPeriod")},
    "taskSpec.containerSpec.healthcheck.retries": 0,
    "taskSpec.containerSpec.isolation": "default",
    "taskSpec.containerSpec.mounts.bindOptions.propagation": "rprivate",
    "endpointSpec.ports.protocol": "tcp",
    "endpointSpec.ports.publishMode": "ingress",
    "mode.replicated.replicas": 1,
    "convergeConfig.delay": "7s",
    "convergeConfig.timeout": "3m",
}

# paths with ForceNew, there as ForceNew of every property inside; a label of a container or of a volume among them
SERVICE_FIXED = {
    *("name", "auth", "taskSpec.networksAdvanceds", "taskSpec.containerSpec.hosts", "taskSpec.containerSpec.sysctl"),
    *("taskSpec.containerSpec.labels.label", "taskSpec.containerSpec.labels.value"),
    "taskSpec.containerSpec.mounts.volumeOptions.labels.label",
    "taskSpec.containerSpec.mounts.volumeOptions.labels.value",
}

SERVICE_COMPUTED = {
    *("labels", "mode", "mode.replicated", "endpointSpec", "endpointSpec.mode", "endpointSpec.ports.publishedPort"),
    *("taskSpec.resources", "taskSpec.restartPolicy", "taskSpec.placement", "taskSpec.forceUpdate", "taskSpec.runtime"),
    *(f"taskSpec.containerSpec.{name}" for name in ("dnsConfig", "healthcheck", "init", "stopGracePeriod")),
}

# what is sent where the program says nothing, or next to nothing
SERVICE_SENT = [
    ({}, ("TaskTemplate", "ContainerSpec", "StopGracePeriod"), 0, "createContainerSpec: a pointer to 0, so killed"),
    ({}, ("TaskTemplate", "ContainerSpec", "Init"), False, "createContainerSpec: a pointer to false"),
    ({}, ("TaskTemplate", "ContainerSpec", "Healthcheck"), {}, "createContainerSpec: what the image has"),
    ({}, ("TaskTemplate", "RestartPolicy"), {}, "createRestartPolicy: the Swarm's own, which has a delay of 5 s"),
    (
        {"restartPolicy": {"condition": "any"}},
        ("TaskTemplate", "RestartPolicy"),
        {"Condition": "any", "Delay": 0, "MaxAttempts": 0, "Window": 0},
        "createRestartPolicy: with a policy, but without its delay, there is no delay",
    ),
    ({}, ("Mode",), {}, "createServiceMode"),
    ({}, ("EndpointSpec",), {"Ports": []}, "createServiceEndpointSpec"),
]

TEXTS = [
    (converge.FAILED["rollback_completed"], "service rollback completed", "resource_docker_service_funcs.go"),
    (converge.FAILED["paused"], "service update paused", "resource_docker_service_funcs.go"),
    (converge.FAILED["rollback_paused"], "service rollback paused", "resource_docker_service_funcs.go"),
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
    fields = KINDS[kind].traits[name].fields
    assert {key: trait.default for key, trait in fields.items() if trait.default is not None} == nested, source


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


def paths(traits, prefix=""):
    """Every trait, with those inside objects, by its path."""
    found = {f"{prefix}{name}": trait for name, trait in traits.items()}
    for name, trait in traits.items():
        found |= paths(trait.fields, f"{prefix}{name}.")
    return found


def test_every_object_of_a_service_in_the_sdk_is_known_to_its_last_property():
    """So none is taken, and its change then judged as its parent's. `lacking` are those that are refused."""
    known = paths(SERVICE_TRAITS)
    listed = sdk_paths(package().sdk.schema("docker:index/service:Service").inputs)
    whole = ("auth.", "labels.", "taskSpec.networksAdvanceds.", "taskSpec.containerSpec.hosts.")
    lacking = tuple(f"{path}." for path, trait in known.items() if trait.lacking)
    assert {path for path in listed if not path.startswith((*whole, *lacking))} == set(known)


def sdk_paths(properties, prefix=""):
    found = set()
    for name, property_ in properties.items():
        found |= {f"{prefix}{name}", *sdk_paths(inside(property_.type), f"{prefix}{name}.")}
    return found


def test_the_defaults_inside_a_service_are_the_official_ones():
    given = {path: trait.default for path, trait in paths(SERVICE_TRAITS).items() if trait.default is not None}
    assert given == SERVICE_DEFAULTS, SERVICE


def test_only_what_the_official_plugin_replaces_a_service_for_replaces_it():
    assert {path for path, trait in paths(SERVICE_TRAITS).items() if not trait.in_place} - LACKING == SERVICE_FIXED


def test_only_what_the_swarm_decides_may_be_left_out_of_a_service_without_a_change():
    assert {path for path, trait in paths(SERVICE_TRAITS).items() if trait.computed} == SERVICE_COMPUTED, SERVICE


@pytest.mark.parametrize(("task", "place", "expected", "source"), SERVICE_SENT)
def test_what_a_service_leaves_out_is_sent_as_the_official_plugin_sends_it(task, place, expected, source):
    given = {"name": "x", "taskSpec": {"containerSpec": {"image": "x"}, **task}}
    sent = service_spec.body(fill(SERVICE_TRAITS, given))
    for key in place:
        sent = sent[key]
    assert sent == expected, source


def test_a_container_is_deleted_before_it_is_replaced():
    """pulumi/pulumi-docker, provider/resources.go: DeleteBeforeReplace of docker_container."""
    assert KINDS["Container"].delete_before_replace


def test_an_image_is_not_named_by_the_plugin():
    """pulumi/pulumi-docker, provider/resources.go: SetAutonaming passes over a `name` that has an entry of its own."""
    assert {kind for kind, resource in KINDS.items() if not resource.autonamed} == {"RemoteImage"}


def test_images_and_secrets_cannot_be_imported():
    """resource_docker_image.go and resource_docker_secret.go have no Importer."""
    assert {kind for kind, resource in KINDS.items() if not resource.importable} == {"RemoteImage", "Secret"}
