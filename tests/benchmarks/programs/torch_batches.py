"""Seconds of the processor of one step of PyTorch's SGD along batches of 64 rows of tensors, a loss of three parameters."""

from time import process_time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)
ROWS, SIZE = 10_000, 64
x = torch.rand(ROWS, dtype=torch.float64) * 6 - 3
y = 2 * x + 1 + 0.3 * torch.randn(ROWS, dtype=torch.float64)
a, b, c = (torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(3))
optimizer = torch.optim.SGD([a, b, c], lr=0.01)


def steps(count):
    taken = 0
    while taken < count:
        order = torch.randperm(ROWS)
        for begin in range(0, ROWS, SIZE):
            rows = order[begin : begin + SIZE]
            optimizer.zero_grad()
            loss = ((y[rows] - a * x[rows] - b - c * x[rows] ** 2) ** 2).mean()
            loss.backward()
            optimizer.step()
            taken += 1


steps(200)
start = process_time()
steps(3140)
print((process_time() - start) / 3140)
