"""How a machine gets what Slipway needs: `python3 -m toolchain <verb>`. `docs/setup.md` tells what it does and why.

It begins with the system's bare Python, makes `.venv`, and goes on in it.
"""
