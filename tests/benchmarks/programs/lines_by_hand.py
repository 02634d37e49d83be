"""What one would write by hand: parse a JSON line, compute value and gradient, print the same JSON line."""

import json
import math
import sys

for line in sys.stdin:
    problem = json.loads(line)
    at = problem["at"]
    x, y = at["x"], at["y"]
    gradient = {"x": 2 * x + y, "y": x}
    record = {
        "expression": problem["expression"],
        "at": at,
        "value": x**2 + x * y + 3,
        "gradient": gradient,
        "formulas": {"x": "2*x + y", "y": "x"},
        "norm": math.hypot(*gradient.values()),
        "notes": [],
    }
    sys.stdout.write(json.dumps(record) + "\n")
