"""Valid values of every key of a service, for the tests that generate files.

What the reference is known to read otherwise is left out: `gpus: all` over other gpus, `pid: null` and texts as limits
of a build's ulimits (all of which its own schema allows, and it crashes), ports published as numbers (which it does not
compare with those published as texts), hosts written in two ways, no hosts at all over no hosts, a volume of two
characters, a mount's target with a slash at its end, a hook without a command, a filter of the build's cache that is no
list, and one device, mount, secret or config several times in one list.
"""

from typing import Any

from hypothesis import strategies as st

Values = st.SearchStrategy[Any]


def one(*values: Any) -> Values:
    return st.sampled_from(values)


def some(item: Values, most: int = 3) -> Values:
    return st.lists(item, max_size=most)


def few(item: Values, most: int = 3) -> Values:
    """A list without equal items, which the schema asks for where it asks for a set."""
    return st.lists(item, max_size=most, unique=True)


def block(**optional: Values) -> Values:
    return st.fixed_dictionaries({}, optional=optional)


def block_with(always: dict[str, Values], /, **optional: Values) -> Values:
    return st.fixed_dictionaries(always, optional=optional)


BOOLEAN = one(True, False, "true", "no")
NUMBER = one(0, 1, 2, 7, "3")
REAL = one(0, 0.5, 1, 1.25, "0.5", "2")
SIZE = one(1024, 1048576, "1k", "64m", "1.5g", "100b", "2MB", "1gb")
DURATION = one("1s", "1m30s", "500ms", "0s", "2h", "1h0m0s")
WORD = one("a", "b", "c d", "é", "x=y", "")
NAME = one("a", "b", "A_1", "c.d-e")
PATH = one("/a", "/b/", "./c", "../d", "~/e", "/f/../g")
PLACE = one("/a", "/b", "/c/../d", "/é")
SCALAR = one("x", "", "a=b", 1, 0, 1.5, 1e6, -2, True, False, None)
PAIR = st.builds("{}={}".format, NAME, WORD)
PAIRS = st.one_of(st.dictionaries(NAME, SCALAR, max_size=3), few(st.one_of(PAIR, NAME)))
STRINGS = few(one("a", "b", "c d", "e=f", "1"))
STRING_OR_LIST = st.one_of(one("a", "b=c", "1.1.1.1"), STRINGS)
COMMAND = st.one_of(one(None, "a b", "a 'b c' \"d\\n\"", "", "x"), some(WORD))
HOSTS = st.one_of(
    st.dictionaries(one("h", "i"), one("1.1.1.1", "::1", ["1.1.1.1", "2.2.2.2"]), min_size=1, max_size=2),
    few(one("h=2.2.2.2", "i=::1", "i:[::2]", "h=1.1.1.1")),
)


def ulimits(number: Values) -> Values:
    limit = st.one_of(number, block_with({"soft": number, "hard": number}))
    return st.dictionaries(one("nofile", "nproc"), limit, max_size=2)


MODE = one(256, "0440", "440", "0400")


def grants(name: str) -> Values:
    long = block_with(
        {"source": one(f"{name}1", f"{name}2")}, target=one("/t", "t", "/u"), uid=one("1", "2"), gid=one("3"), mode=MODE
    )
    return st.lists(st.one_of(one(f"{name}1", f"{name}2"), long), max_size=2, unique_by=source)


def source(item: Any) -> Any:
    return item["source"] if isinstance(item, dict) else item


def target(item: Any) -> Any:
    return item["target"] if isinstance(item, dict) else item.split(":")[1] if ":" in item else item


