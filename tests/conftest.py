from os import environ

from hypothesis import settings

pytest_plugins = ["tests.engines"]

# The same examples in every run: a commit passes or fails by what it changes. HISTORIES=5000 asks
# for others, and for more of them.
settings.register_profile("the same examples", derandomize="HISTORIES" not in environ)
settings.load_profile("the same examples")
