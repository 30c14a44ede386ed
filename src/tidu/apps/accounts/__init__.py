"""People: who they are, which posts they hold, what they may do and see."""
