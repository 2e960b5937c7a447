"""A Google Cloud of the tests' own.

`cloud` is its APIs, `run` is Cloud Run. The folder is not called `google`: that is the name of a package which others
put modules into.
"""
