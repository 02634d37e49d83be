"""A point and a plan → an outcome: directions, line searches, fixed rates, restarts."""