RATES = some(block_with({"path": one("/dev/a", "/dev/b")}, rate=one(1, "2", "1m")), 2)
DEVICES = some(
    block_with(
        {"capabilities": one(["gpu"], ["a", "b"])},
        count=one(1, "2", "all"),
        driver=WORD,
        options=PAIRS,
    ),
    2,
)
HOOK = block_with(
    {"command": one("a b", ["a"], ["", "é"])}, user=WORD, privileged=BOOLEAN, working_dir=PATH, environment=PAIRS
)
UPDATE = block(
    parallelism=NUMBER,
    delay=DURATION,
    failure_action=one("pause", "continue"),
    monitor=DURATION,
    max_failure_ratio=REAL,
    order=one("start-first", "stop-first"),
)
PORT = st.one_of(
    one("80", "80:80", "8080:80/udp", "127.0.0.1:80:80", "[::1]:80:80", "90-91", "90-91:90-91", "5000-5010:80"),
    block_with(
        {"target": one(80, "81")},
        published=one("80", "8080", "90-92"),
        host_ip=one("127.0.0.1", "::1"),
        protocol=one("tcp", "udp"),
        mode=one("host", "ingress"),
        name=NAME,
        app_protocol=one("http"),
    ),
)
MOUNT = st.one_of(
    one("/aa", "v1:/a", "v2:/a:ro", "./x:/a", "/y:/b:rw,z", "~/z:/a:ro", "v1:/b:nocopy", "../x:/a:cached"),
    block_with(
        {"type": one("volume"), "target": PLACE},
        source=one("v1", "v2"),
        read_only=BOOLEAN,
        volume=block(nocopy=BOOLEAN, subpath=one("s"), labels=PAIRS),
    ),
    block_with(
        {"type": one("bind"), "target": PLACE, "source": PATH},
        read_only=BOOLEAN,
        consistency=one("cached"),
        bind=block(
            propagation=one("rprivate"), create_host_path=BOOLEAN, recursive=one("enabled"), selinux=one("z", "Z")
        ),
    ),
    block_with({"type": one("tmpfs"), "target": PLACE}, tmpfs=block(size=SIZE, mode=one(1023, 493))),
)
NETWORKS = st.one_of(
    few(one("n1", "n2", "default")),
    st.dictionaries(
        one("n1", "n2", "default"),
        st.one_of(
            st.none(),
            block(
                aliases=STRINGS,
                interface_name=one("eth0"),
                ipv4_address=one("10.0.0.2", "10.0.0.3"),
                ipv6_address=one("fd00::2"),
                link_local_ips=few(one("169.254.1.1", "169.254.1.2")),
                mac_address=one("02:42:ac:11:00:03"),
                driver_opts=st.dictionaries(NAME, one("a", 1), max_size=2),
                priority=one(1, 2),
                gw_priority=one(1, 2),
            ),
        ),
        max_size=2,
    ),
)
BUILD = st.one_of(
    one(".", "./x", "https://example.com/x.git"),
    block_with(
        {"context": one(".", "./x", "https://example.com/x.git#main:sub")},
        dockerfile=one("D", "../D", "/D"),
        entitlements=STRINGS,
        args=PAIRS,
        labels=PAIRS,
        cache_from=STRINGS,
        cache_to=STRINGS,
        no_cache=BOOLEAN,
        no_cache_filter=STRINGS,
        additional_contexts=st.one_of(
            st.dictionaries(one("r", "s"), one("../r", "docker-image://x", "https://x"), max_size=2),
            few(one("r=../r", "s=docker-image://x")),
        ),
        network=one("host", "none"),
        provenance=one("true", "mode=max"),
        sbom=one("true"),
        pull=BOOLEAN,
        target=WORD,
        shm_size=SIZE,
        extra_hosts=HOSTS,
        isolation=WORD,
        privileged=BOOLEAN,
        secrets=some(block_with({"source": one("s1", "s2")}, uid=one("1", "2")), 1),
        tags=STRINGS,
        ulimits=ulimits(one(0, 1, 7)),
        platforms=few(one("linux/amd64", "linux/arm64")),
    ),
)
DEPLOY = block(
    mode=one("replicated", "global"),
    endpoint_mode=one("vip", "dnsrr"),
    replicas=NUMBER,
    labels=PAIRS,
    update_config=UPDATE,
    rollback_config=UPDATE,
    resources=block(
        limits=block(cpus=REAL, memory=SIZE.map(str), pids=NUMBER),
        reservations=block(
            cpus=REAL,
            memory=SIZE.map(str),
            generic_resources=some(
                st.fixed_dictionaries({"discrete_resource_spec": block(kind=WORD, value=one(1, "2"))}), 2
            ),
            devices=DEVICES,
        ),
    ),
    restart_policy=block(
        condition=one("none", "on-failure", "any"), delay=DURATION, max_attempts=NUMBER, window=DURATION
    ),
    placement=block(
        constraints=some(one("node.role == manager", "node.labels.a != b"), 2),
        preferences=some(block(spread=one("node.labels.z")), 2),
        max_replicas_per_node=NUMBER,
    ),
)

