#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_attention_numbers.py

Prints the literals of attention_numbers.cpp: losses and gradients of attentions, by PyTorch in float64, written from the
formulas of their papers. All parameters are one array whose number i is sin(1.7 (i + 1)) / 2; the input comes first.
The loss has the weight (37 i mod 19 - 9) / 9 for element i of the output. Two sequences of 5 and 3 tokens; 10 rows are
reserved."""
import torch

from numbered_parameters import Numbers, report


def of_sequences(x, attend):
    return torch.cat([attend(x[:5]), attend(x[5:8])])


def by_head(rows, heads):
    return rows.reshape(rows.shape[0], heads, -1).transpose(0, 1)  # [heads][rows][columns]


def side_by_side(heads):
    return heads.transpose(0, 1).reshape(heads.shape[1], -1)


def causal(scores):
    queries, keys = scores.shape[-2:]
    return scores.masked_fill(torch.ones(queries, keys).triu(keys - queries + 1).bool(), -torch.inf)


def transformer_xl():
    """Dai et al. 2019 (arXiv:1901.02860), section 3.3, without the trick of its appendix B."""
    n, width, heads, e = Numbers(), 6, 2, 3
    x = n.take("input", 10, width)
    qkv, r_net = n.take("query, key, value weight", 3 * heads * e, width), n.take("distance.weight", heads * e, width)
    u, v = n.take("content_bias", heads, 1, e), n.take("position_bias", heads, 1, e)
    out = n.take("output.weight", width, heads * e)

    def attend(rows):
        length = rows.shape[0]
        q, k, value = (by_head(part, heads) for part in (rows @ qkv.T).split(heads * e, dim=1))
        frequencies = 10000 ** (-2 * torch.arange(width // 2) / width)
        scores = torch.empty(heads, length, length)
        for i in range(length):
            for j in range(length):
                angles = (i - j) * frequencies
                r = (r_net @ torch.cat([angles.sin(), angles.cos()])).reshape(heads, 1, e)
                scores[:, i, j] = ((q[:, i:i + 1] + u) * k[:, j:j + 1] + (q[:, i:i + 1] + v) * r).sum((1, 2)) / e ** 0.5
        return side_by_side(torch.softmax(causal(scores), dim=-1) @ value) @ out.T

    report("transformer_xl", n, of_sequences(x, attend))


def query_key_norm():
    """RMSNorm with weights over each head's columns of queries and keys, before the scores."""
    n, width, heads, e = Numbers(), 8, 2, 4
    x = n.take("input", 10, width)
    qkv, b = n.take("query, key, value weight", 3 * width, width), n.take("query, key, value bias", 3 * width)
    query_weight, key_weight = n.take("query_norm.weight", e), n.take("key_norm.weight", e)
    out, out_b = n.take("output.weight", width, width), n.take("output.bias", width)

    def norm(rows, weight):
        return rows / (rows.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt() * weight

    def attend(rows):
        q, k, v = (by_head(part, heads) for part in (rows @ qkv.T + b).split(width, dim=1))
        scores = norm(q, query_weight) @ norm(k, key_weight).transpose(1, 2) / e ** 0.5
        return side_by_side(torch.softmax(causal(scores), dim=-1) @ v) @ out.T + out_b

    report("query_key_norm", n, of_sequences(x, attend))


def shaw(masked, reach=2):
    """Shaw et al. 2018 (arXiv:1803.02155), equations 3 and 4; heads share the vectors of distances."""
    n, width, heads, e = Numbers(), 8, 2, 4
    x = n.take("input", 10, width)
    qkv, b = n.take("query, key, value weight", 3 * width, width), n.take("query, key, value bias", 3 * width)
    of_keys, of_values = n.take("distance_keys", 2 * reach + 1, e), n.take("distance_values", 2 * reach + 1, e)
    out, out_b = n.take("output.weight", width, width), n.take("output.bias", width)

    def attend(rows):
        length = rows.shape[0]
        q, k, v = (by_head(part, heads) for part in (rows @ qkv.T + b).split(width, dim=1))
        position = torch.arange(length)
        distance = (position[None, :] - position[:, None]).clamp(-reach, reach) + reach  # [query][key]
        scores = (q.unsqueeze(2) * (k.unsqueeze(1) + of_keys[distance])).sum(-1) / e ** 0.5
        weights = torch.softmax(causal(scores) if masked else scores, dim=-1)
        return side_by_side((weights.unsqueeze(-1) * (v.unsqueeze(1) + of_values[distance])).sum(2)) @ out.T + out_b

    report("shaw, causal" if masked else "shaw, bidirectional", n, of_sequences(x, attend))


transformer_xl()
query_key_norm()
shaw(False)
shaw(True)
