"""Expression tree → graph → forward and reverse sweep → program."""
