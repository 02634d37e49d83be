"""Seconds of one step of PyTorch's SGD with autograd on Rosenbrock's function of two variables."""

from time import perf_counter

import torch

torch.set_num_threads(1)
x = torch.tensor(-1.2, dtype=torch.float64, requires_grad=True)
y = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([x, y], lr=0.0001)


def steps(count):
    for _ in range(count):
        optimizer.zero_grad()
        loss = 100 * (y - x**2) ** 2 + (1 - x) ** 2
        loss.backward()
        optimizer.step()


steps(200)
start = perf_counter()
steps(2000)
print((perf_counter() - start) / 2000)
