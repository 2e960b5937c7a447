"""The target docker: one Docker Engine, here or elsewhere, meaning what `docker compose up` means."""
