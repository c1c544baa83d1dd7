#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_sentence_embedding_numbers.py

Prints the literals of sentence_embedding.cpp: losses and gradients by PyTorch in float64, pooled as
sentence-transformers does: sum(states * mask) / clamp(sum(mask), 1e-9), then torch.nn.functional.normalize. Number i of
the input is sin(1.7 (i + 1)) / 2. The loss has the weight (37 i mod 19 - 9) / 9 for element i of the output. Two
sequences of 5 and 3 tokens; 10 rows are reserved. With holes, tokens 1 and 4 of the first and token 0 of the second are
hidden."""
import torch

torch.set_default_dtype(torch.float64)

WIDTH = 6


def padded(x):
    """[2][5][width] and the mask of valid tokens"""
    return torch.stack([x[:5], torch.cat([x[5:8], torch.full((2, WIDTH), 1e3)])]), torch.tensor([[1] * 5, [1, 1, 1, 0, 0]])


def mean(states, mask):
    m = mask.unsqueeze(-1).expand(states.size()).double()
    return (states * m).sum(1) / m.sum(1).clamp(min=1e-9)


def first(states, mask):
    return states[:, 0]


def report(title, pool, normalized=True, hidden=()):
    x = (torch.sin(1.7 * torch.arange(1, 10 * WIDTH + 1)) / 2).reshape(10, WIDTH).requires_grad_()
    states, mask = padded(x)
    for sequence, token in hidden:
        mask[sequence, token] = 0
    y = pool(states, mask)
    if normalized:
        y = torch.nn.functional.normalize(y, p=2, dim=1)
    weights = ((torch.arange(y.numel()) * 37 % 19) - 9) / 9.0
    loss = (y.reshape(-1) * weights).sum()
    loss.backward()
    g = x.grad.reshape(-1)
    print(f"{title}: loss {loss.item():.15g}, input: first {g[0].item():.15g}, last {g[-1].item():.15g}, "
          f"squares {(g * g).sum().item():.15g}")


report("mean_pooling", mean, False)
report("sentence_embedding<mean_pooling>", mean)
report("sentence_embedding<mean_pooling> with holes", mean, True, [(0, 1), (0, 4), (1, 0)])
report("sentence_embedding<first_token>", first)
