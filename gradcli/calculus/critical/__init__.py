"""Where the gradient vanishes: solved, counted, enclosed, classified."""
