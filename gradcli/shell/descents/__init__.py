"""minimize, maximize and compare: the descent, who listens to it, and what is kept of it."""
