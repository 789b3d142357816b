"""Answers, situations and replays, each with a basis."""
