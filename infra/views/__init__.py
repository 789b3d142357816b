"""The file that keeps the views, and the projector that brings them up to date."""
