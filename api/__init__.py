from os import environ

# What is recorded is validated by nobody's plugin; and to look for plugins takes a tenth of the
# time in which `tenure who` answers.
environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
