"""Images: one build per service with `build:`, and what every service runs."""
