"""Whose a thing is: the value of the label `slipway.stack`, by which a stack's leftovers are found again."""

import hashlib


def of_stack(organization: str, project: str, stack: str, backend: str | None) -> str:
    """The identity of a stack: `organization/project/stack`, the same on every machine.

    A file backend is one folder of one machine, and each has the organization `organization`: two of them may have
    stacks of the same name on one Engine. So a short hash of the backend's address is part of the identity there.

    Args:
        organization: of the stack.
        project: of the stack.
        stack: its name.
        backend: the value of PULUMI_BACKEND_URL, if it is set.
    """
    name = f"{organization}/{project}/{stack}"
    if backend is None or not backend.startswith("file://"):
        return name
    return f"{name}@{hashlib.sha256(backend.encode()).hexdigest()[:12]}"
