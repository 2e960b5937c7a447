"""What the clouds of the tests' own have in common: their processes, their names, and what they make in the Engine."""
