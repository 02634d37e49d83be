"""The optimizers as mathematics: update rules, their settings, learning rates that change, clipping."""
