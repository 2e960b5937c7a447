"""The kinds of resources that the target writes, and the class of pulumi-gcp that each is.

A row's kind is a word of our own where Google has several resources of one name; its arguments are in the SDK's
snake_case. That is also what `x-slipway.patch.cloudrun` merges into, by the kinds in `PATCHED`.
"""

from collections.abc import Mapping

CLASSES: Mapping[str, str] = {
    "Account": "serviceaccount.Account",
    "Address": "compute.GlobalAddress",
    "Api": "projects.Service",
    "BackendService": "compute.BackendService",
    "Bucket": "storage.Bucket",
    "BucketAccess": "storage.BucketIAMMember",
    "CacheInstance": "redis.Instance",
    "Certificate": "compute.ManagedSslCertificate",
    "Database": "sql.Database",
    "DatabaseInstance": "sql.DatabaseInstance",
    "DatabaseUser": "sql.User",
    "ForwardingRule": "compute.GlobalForwardingRule",
    "HttpProxy": "compute.TargetHttpProxy",
    "HttpsProxy": "compute.TargetHttpsProxy",
    "InternalBackend": "compute.RegionBackendService",
    "InternalForwarding": "compute.ForwardingRule",
    "InternalMap": "compute.RegionUrlMap",
    "InternalProxy": "compute.RegionTargetHttpProxy",
    "InvokerAccess": "cloudrunv2.JobIamMember",
    "Job": "cloudrunv2.Job",
    "NetworkEndpointGroup": "compute.RegionNetworkEndpointGroup",
    "Record": "dns.RecordSet",
    "Repository": "artifactregistry.Repository",
    "Schedule": "cloudscheduler.Job",
    "Secret": "secretmanager.Secret",
    "SecretAccess": "secretmanager.SecretIamMember",
    "SecretVersion": "secretmanager.SecretVersion",
    "Service": "cloudrunv2.Service",
    "UrlMap": "compute.URLMap",
    "WorkerPool": "cloudrunv2.WorkerPool",
    "Zone": "dns.ManagedZone",
}
"""Kind -> module and class within `pulumi_gcp` (https://www.pulumi.com/registry/packages/gcp/api-docs/)."""

LABELLED = frozenset(
    {"Address", "Bucket", "CacheInstance", "Job", "Repository", "Secret", "Service", "WorkerPool", "Zone"},
)
"""Kinds that take labels, in `labels`."""
