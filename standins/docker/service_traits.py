"""How each input of `docker.Service` behaves: defaults, what replaces it, what the Swarm decides.

After the schema in `resource_docker_service.go`. A change of the mode from replicated to global is one in place there,
and so here: the Swarm then refuses it.
"""

from collections.abc import Mapping
from typing import Final

from standins.docker.rules import at_least, duration, matches, ratio
from standins.traits import Rule, Trait

_PLAIN: Final = Trait(in_place=True)
_NATURAL: Final = Trait(in_place=True, rule=at_least(0))
_DURATION: Final = Trait(in_place=True, rule=duration)
_FIXED_SET: Final = Trait(unordered=True)


def _word(pattern: str, default: str | None = None) -> Trait:
    return Trait(in_place=True, default=default, rule=matches(pattern))


def _spell(default: str) -> Trait:
    return Trait(in_place=True, default=default, rule=duration)


def _object(*, computed: bool = False, rule: Rule | None = None, **fields: Trait) -> Trait:
    return Trait(in_place=True, computed=computed, rule=rule, fields=fields)


def _set(**fields: Trait) -> Trait:
    return Trait(in_place=True, unordered=True, fields=fields)


def _update(failures: str) -> Trait:
    return _object(
        parallelism=Trait(in_place=True, default=1, rule=at_least(0)),
        delay=_spell("0s"),
        failureAction=_word(failures, "pause"),
        monitor=_spell("5s"),
        maxFailureRatio=Trait(in_place=True, default="0.0", rule=ratio, alike=float),
        order=_word("^(stop-first|start-first)$", "stop-first"),
    )


def _file(kind: str) -> Trait:
    """A secret or a config as a file."""
    return _set(
        **{f"{kind}Id": _PLAIN, f"{kind}Name": _PLAIN},
        fileName=_PLAIN,
        fileUid=Trait(in_place=True, default="0"),
        fileGid=Trait(in_place=True, default="0"),
        fileMode=Trait(in_place=True, default=0o444, rule=at_least(0)),
    )


# `label` and `value` have ForceNew in every set of labels but that of the service itself
_FIXED_LABELS: Final = Trait(in_place=True, unordered=True, fields={"label": Trait(), "value": Trait()})

_MOUNTS: Final = _set(
    type=_word("^(bind|volume|tmpfs)$"),
    source=_PLAIN,
    target=_PLAIN,
    readOnly=_PLAIN,
    bindOptions=_object(propagation=_word("^(private|rprivate|shared|rshared|slave|rslave)$", "rprivate")),
    volumeOptions=_object(noCopy=_PLAIN, driverName=_PLAIN, driverOptions=_PLAIN, labels=_FIXED_LABELS),
    tmpfsOptions=_object(sizeBytes=_PLAIN, mode=_PLAIN),
)

_CONTAINER: Final = _object(
    image=_PLAIN,
    commands=_PLAIN,
    args=_PLAIN,
    env=_PLAIN,
    dir=_PLAIN,
    user=_PLAIN,
    groups=_PLAIN,
    hostname=_PLAIN,
    labels=_FIXED_LABELS,
    mounts=_MOUNTS,
    configs=_file("config"),
    secrets=_file("secret"),
    hosts=_FIXED_SET,
    dnsConfig=_object(computed=True, nameservers=_PLAIN, searches=_PLAIN, options=_PLAIN),
    sysctl=Trait(),
    healthcheck=_object(
        computed=True,
        tests=_PLAIN,
        interval=_spell("0s"),
        timeout=_spell("0s"),
        startPeriod=_spell("0s"),
        retries=Trait(in_place=True, default=0, rule=at_least(0)),
    ),
    stopSignal=_PLAIN,
    stopGracePeriod=Trait(in_place=True, computed=True, rule=duration),
    init=Trait(in_place=True, computed=True),
    capAdds=_PLAIN,
    capDrops=_PLAIN,
    readOnly=_PLAIN,
    isolation=_word("^(default|process|hyperv)$", "default"),
    privileges=_object(
        credentialSpec=Trait(lacking="a Windows account; the official plugin loses its file"),
        seLinuxContext=_object(disable=_PLAIN, user=_PLAIN, role=_PLAIN, type=_PLAIN, level=_PLAIN),
    ),
)

_TASK: Final = _object(
    containerSpec=_CONTAINER,
    resources=_object(
        computed=True,
        limits=_object(nanoCpus=_PLAIN, memoryBytes=_PLAIN),
        reservation=_object(
            nanoCpus=_PLAIN,
            memoryBytes=_PLAIN,
            genericResources=_object(namedResourcesSpecs=_set(), discreteResourcesSpecs=_set()),
        ),
    ),
    restartPolicy=_object(
        computed=True,
        condition=_word("^(none|on-failure|any)$"),
        delay=_DURATION,
        maxAttempts=_NATURAL,
        window=_DURATION,
    ),
    placement=_object(
        computed=True,
        constraints=_set(),
        prefs=_set(),
        maxReplicas=_NATURAL,
        platforms=_set(architecture=_PLAIN, os=_PLAIN),
    ),
    forceUpdate=Trait(in_place=True, computed=True, rule=at_least(0)),
    runtime=Trait(in_place=True, computed=True, rule=matches("^(container|plugin)$")),
    networksAdvanceds=Trait(unordered=True),
    logDriver=_object(name=_PLAIN, options=_PLAIN),
)

TRAITS: Final[Mapping[str, Trait]] = {
    "name": Trait(),
    "auth": Trait(),
    "labels": Trait(in_place=True, computed=True, unordered=True),
    "taskSpec": _TASK,
    "mode": Trait(
        in_place=True,
        computed=True,
        fields={
            "global": _PLAIN,
            "replicated": _object(computed=True, replicas=Trait(in_place=True, default=1, rule=at_least(0))),
        },
    ),
    "updateConfig": _update("^(pause|continue|rollback)$"),
    "rollbackConfig": _update("^(pause|continue)$"),
    "endpointSpec": _object(
        computed=True,
        mode=Trait(in_place=True, computed=True, rule=matches("^(vip|dnsrr)$")),
        ports=_object(
            name=_PLAIN,
            protocol=_word("^(tcp|udp|sctp)$", "tcp"),
            targetPort=_PLAIN,
            publishedPort=Trait(in_place=True, computed=True),
            publishMode=_word("^(host|ingress)$", "ingress"),
        ),
    ),
    "convergeConfig": _object(delay=_spell("7s"), timeout=_spell("3m")),
}
