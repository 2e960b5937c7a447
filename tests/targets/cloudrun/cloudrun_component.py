"""An application on Cloud Run under Pulumi mocks."""

from typing import Any

from components.model import App
from components.testing import Outputs, Recording, record

EXISTING = {
    "project": "shop-production",
    "number": "123456789012",
    "region": "europe-west1",
    "network": "projects/shop-production/global/networks/main",
    "subnetwork": "projects/shop-production/regions/europe-west1/subnetworks/main",
}


def deployed(application: App, *, outputs: Outputs | None = None, preview: bool = False, **more: Any) -> Recording:
    """Everything that an `Application` registers."""
    args = {"app": application, "target": "cloudrun", "cluster": {"existing": EXISTING}, **more}
    return record(args, outputs=outputs, preview=preview)
