#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_low_rank_numbers.py

Prints the literals of low_rank_numbers.cpp: losses and gradients of layers with low-rank updates, by PyTorch in float64,
written from Hu et al. 2021 (arXiv:2106.09685), section 4.1. All parameters are one array whose number i is
sin(1.7 (i + 1)) / 2. The loss has the weight (37 i mod 19 - 9) / 9 for element i of the output."""
import torch

from numbered_parameters import Numbers, report


def linear():
    n = Numbers()
    x, w, b = n.take("input", 10, 5), n.take("weight", 7, 5), n.take("bias", 7)
    a, up = n.take("lora_A", 2, 5), n.take("lora_B", 7, 2)
    used = x[:8]
    report("linear", n, used @ w.T + b + 3.0 / 2 * (used @ a.T) @ up.T)


def attention():
    n = Numbers()
    x = n.take("input", 10, 4)
    w, b = n.take("query, key, value weight", 12, 4), n.take("query, key, value bias", 12)
    query_a, query_b = n.take("query.lora_A", 2, 4), n.take("query.lora_B", 4, 2)
    value_a, value_b = n.take("value.lora_A", 2, 4), n.take("value.lora_B", 4, 2)
    out, out_b = n.take("output weight", 4, 4), n.take("output bias", 4)
    mixed = []
    for first, last in ((0, 5), (5, 8)):
        rows = x[first:last]
        query, key, value = (rows @ w.T + b).split(4, dim=1)
        query = query + 3.0 / 2 * (rows @ query_a.T) @ query_b.T
        value = value + 3.0 / 2 * (rows @ value_a.T) @ value_b.T
        heads = []
        for h in range(2):
            c = slice(2 * h, 2 * h + 2)
            heads.append(torch.softmax(query[:, c] @ key[:, c].T / 2 ** 0.5, dim=1) @ value[:, c])
        mixed.append(torch.cat(heads, dim=1))
    report("attention", n, torch.cat(mixed) @ out.T + out_b)


linear()
attention()
