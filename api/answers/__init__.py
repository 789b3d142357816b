"""Answers, situations and replays, each with the basis that pins it."""
