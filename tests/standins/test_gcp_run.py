"""What the gcp stand-in refuses of services, worker pools and jobs because Cloud Run's own pages say so; no cloud.

Each rule has its page or its field beside it in `standins/gcp/run_*.py`. What this does not prove: that the pages say
all that Cloud Run refuses.
"""

import copy

import pytest

from standins.gcp.run import Job, Service, WorkerPool
from standins.values import UNKNOWN

PLACE = {"project": "demo", "location": "europe-west1", "name": "web"}
WEB = {"name": "web", "image": "docker.io/library/nginx:1", "ports": {"containerPort": 8080}}
SIDE = {"name": "side", "image": "docker.io/library/busybox:1"}
LARGE = {"cpu": "4", "memory": "16Gi"}
STARTED = {"tcpSocket": {"port": 9000}}


def sized(cpu, memory, **resources):
    return {"resources": {"limits": {"cpu": cpu, "memory": memory}, **resources}}


def service(*containers, **template):
    return {**PLACE, "template": {"containers": list(containers or (WEB,)), **template}}


def of_service(given):
    return [f"{path}: {wrong}" for path, wrong in Service().check(given)]


def of_pool(*containers, **template):
    given = {**PLACE, "template": {"containers": list(containers), **template}}
    return [f"{path}: {wrong}" for path, wrong in WorkerPool().check(given)]


def of_job(*containers, token=None, **task):
    given = {**PLACE, "runExecutionToken": token, "template": {"template": {"containers": list(containers), **task}}}
    return [f"{path}: {wrong}" for path, wrong in Job().check({k: v for k, v in given.items() if v is not None})]


def test_a_service_with_all_that_is_right_is_taken():
    env = [
        {"name": "A", "value": "1"},
        {"name": "B", "valueSource": {"secretKeyRef": {"secret": "db", "version": "1"}}},
    ]
    web = {
        **WEB,
        **sized("1", "512Mi", cpuIdle=False),
        "envs": env,
        "startupProbe": {"httpGet": {"path": "/health"}, "periodSeconds": 5, "failureThreshold": 48},
        "livenessProbe": {"httpGet": {"path": "/health"}, "periodSeconds": 3600, "timeoutSeconds": 3600},
        "dependsOns": ["side"],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}, {"name": "key", "mountPath": "/run/secrets"}],
    }
    volumes = [
        {"name": "data", "gcs": {"bucket": "demo-data"}},
        {"name": "key", "secret": {"secret": "db", "items": [{"path": "db", "version": "1", "mode": 0o444}]}},
    ]
    given = service(
        web,
        {**SIDE, "startupProbe": STARTED},
        volumes=volumes,
        executionEnvironment="EXECUTION_ENVIRONMENT_GEN2",
        scaling={"minInstanceCount": 1, "maxInstanceCount": 1},
        timeout="3600s",
        vpcAccess={"networkInterfaces": [{"network": "main"}], "egress": "PRIVATE_RANGES_ONLY"},
    )
    split = [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}]
    assert of_service({**given, "traffics": split}) == []


