"""Keys that every platform of more than one machine refuses, for the same reasons: parts of the support tables."""

from collections.abc import Mapping

WINDOWS = "Windows containers only"
MODELS = ("language models need Docker Model Runner", "run the model as a service")
PROVIDER = ("it would run a program of this machine", "make what it provides a resource of your Pulumi program")
CPUS = "use deploy.resources.limits.cpus"
NAME = "use the service's name"
RATES = ("read_bps", "read_iops", "write_bps", "write_iops")
OWN_ADDRESSES = ("ipv4_address", "ipv6_address", "link_local_ips", "mac_address")

Refusals = Mapping[str, tuple[str, str]]
"""Path of a row -> why, and what to do instead; "": nothing but to remove it."""


def refused(lacks: str, addresses: str) -> Refusals:
    """The keys, with their reasons.

    Args:
        lacks: that the platform has no setting for something.
        addresses: who gives containers their addresses.
    """
    return {
        "services.*.oom_kill_disable": (lacks, ""),
        "services.*.cpu_rt_period": (lacks, CPUS),
        "services.*.cpu_rt_runtime": (lacks, CPUS),
        "services.*.cpu_count": (WINDOWS, "use cpus"),
        "services.*.cpu_percent": (WINDOWS, "use cpus"),
        "services.*.isolation": (WINDOWS, ""),
        "services.*.credential_spec.**": (WINDOWS, ""),
        **{f"services.*.blkio_config.device_{rate}.**": (lacks, "") for rate in RATES},
        "services.*.cgroup": (lacks, ""),
        "services.*.umask": (lacks, "set it in the entrypoint"),
        "services.*.mac_address": (addresses, NAME),
        **{f"services.*.networks.*.{key}": (addresses, NAME) for key in OWN_ADDRESSES},
        "services.*.models.**": MODELS,
        "services.*.provider.**": PROVIDER,
        "secrets.*.template_driver": (lacks, "write the content out"),
        "configs.*.template_driver": (lacks, "write the content out"),
        "models.**": MODELS,
    }


def on_a_cloud(lacks: str, platform: str) -> Refusals:
    """What a cloud refuses beyond that, because its machines are its own.

    Args:
        lacks: that the platform has no setting for something.
        platform: in messages: `ECS`.
    """
    hooks = f"{platform} runs no hooks"
    return {
        "services.*.pids_limit": (lacks, ""),
        "services.*.deploy.resources.limits.pids": (lacks, ""),
        "services.*.cpuset": (lacks, CPUS),
        "services.*.cgroup_parent": (lacks, ""),
        "services.*.userns_mode": (lacks, ""),
        "services.*.uts": (lacks, ""),
        "services.*.external_links": ("it names a container of an Engine", "call what the other application publishes"),
        "services.*.post_start.**": (hooks, "do it in the entrypoint"),
        "services.*.pre_stop.**": (hooks, "do it in the process, on SIGTERM"),
    }
