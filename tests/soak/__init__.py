"""The long tests: `python -m tests.soak`. Each part is a program of its own that prints JSON."""
