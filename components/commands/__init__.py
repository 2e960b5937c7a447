"""The verbs of `python -m components`: what needs no engine. A file per verb; each has `add` and `run`.

Exit codes: 0 fine, 1 rejected, 2 the input or the command line is wrong.
"""
