# SPDX-License-Identifier: BSL-1.0
"""Shared by the make_*_numbers.py: parameters in one array, and the printing of a loss and its gradients."""
import torch

torch.set_default_dtype(torch.float64)


class Numbers:
    """Number i of all parameters is sin(1.7 (i + 1)) / 2."""

    def __init__(self):
        self.count, self.tensors = 0, {}

    def take(self, name, *shape):
        size = torch.Size(shape).numel()
        values = torch.sin(1.7 * torch.arange(self.count + 1, self.count + size + 1)) / 2
        self.count += size
        self.tensors[name] = values.reshape(shape).clone().requires_grad_()
        return self.tensors[name]


def report(title, numbers, y):
    """The loss has the weight (37 i mod 19 - 9) / 9 for element i of y."""
    weights = ((torch.arange(y.numel()) * 37 % 19) - 9) / 9.0
    loss = (y.reshape(-1) * weights).sum()
    loss.backward()
    print(title)
    print(f"  loss {loss.item():.15g}")
    for name, t in numbers.tensors.items():
        flat = t.grad.reshape(-1)
        print(f"  {name}: first {flat[0].item():.15g}, last {flat[-1].item():.15g}, squares {(flat * flat).sum().item():.15g}")
