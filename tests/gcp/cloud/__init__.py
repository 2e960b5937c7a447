"""The APIs: every request is held to Google's own discovery documents. It runs as a process of its own."""
