"""Exports of the Armed Conflict Location & Event Data Project, of every generation."""