# containers and the rest of a service's template -> what is said
OF_TEMPLATES = {
    "sizes": [
        (
            ({**WEB, **sized("3", "2Gi")},),
            {},
            'template.containers[0].resources.limits.cpu: "3" is neither from 0.08 to 1 nor 1, 2, 4, 6 or 8',
        ),
        (
            ({**WEB, **sized("1", "lots")},),
            {},
            'template.containers[0].resources.limits.memory: "lots" is no size; write 512Mi or 2Gi, for example',
        ),
        (
            ({**WEB, "resources": {"limits": {"disk": "1Gi"}}},),
            {},
            "template.containers[0].resources.limits.disk: is not one of cpu, memory, nvidia.com/gpu",
        ),
        (
            ({**WEB, **sized("1", "5Gi")},),
            {},
            "template.containers: 5120 MiB with 1 CPU, and that much memory wants 2 CPU at least",
        ),
        (
            ({**WEB, **sized("4", "1Gi")},),
            {},
            "template.containers: 1024 MiB with 4 CPU, and that many CPUs want 2 GiB at least",
        ),
        (
            ({**WEB, **sized("8", "16Gi")}, {**SIDE, **sized("1", "1Gi")}),
            {},
            "template.containers: 17408 MiB with 9 CPU in all, and an instance has 8 CPU and 32 GiB at most",
        ),
        (
            ({**WEB, **sized("1", "256Mi")},),
            {"executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2"},
            "template.containers: 256 MiB with 1 CPU, and the second generation wants 512 MiB at least",
        ),
        (
            ({**WEB, "resources": {"limits": {"cpu": "2", "memory": "8Gi", "nvidia.com/gpu": "1"}}},),
            {"nodeSelector": {"accelerator": "nvidia-l4"}},
            "template.containers: 8192 MiB with 2 CPU, and an instance with a GPU has 4 CPU and 16 GiB at least",
        ),
        (
            ({**WEB, "resources": {"limits": {**LARGE, "nvidia.com/gpu": "2"}}},),
            {"nodeSelector": {"accelerator": "nvidia-l4"}},
            'template.containers[0].resources.limits.nvidia.com/gpu: "2" is not 1',
        ),
    ],
    "GPUs": [
        (
            ({**WEB, "resources": {"limits": {**LARGE, "nvidia.com/gpu": "1"}}},),
            {},
            "template.nodeSelector: is required with nvidia.com/gpu",
        ),
        (
            ({**WEB, "resources": {"limits": LARGE}},),
            {"nodeSelector": {"accelerator": "nvidia-l4"}},
            "template.nodeSelector: wants nvidia.com/gpu of a container",
        ),
        (
            ({**WEB, "resources": {"limits": {**LARGE, "nvidia.com/gpu": "1"}, "cpuIdle": True}},),
            {"nodeSelector": {"accelerator": "nvidia-l4"}},
            "template.containers[0].resources.cpuIdle: must be false beside a GPU",
        ),
    ],
    "less than a CPU": [
        (
            ({**WEB, **sized("0.5", "512Mi", cpuIdle=True)},),
            {"maxInstanceRequestConcurrency": 80},
            "template.maxInstanceRequestConcurrency: 80 with 0.5 CPU; it must be 1 below 1 CPU",
        ),
        (
            ({**WEB, **sized("500m", "512Mi", cpuIdle=False)},),
            {},
            "template.containers: 0.5 CPU wants cpuIdle true below 1 CPU (request-based billing)",
        ),
        (
            ({**WEB, **sized("0.5", "512Mi", cpuIdle=True)},),
            {"executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2"},
            "template.executionEnvironment: 0.5 CPU wants the first generation below 1 CPU",
        ),
    ],
    "scaling": [
        (
            (),
            {"scaling": {"minInstanceCount": 3, "maxInstanceCount": 2}},
            "template.scaling.minInstanceCount: 3 is above maxInstanceCount, 2",
        ),
        ((), {"scaling": {"minInstanceCount": -1}}, "template.scaling.minInstanceCount: -1 is below 0"),
        (
            (),
            {"maxInstanceRequestConcurrency": 1001},
            "template.maxInstanceRequestConcurrency: 1001 is not from 1 to 1000",
        ),
        ((), {"timeout": "3601s"}, "template.timeout: 3601s is not from 1s to 3600s"),
    ],
    "ports": [
        (
            (WEB, {**SIDE, "ports": {"containerPort": 9000}}),
            {},
            "template.containers: 2 containers have ports, and of several containers exactly one has to",
        ),
        (
            ({**WEB, "ports": None}, SIDE),
            {},
            "template.containers: 0 containers have ports, and of several containers exactly one has to",
        ),
        (
            ({**WEB, "ports": {"containerPort": 0}},),
            {},
            "template.containers[0].ports[0].containerPort: 0 is not from 1 to 65535",
        ),
        (
            ({**WEB, "ports": {"containerPort": 80, "name": "http"}},),
            {},
            'template.containers[0].ports[0].name: "http" is not one of http1, h2c',
        ),
    ],
    "names": [
        (
            (WEB, {**SIDE, "name": None}),
            {},
            "template.containers[1].name: is required where there are several containers",
        ),
        ((WEB, {**SIDE, "name": "web"}), {}, 'template.containers: "web" is there twice'),
        (({**WEB, "name": "Web"},), {}, 'template.containers[0].name: "Web" is no DNS label'),
    ],
    "images": [
        (
            ({**WEB, "image": "ghcr.io/acme/web:1"},),
            {},
            "template.containers[0].image: expected [host/]repo-path[:tag and/or @digest], where host is one of "
            "[region.]gcr.io, [region-]docker.pkg.dev or docker.io, but obtained ghcr.io/acme/web:1",
        ),
        (({**WEB, "image": ""},), {}, "template.containers[0].image: is required"),
    ],
    "variables": [
        (
            ({**WEB, "envs": [{"name": "PORT", "value": "80"}]},),
            {},
            'template.containers[0].env[0].name: "PORT" is set by Cloud Run itself',
        ),
        (
            ({**WEB, "envs": [{"name": "A=B", "value": "1"}]},),
            {},
            "template.containers[0].env[0].name: 'A=B' is no name of a variable",
        ),
        (
            ({**WEB, "envs": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]},),
            {},
            'template.containers[0].env: "A" is there twice',
        ),
        (
            ({**WEB, "envs": [{"name": "A", "value": "x" * 32769}]},),
            {},
            "template.containers[0].env[0].value: 32769 bytes, and the most is 32768",
        ),
        (
            ({**WEB, "envs": [{"name": f"A{number}", "value": "1"} for number in range(1001)]},),
            {},
            "template.containers[0].env: 1001 variables, and the most is 1000",
        ),
        (
            ({**WEB, "envs": [{"name": "A", "valueSource": {"secretKeyRef": {"secret": "db"}}}]},),
            {},
            "template.containers[0].env[0].valueSource.secretKeyRef.version: is required",
        ),
        (
            ({**WEB, "envs": [{"name": "A", "valueSource": {"secretKeyRef": {"secret": "a/b", "version": "1"}}}]},),
            {},
            'template.containers[0].env[0].valueSource.secretKeyRef.secret: "a/b" is neither a name nor '
            "projects/<project>/secrets/<name>",
        ),
    ],
    "volumes": [
        (
            ({**WEB, "volumeMounts": [{"name": "data", "mountPath": "/data"}]},),
            {},
            'template.containers[0].volumeMounts[0].name: "data" is no volume of the template',
        ),
        (
            ({**WEB, "volumeMounts": [{"name": "tmp", "mountPath": "/proc/x"}]},),
            {"volumes": [{"name": "tmp", "emptyDir": {"medium": "MEMORY"}}]},
            'template.containers[0].volumeMounts[0].mountPath: "/proc/x" is in a folder of the system',
        ),
        (
            ({**WEB, "volumeMounts": [{"name": "tmp", "mountPath": "tmp"}]},),
            {"volumes": [{"name": "tmp", "emptyDir": {"medium": "MEMORY"}}]},
            'template.containers[0].volumeMounts[0].mountPath: "tmp" is no absolute path without a colon below /',
        ),
        (
            ({**WEB, "volumeMounts": [{"name": "k", "mountPath": "/k", "subPath": "a"}]},),
            {"volumes": [{"name": "k", "secret": {"secret": "db"}}]},
            "template.containers[0].volumeMounts[0].subPath: is not for a volume of a secret",
        ),
        (
            (),
            {"volumes": [{"name": "data", "emptyDir": {}, "gcs": {"bucket": "b"}}]},
            "template.volumes[0]: has 2 of cloudSqlInstance, emptyDir, gcs, nfs, secret, and must have exactly one",
        ),
        (
            (),
            {
                "volumes": [{"name": "data", "gcs": {"bucket": "b"}}],
                "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN1",
            },
            "template.volumes[0].gcs: wants the second generation (executionEnvironment)",
        ),
        (
            (),
            {"volumes": [{"name": "k", "secret": {"secret": "db", "items": [{"path": "../db", "version": "1"}]}}]},
            "template.volumes[0].secret.items[0].path: '../db' is no path inside the volume",
        ),
        (
            (),
            {"volumes": [{"name": "share", "nfs": {"server": "192.0.2.1", "path": "share"}}]},
            'template.volumes[0].nfs.path: "share" does not begin with /',
        ),
    ],
    "order": [
        (
            ({**WEB, "dependsOns": ["side"]}, SIDE),
            {},
            'template.containers[0].dependsOn: "side" has no startupProbe, which what waits for it needs',
        ),
        (
            ({**WEB, "dependsOns": ["none"]}, SIDE),
            {},
            'template.containers[0].dependsOn: "none" is no container of the template',
        ),
    ],
    "probes": [
        (
            ({**WEB, "startupProbe": {"httpGet": {"path": "/"}, "periodSeconds": 10, "failureThreshold": 25}},),
            {},
            "template.containers[0].startupProbe: failureThreshold times periodSeconds is 250, and the most is 240",
        ),
        (
            ({**WEB, "startupProbe": {"httpGet": {"path": "/"}, "periodSeconds": 5, "timeoutSeconds": 6}},),
            {},
            "template.containers[0].startupProbe.timeoutSeconds: 6 is above periodSeconds, 5",
        ),
        (
            ({**WEB, "startupProbe": {"periodSeconds": 5}},),
            {},
            "template.containers[0].startupProbe: has 0 of grpc, httpGet, tcpSocket, and must have exactly one",
        ),
        (
            ({**WEB, "startupProbe": {"httpGet": {"path": "health"}}},),
            {},
            'template.containers[0].startupProbe.httpGet.path: "health" does not begin with /',
        ),
        (
            ({**WEB, "livenessProbe": {"tcpSocket": {"port": 80}}},),
            {},
            "template.containers[0].livenessProbe.tcpSocket: is not for a liveness probe; there are httpGet and grpc",
        ),
        (
            (WEB, {**SIDE, "startupProbe": {"httpGet": {"path": "/"}}}),
            {},
            "template.containers[1].startupProbe.httpGet.port: is required where the container has no port",
        ),
        (
            ({**WEB, "startupProbe": {"tcpSocket": {"port": 70000}}},),
            {},
            "template.containers[0].startupProbe.tcpSocket.port: 70000 is not from 1 to 65535",
        ),
    ],
    "the network": [
        (
            (),
            {"vpcAccess": {"networkInterfaces": [{"tags": ["a"]}]}},
            "template.vpcAccess.networkInterfaces[0]: has neither network nor subnetwork",
        ),
        (
            (),
            {"vpcAccess": {"networkInterfaces": [{"network": "a"}, {"network": "b"}]}},
            "template.vpcAccess.networkInterfaces: 2 interfaces, and one is the most",
        ),
    ],
}
CASES = [(f"{about}: {message}", *rest, message) for about, rows in OF_TEMPLATES.items() for *rest, message in rows]


