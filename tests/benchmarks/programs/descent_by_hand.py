"""What one would write by hand: gradient descent on Rosenbrock's function of two variables."""

import sys


def descend(steps):
    """The point after so many steps, and the value there."""
    x, y, lr = -1.2, 1.0, 0.0001
    for _ in range(steps):
        r, s = y - x * x, 1 - x
        gx, gy = -400 * r * x - 2 * s, 200 * r
        x, y = x - lr * gx, y - lr * gy
    return x, y, 100 * (y - x * x) ** 2 + (1 - x) ** 2


print(*descend(int(sys.argv[1])))
