"""The GraphQL contract: scalars, objects, questions, commands."""
