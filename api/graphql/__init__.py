"""GraphQL over HTTP, for any schema: documents, their limits, and messages."""
