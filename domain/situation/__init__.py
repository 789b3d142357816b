"""Ties between actors and places, convoys, and people in need."""
