"""What of the cloudrun column is about how services are reached: rows of `support.py`."""

from ...support import Row, Verdict
from ..conditions import loopback, none_of, one_address, one_of
from . import conditions_reach as when
from . import references

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
GKE = "use the target kubernetes on GKE"
ONE_PORT = "Cloud Run hands requests to one port of a service"
OWN_URL = "it answers at a URL of its own, by TLS; plain HTTP is sent on to that"
ALL_AT_ONCE = "requests are sent to a new revision once its instances are ready"
SERVES_ON = "the revision before serves on where the new one is not ready, and the update fails"
BESIDE = "a run that is due during another runs beside it: Cloud Scheduler starts it whatever else runs"

REFERENCES = (
    Row(
        "services.*.environment.*",
        A,
        "what is secret is not looked into: a name of a service in it leads nowhere",
        references.is_hidden,
        "an address that is secret as a whole",
    ),
    *(
        row
        for key in ("environment.*", "command", "entrypoint")
        for row in (
            Row(
                f"services.*.{key}",
                R,
                "it names a service in a form in which that has no address",
                references.is_unreachable,
                "that names a service, otherwise than by a URL of HTTP",
                f"write a URL such as http://api:8080, let a database be x-slipway.managed, {GKE}",
            ),
            Row(
                f"services.*.{key}",
                A,
                "the service that it names has its address on Google Cloud in the name's place",
                references.is_rewritten,
                "a URL that names a service, or a name of a managed one",
            ),
        )
    ),
)
"""Values in which services name each other."""

SERVERS = tuple(
    Row(path, R, "it does not speak HTTP, and Cloud Run hands on nothing else", holds, words, instead)
    for path in ("services.*.image", "services.*.build.context")
    for holds, words, instead in (
        (
            when.of_engine,
            "of a server that Google Cloud has as a service of its own",
            f"let it be x-slipway.managed: postgres, mysql or redis, {GKE}",
        ),
        (when.without_http, "of any other server that does not speak HTTP", GKE),
    )
)
"""Servers that nothing could call."""

PORTS = (
    Row(
        "services.*.ports.target",
        R,
        ONE_PORT,
        when.not_served,
        "of a second port",
        "publish one, make the other one a service of its own",
    ),
    Row("services.*.ports.target", H),
    Row("services.*.ports.protocol", R, "Cloud Run takes nothing but HTTP", none_of("tcp"), "udp, sctp", GKE),
    Row("services.*.ports.protocol", H),
    Row("services.*.ports.published", HARMLESS, "host_ip tells that it is not published", loopback, "on the loopback"),
    Row("services.*.ports.published", HARMLESS, "the port itself is refused", when.refused, "of such a port"),
    Row("services.*.ports.published", A, f"{OWN_URL}, whatever the port"),
    Row("services.*.ports.mode", HARMLESS, "there are no nodes to publish on"),
    Row("services.*.ports.name", HARMLESS, "a name for people"),
    Row(
        "services.*.ports.host_ip",
        R,
        "a service has no address of its own",
        one_address,
        "a certain address but the loopback's",
        "leave it out, or set slipway:cloudrun.publish to internal",
    ),
    Row("services.*.ports.host_ip", HARMLESS, "it means all", none_of("127.0.0.1", "::1"), "all addresses"),
    Row("services.*.ports.host_ip", A, "it is not published: reach it with `gcloud run services proxy`"),
    Row("services.*.expose", A, f"others do not reach it: {ONE_PORT}", when.not_reached, "of a second port"),
    Row("services.*.expose", H),
    Row(
        "services.*.networks.*",
        A,
        "whatever is in the application's network may call it: networks are not told apart",
        when.apart,
        "that keeps services from each other",
    ),
)
"""Where requests come in."""

INGRESS = (
    Row(
        "services.*.x-slipway.ingress.host",
        A,
        "it has no load balancer: it answers at its own URL, inside the network",
        when.internal_host,
        "of what is internal",
    ),
    *(
        Row(
            f"services.*.x-slipway.ingress.{key}", A, f"{OWN_URL}, whatever the path", when.at_own_url, "without a host"
        )
        for key in ("path", "redirect_http", "tls", "tls.certificate")
    ),
    Row(
        "services.*.x-slipway.ingress.health_path",
        A,
        "the load balancer asks no instance: Cloud Run does, by the health check",
    ),
    *(
        Row(f"services.*.x-slipway.ingress.{key}", H)
        for key in ("host", "internal", "path", "port", "redirect_http", "sticky", "tls", "tls.certificate")
    ),
)
"""`x-slipway.ingress`."""

AUTOSCALE = (
    *(
        Row(
            f"services.*.x-slipway.autoscale.{key}",
            A,
            "it has as many instances as at rest: Google scales what takes requests",
            when.not_scaled,
            "of a service without a port",
        )
        for key in ("cpu", "max", "memory", "requests")
    ),
    Row(
        "services.*.x-slipway.autoscale.min",
        R,
        "it would never run: no request starts it",
        when.never_started,
        "0, of a service without a port",
        "write 1",
    ),
    *(Row(f"services.*.x-slipway.autoscale.{key}", H) for key in ("cpu", "max", "min")),
    Row("services.*.x-slipway.autoscale.memory", A, "instances are not scaled by memory"),
    Row("services.*.x-slipway.autoscale.requests", A, "so many requests at once are what an instance takes"),
)
"""`x-slipway.autoscale`."""

ROLLOUT = (
    Row(
        "services.*.deploy.update_config.order",
        HARMLESS,
        "new instances come first where the file says nothing, too",
        one_of("start-first"),
        "start-first",
    ),
    Row("services.*.deploy.update_config.order", A, f"{ALL_AT_ONCE}, and the old one's go then"),
    Row("services.*.deploy.update_config.failure_action", HARMLESS, SERVES_ON, one_of("rollback"), "rollback"),
    Row("services.*.deploy.update_config.failure_action", A, SERVES_ON),
    *(
        Row(f"services.*.deploy.update_config.{key}", A, f"{ALL_AT_ONCE}, all at the same time")
        for key in ("delay", "parallelism")
    ),
    *(
        Row(
            f"services.*.deploy.update_config.{key}", A, "an instance is ready when its health check has succeeded once"
        )
        for key in ("max_failure_ratio", "monitor")
    ),
    Row("services.*.deploy.rollback_config.**", A, SERVES_ON),
)
"""`deploy.update_config`."""

TRIGGERS = (
    Row("jobs.*.triggers.manual", HARMLESS, "any job can be run by `gcloud run jobs execute`"),
    Row("jobs.*.triggers.schedule.**", H),
    *(Row(f"jobs.*.triggers.schedule.{key}", A, BESIDE) for key in ("concurrency", "cron")),
)
"""What starts a job."""

REACH = (*REFERENCES, *SERVERS, *PORTS, *INGRESS, *AUTOSCALE, *ROLLOUT)
"""All of it but `TRIGGERS`, which jobs alone have."""
