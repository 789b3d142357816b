"""Answers and certificates as text and JSON of the command line."""
