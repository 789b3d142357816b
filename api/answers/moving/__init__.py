"""A map that moves: the looks of many places, and the moments of every change, in memory."""