@pytest.mark.parametrize(("containers", "template", "message"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_a_service_is_refused_in_these_words(containers, template, message):
    given = [{name: value for name, value in each.items() if value is not None} for each in containers]
    assert of_service(service(*given, **template)) == [message]


def test_containers_that_wait_for_each_other_are_refused():
    web = {**WEB, "dependsOns": ["side"], "startupProbe": STARTED}
    side = {**SIDE, "dependsOns": ["web"], "startupProbe": STARTED}
    assert of_service(service(web, side)) == [
        "template.containers[0].dependsOn: comes back to the container itself",
        "template.containers[1].dependsOn: comes back to the container itself",
    ]


def test_no_container_and_eleven_are_refused():
    more = [{**SIDE, "name": f"side{number}"} for number in range(10)]
    assert of_service({**PLACE, "template": {"timeout": "1s"}}) == [
        "template.containers: 0 containers, and an instance has 1 to 10"
    ]
    assert "template.containers: 11 containers, and an instance has 1 to 10" in of_service(service(WEB, *more))


def test_traffic_that_is_not_all_of_it_is_refused():
    split = [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 90}]
    assert of_service({**service(), "traffics": split}) == ["traffic: its percents come to 90, not to 100"]


def test_a_label_of_googles_own_is_refused():
    assert of_service({**service(), "labels": {"run.googleapis.com/x": "1"}}) == [
        "labels.run.googleapis.com/x: is in a namespace of Google's own"
    ]


def test_a_registry_of_this_machine_is_taken_for_the_tests():
    assert of_service(service({**WEB, "image": "127.0.0.1:5000/web@sha256:0"})) == []


def test_a_fraction_of_a_cpu_beside_a_whole_one_is_taken():
    assert of_service(service({**WEB, **sized("1", "512Mi")}, {**SIDE, **sized("0.1", "128Mi")})) == []


def test_a_worker_pool_has_no_ports_and_a_whole_cpu():
    assert of_pool({**SIDE, **sized("0.5", "512Mi")}) == [
        "template.containers: 0.5 CPU in all; below 1 CPU there are services with request-based billing only"
    ]
    assert "template.containers[0].ports: only a service has ports" in of_pool(WEB)


def test_fewer_instances_than_none_are_refused():
    given = {**PLACE, "template": {"containers": [SIDE]}, "scaling": {"manualInstanceCount": -1}}
    assert list(WorkerPool().check(given)) == [("scaling.manualInstanceCount", "-1 is below 0")]


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"timeout": "604801s"}, "template.template.timeout: 604801s is not from 1s to 604800s"),
        ({"maxRetries": 11}, "template.template.maxRetries: 11 is not from 0 to 10"),
    ],
)
def test_a_job_is_refused_in_these_words(task, message):
    assert of_job(SIDE, **task) == [message]


