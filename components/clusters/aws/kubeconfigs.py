"""The kubeconfig of an EKS cluster: no credential is in it; the AWS CLI gives a token to whom it is used by. Pure.

https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
"""

from .. import kubeconfigs


def kubeconfig(
    *, name: str, endpoint: str, authority: str, region: str, profile: str | None = None, role: str | None = None
) -> str:
    """A kubeconfig as JSON, which is YAML.

    Args:
        name: of the cluster, and of the one context.
        endpoint: the API server's URL.
        authority: certificate of the authority that signed the API server's, as PEM in base64.
        region: of the cluster.
        profile: of the user's AWS configuration; None: the one in use.
        role: ARN of a role that is taken on for the token; None: none.
    """
    args = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"]
    command = {
        "command": "aws",
        "args": [*args, "--role-arn", role] if role else args,
        "env": [{"name": "AWS_PROFILE", "value": profile}] if profile else None,
    }
    return kubeconfigs.content(name, {"server": endpoint, "certificate-authority-data": authority}, command)
