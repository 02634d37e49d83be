"""The answer at a point: floats where they are sure, else balls, else the reason why there is none."""
