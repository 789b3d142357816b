"""Queries compiled to Python functions over the schema's own resolvers.

`document` chooses and runs, `selections` compiles fields, `direct` tells fields without the objects
between, `resolvers` calls Strawberry's resolvers, `arguments` coerces arguments and variables,
`values` completes what resolvers give. Whatever is not covered here, and every error, is left to
graphql-core, which gives an error its form.
"""
