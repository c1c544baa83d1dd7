#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_cross_attention_numbers.py

Prints the literals of cross_attention.cpp: losses and gradients of attention to another sequence, by PyTorch in float64,
with torch.nn.functional.scaled_dot_product_attention. All parameters are one array whose number i is
sin(1.7 (i + 1)) / 2; the input comes first, then the source. The loss has the weight (37 i mod 19 - 9) / 9 for element
i of the output. First there are two targets of 5 and 3 tokens with shorter sources of 4 and 2, then targets of 3 and 1
tokens with longer sources of 6 and 4."""
import torch

from numbered_parameters import Numbers, report


def by_head(rows, heads):
    return rows.reshape(rows.shape[0], heads, -1).transpose(0, 1)  # [heads][rows][columns]


def cross(title, targets, sources, causal, bias, heads=2, groups=2, e=4, width=8, source_width=6, scale=None):
    n = Numbers()
    x = n.take("input", 2 * max(targets), width)
    states = n.take("source", 2 * max(sources), source_width)
    query = n.take("query.weight", heads * e, width), n.take("query.bias", heads * e) if bias else 0
    key_value = (n.take("key, value weight", 2 * groups * e, source_width),
                 n.take("key, value bias", 2 * groups * e) if bias else 0)
    output = n.take("output.weight", width, heads * e), n.take("output.bias", width) if bias else 0

    def attend(rows, read):
        q = by_head(rows @ query[0].T + query[1], heads)
        k, v = (by_head(part, groups).repeat_interleave(heads // groups, 0)
                for part in (read @ key_value[0].T + key_value[1]).split(groups * e, dim=1))
        seen = torch.arange(read.shape[0])[None, :] <= torch.arange(rows.shape[0])[:, None]
        mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen if causal else None, scale=scale)
        return mixed.transpose(0, 1).reshape(rows.shape[0], -1) @ output[0].T + output[1]

    y, row, source_row = [], 0, 0
    for target, source in zip(targets, sources):
        y.append(attend(x[row:row + target], states[source_row:source_row + source]))
        row, source_row = row + target, source_row + source
    report(title, n, torch.cat(y))


cross("full", (5, 3), (4, 2), False, True)
cross("causal", (5, 3), (4, 2), True, True)
cross("causal, the source goes on", (3, 1), (6, 4), True, True)
cross("causal, grouped, scaled, without bias", (3, 1), (6, 4), True, False, heads=4, groups=2, e=5, scale=0.7)
