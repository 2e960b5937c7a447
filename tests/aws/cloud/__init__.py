"""The process that stands for AWS: ministack, changed where tests would else prove less than they seem to.

It runs in an environment without Slipway, and imports nothing of it. `changes` is the list of what is replaced, and
why.
"""
