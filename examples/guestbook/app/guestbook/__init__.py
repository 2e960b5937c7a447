"""A guestbook in three services: `web` takes entries, `worker` publishes them, Redis holds both."""