def test_a_job_has_no_liveness_probe_and_variables_of_its_own():
    probed = {**SIDE, "envs": [{"name": "CLOUD_RUN_JOB", "value": "x"}]}
    assert of_job(probed) == ['template.template.containers[0].env[0].name: "CLOUD_RUN_JOB" is set by Cloud Run itself']
    assert of_job({**SIDE, "envs": [{"name": "K_SERVICE", "value": "x"}]}) == []


def test_a_job_with_a_gpu_ends_within_an_hour():
    given = {**SIDE, "resources": {"limits": {**LARGE, "nvidia.com/gpu": "1"}}}
    assert of_job(given, nodeSelector={"accelerator": "nvidia-l4"}, timeout="3601s") == [
        "template.template.timeout: 3601s is not from 1s to 3600s"
    ]


def test_a_token_and_the_jobs_name_have_62_characters_at_most():
    assert of_job(SIDE, token="x" * 59) == []
    assert of_job(SIDE, token="x" * 60) == [
        f'runExecutionToken: "{"x" * 60}" and the name "web" have more than 62 characters'
    ]


def leaves(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield (*path, key)
        yield from leaves(each, (*path, key))


WHOLE = service(
    {**WEB, **sized("1", "512Mi"), "startupProbe": {"httpGet": {"path": "/"}}, "envs": [{"name": "A", "value": "1"}]},
    {**SIDE, "dependsOns": ["web"], "volumeMounts": [{"name": "k", "mountPath": "/k"}]},
    volumes=[{"name": "k", "secret": {"secret": "db", "items": [{"path": "db", "version": "1"}]}}],
    vpcAccess={"networkInterfaces": [{"network": "main"}]},
    scaling={"minInstanceCount": 1, "maxInstanceCount": 2},
)


@pytest.mark.parametrize("path", list(leaves(WHOLE)), ids=lambda path: ".".join(map(str, path)))
def test_any_part_that_is_not_known_yet_is_taken(path):
    given = copy.deepcopy(WHOLE)
    place = given
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = UNKNOWN
    assert of_service(given) == []
