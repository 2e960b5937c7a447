"""An AWS on this machine for tests: ministack, with a Fargate of our own that keeps to what a task definition says.

`start` makes it run, `cloud/` is what runs, in a virtual environment that has ministack and nothing of ours.
"""