CONTAINER: dict[str, Values] = {
    "annotations": PAIRS,
    "blkio_config": block(
        device_read_bps=RATES,
        device_read_iops=RATES,
        device_write_bps=RATES,
        device_write_iops=RATES,
        weight=one(10, 500),
        weight_device=some(block_with({"path": one("/dev/a", "/dev/b")}, weight=one(10, 20)), 2),
    ),
    "cap_add": STRINGS,
    "cap_drop": STRINGS,
    "cgroup": one("host", "private"),
    "cgroup_parent": WORD,
    "command": COMMAND,
    "configs": grants("c"),
    "cpu_count": NUMBER,
    "cpu_percent": one(0, 50, "1"),
    "cpu_period": NUMBER,
    "cpu_quota": NUMBER,
    "cpu_rt_period": NUMBER,
    "cpu_rt_runtime": NUMBER,
    "cpu_shares": NUMBER,
    "cpus": REAL,
    "cpuset": one("0-3", "0,1"),
    "credential_spec": block(config=one("c1"), file=PATH, registry=WORD),
    "device_cgroup_rules": STRINGS,
    "devices": st.lists(
        st.one_of(
            one("/dev/a", "/dev/a:/dev/b", "/dev/c:/dev/b:rw"),
            block_with({"source": one("/dev/a", "/dev/c"), "target": one("/dev/b")}, permissions=one("r", "rwm")),
        ),
        max_size=2,
        unique_by=target,
    ),
    "dns": STRING_OR_LIST,
    "dns_opt": STRINGS,
    "dns_search": STRING_OR_LIST,
    "domainname": WORD,
    "entrypoint": COMMAND,
    "env_file": st.one_of(
        one("a.env", "./b.env"),
        some(
            st.one_of(
                one("a.env", "./b.env"),
                block_with({"path": one("a.env", "none.env")}, required=one(False), format=one("raw")),
            )
        ),
    ),
    "environment": PAIRS,
    "extra_hosts": HOSTS,
    "gpus": DEVICES,
    "group_add": few(one("a", 1, "2")),
    "hostname": WORD,
    "image": one("x", "x:1", "r.example/x@sha256:" + "0" * 64),
    "init": BOOLEAN,
    "ipc": one("host", "shareable", "private"),
    "isolation": WORD,
    "label_file": st.one_of(one("a.env"), few(one("a.env", "./b.env"))),
    "labels": PAIRS,
    "logging": block(
        driver=one("json-file", "syslog"), options=st.dictionaries(NAME, one("a", 1, 1.5, None), max_size=2)
    ),
    "mac_address": one("02:42:ac:11:00:03"),
    "mem_limit": SIZE,
    "mem_reservation": SIZE,
    "mem_swappiness": one(0, 60, "10"),
    "memswap_limit": one(-1, "64m", 1024),
    "models": st.one_of(
        few(one("m1", "m2")),
        st.dictionaries(one("m1", "m2"), st.one_of(st.none(), block(endpoint_var=NAME, model_var=NAME)), max_size=2),
    ),
    "network_mode": one("host", "none", "bridge", "service:other"),
    "networks": NETWORKS,
    "oom_kill_disable": BOOLEAN,
    "oom_score_adj": one(-1000, 0, 10, "5"),
    "pid": one("host", "service:other"),
    "pids_limit": one(-1, 0, 10, "5"),
    "platform": one("linux/amd64"),
    "privileged": BOOLEAN,
    "pull_policy": one("always", "never", "missing", "build", "if_not_present", "daily", "weekly", "every_12h"),
    "pull_refresh_after": DURATION,
    "read_only": BOOLEAN,
    "runtime": WORD,
    "secrets": grants("s"),
    "security_opt": STRINGS,
    "shm_size": SIZE,
    "stop_grace_period": DURATION,
    "stop_signal": one("SIGINT", "9"),
    "storage_opt": st.dictionaries(NAME, one("a", "1G"), max_size=2),
    "sysctls": PAIRS,
    "tmpfs": st.one_of(one("/t", "/t:size=1m"), few(one("/t", "/u", "/t:mode=755"))),
    "ulimits": ulimits(NUMBER),
    "use_api_socket": one(True, False),
    "user": one("1", "a", "1:2"),
    "userns_mode": one("host"),
    "uts": one("host"),
    "volumes": st.lists(MOUNT, max_size=3, unique_by=target),
    "volumes_from": few(one("other", "other:ro")),
    "working_dir": PATH,
}
SERVICE: dict[str, Values] = {
    **CONTAINER,
    "attach": BOOLEAN,
    "build": BUILD,
    "container_name": NAME.map("n{}".format),
    "depends_on": st.one_of(
        few(one("other", "third")),
        st.dictionaries(
            one("other", "third"),
            block_with(
                {"condition": one("service_started", "service_healthy", "service_completed_successfully")},
                restart=BOOLEAN,
                required=one(True, False),
            ),
            max_size=2,
        ),
    ),
    "deploy": DEPLOY,
    "develop": block(
        watch=some(
            st.one_of(
                block_with(
                    {"path": PATH, "action": one("sync"), "target": PLACE},
                    ignore=STRING_OR_LIST,
                    include=STRING_OR_LIST,
                    initial_sync=one(True, False),
                ),
                block_with({"path": PATH, "action": one("rebuild", "restart")}),
                st.fixed_dictionaries({"path": PATH, "action": one("sync+exec"), "target": PLACE, "exec": HOOK}),
            ),
            2,
        )
    ),
    "expose": few(one("80", 81, "90-91", "80/udp")),
    "external_links": STRINGS,
    "healthcheck": block(
        test=st.one_of(one("a b"), one(["CMD", "a"], ["NONE"], ["CMD-SHELL", "a b"])),
        disable=BOOLEAN,
        interval=DURATION,
        timeout=DURATION,
        start_period=DURATION,
        start_interval=DURATION,
        retries=NUMBER,
    ),
    "links": few(one("other", "other:o", "third")),
    "ports": st.lists(PORT, max_size=3, unique_by=repr),
    "post_start": some(HOOK, 2),
    "pre_start": some(
        block_with({"command": one("a b", ["c"]), "image": one("x")}, environment=PAIRS, per_replica=one(True, False)),
        2,
    ),
    "pre_stop": some(HOOK, 2),
    "profiles": one([], ["p"]),
    "restart": one("no", "always", "on-failure:3", "unless-stopped"),
    "scale": NUMBER,
    "stdin_open": BOOLEAN,
    "tty": BOOLEAN,
}
"""A strategy for each key but `OTHERWISE`."""

OTHERWISE = {
    "extends": "changes what all other keys mean",
    "provider": "the same",
    "umask": "the reference does not know it yet",
}

AROUND: dict[str, Any] = {
    "networks": {"n1": {"ipam": {"config": [{"subnet": "10.0.0.0/24"}]}}, "n2": None},
    "volumes": {"v1": None, "v2": {}},
    "secrets": {"s1": {"file": "./s1"}, "s2": {"environment": "SET"}},
    "configs": {"c1": {"content": "x"}, "c2": {"file": "c2"}},
    "models": {"m1": {"model": "a/b"}, "m2": {"model": "c"}},
}
"""What the values name."""

OTHERS: dict[str, Any] = {"other": {"image": "o"}, "third": {"image": "t"}}
FILES = {"a.env": "A=1\nB=$SET\n", "b.env": "A=2\n"}
