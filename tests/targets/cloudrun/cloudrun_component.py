"""An application on Cloud Run under Pulumi mocks."""

from typing import Any

from cloudrun_scopes import NETWORK, NUMBER, PROJECT, REGION, SUBNETWORK

from components.model import App
from components.testing import Outputs, Recording, record

EXISTING = {
    "project": PROJECT,
    "number": NUMBER,
    "region": REGION,
    "network": NETWORK,
    "subnetwork": SUBNETWORK,
}


def deployed(application: App, *, outputs: Outputs | None = None, preview: bool = False, **more: Any) -> Recording:
    """Everything that an `Application` registers."""
    args = {"app": application, "target": "cloudrun", "cluster": {"existing": EXISTING}, **more}
    return record(args, outputs=outputs, preview=preview)
