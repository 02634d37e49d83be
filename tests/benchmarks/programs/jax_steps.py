"""Seconds of one jitted step in JAX on Rosenbrock's function of two variables."""

from time import perf_counter

import jax

jax.config.update("jax_enable_x64", True)


def loss(point):
    x, y = point
    return 100 * (y - x**2) ** 2 + (1 - x) ** 2


@jax.jit
def step(point):
    gradient = jax.grad(loss)(point)
    return tuple(w - 0.0001 * g for w, g in zip(point, gradient, strict=True))


point = (-1.2, 1.0)
for _ in range(200):
    point = step(point)
start = perf_counter()
for _ in range(2000):
    point = step(point)
jax.block_until_ready(point)
print((perf_counter() - start) / 2000)
