"""Files of other people, read with the place of every problem."""
