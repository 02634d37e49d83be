"""A command → the next state of its session; the way that a session has gone."""
