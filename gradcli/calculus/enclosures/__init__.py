"""A program over a box: balls around f, its slopes and its curvature, and bounds of f that follow from them."""
