"""The target cloudrun: an application as services, worker pools and jobs of Cloud Run."""
