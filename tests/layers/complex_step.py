# SPDX-License-Identifier: BSL-1.0
"""Losses and exact gradients in float64 by the complex-step method (Squire, Trapp 1998, SIAM Review 40): the derivative
of an analytic f is Im f(x + ih) / h, without cancellation. Functions may branch on real parts only."""
import numpy as np

STEP = 1e-100


class Numbers:
    """Number i of all parameters is sin(1.7 (i + 1)) / 2; parameter `bumped` has an imaginary step."""

    def __init__(self, bumped=None):
        self.bumped, self.count, self.tensors = bumped, 0, []

    def take(self, name, *shape):
        size = int(np.prod(shape))
        index = np.arange(self.count, self.count + size)
        values = (np.sin(1.7 * (index + 1)) / 2).astype(complex)
        values[index == self.bumped] += 1j * STEP
        self.tensors.append((name, size))
        self.count += size
        return values.reshape(shape)


def report(title, of):
    """`of(numbers)` returns y; the loss has the weight (37 i mod 19 - 9) / 9 for element i of y."""

    def loss(numbers):
        y = of(numbers).reshape(-1)
        return (y * (((np.arange(y.size) * 37 % 19) - 9) / 9.0)).sum()

    numbers = Numbers()
    print(title)
    print(f"  loss {loss(numbers).real:.15g}")
    gradient = np.array([loss(Numbers(i)).imag / STEP for i in range(numbers.count)])
    begin = 0
    for name, size in numbers.tensors:
        of_tensor = gradient[begin:begin + size]
        begin += size
        print(f"  {name}: first {of_tensor[0]:.15g}, last {of_tensor[-1]:.15g}, squares {(of_tensor ** 2).sum():.15g}")
