"""Where f has no least value: it falls without end, along rays and along curves that keep the constraints."""
