#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_option_numbers.py

Prints the literals of option_numbers.cpp: losses and gradients of norms and attentions with options, in float64,
written from the formulas of their papers. Two sequences of 5 and 3 tokens; 10 rows are reserved."""
import numpy as np

from complex_step import report


def of_sequences(x, attend):
    return np.concatenate([attend(x[:5]), attend(x[5:8])])


def softmax(scores):
    weights = np.exp(scores - scores.real.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def rms(rows, epsilon=1e-6):
    return rows / np.sqrt((rows ** 2).mean(-1, keepdims=True) + epsilon)


def standard(rows, epsilon):
    centered = rows - rows.mean(-1, keepdims=True)
    return centered / np.sqrt((centered ** 2).mean(-1, keepdims=True) + epsilon)


def rotated(rows, frequencies, amplitude=1.0):
    """[rows][heads][width], columns i and i + width/2 together."""
    angles = np.arange(rows.shape[0])[:, None] * frequencies
    cosine, sine = amplitude * np.cos(angles)[:, None], amplitude * np.sin(angles)[:, None]
    a, b = np.split(rows, 2, axis=-1)
    return np.concatenate([a * cosine - b * sine, a * sine + b * cosine], axis=-1)


def llama3(frequencies, factor, low, high, context):
    periods = context * frequencies / (2 * np.pi)
    same = np.clip((periods - low) / (high - low), 0, 1)
    return (1 - same) * frequencies / factor + same * frequencies


def yarn(frequencies, theta, factor, context, fast=32, slow=1, truncates=True):
    width = 2 * frequencies.size
    first, last = (width * np.log(context / (2 * np.pi * periods)) / (2 * np.log(theta)) for periods in (fast, slow))
    if truncates:
        first, last = np.floor(first), np.ceil(last)
    first, last = max(first, 0), min(last, width - 1)
    divided = np.clip((np.arange(width // 2) - first) / (last - first), 0, 1)
    return frequencies / factor * divided + frequencies * (1 - divided)


def norms():
    def normed(gain, bias, norm):
        def of(n):
            x = n.take("input", 10, 6)[:8]
            y = norm(x) * gain(n.take("weight", 6))
            return y + n.take("bias", 6) if bias else y

        return of

    report("rms_norm<unit_offset>", normed(lambda w: 1 + w, False, rms))
    report("layer_norm<unit_offset>", normed(lambda w: 1 + w, True, lambda x: standard(x, 1e-5)))
    report("layer_norm<without_weight>", lambda n: standard(n.take("input", 10, 6)[:8], 1e-5))


def attention(title, heads=2, groups=2, width=8, e=4, output_bias=True, norm=None, change=None, scores=None):
    """`norm(numbers, name, heads, e)` gives a function of [rows][heads][e], `change` has the limit of projections or the
    rotation of queries and keys, `scores` is a function of [heads][queries][keys]."""

    def of(n):
        x = n.take("input", 10, width)
        columns = (heads + 2 * groups) * e
        weight, bias = n.take("query.weight", columns, width), n.take("query.bias", columns)
        of_queries = norm(n, "query_norm.weight", heads, e) if norm else lambda rows: rows
        of_keys = norm(n, "key_norm.weight", groups, e) if norm else lambda rows: rows
        out = n.take("output.weight", width, heads * e)
        out_bias = n.take("output.bias", width) if output_bias else 0

        def attend(rows):
            projected = rows @ weight.T + bias
            if change and "clip" in change:
                limit = change["clip"]
                projected = np.where(abs(projected.real) < limit, projected, np.sign(projected.real) * limit)
            q, k, v = (part.reshape(rows.shape[0], -1, e)
                       for part in np.split(projected, [heads * e, (heads + groups) * e], axis=1))
            q, k = of_queries(q), of_keys(k)
            if change and "rotate" in change:
                q, k = change["rotate"](q), change["rotate"](k)
            k, v = np.repeat(k, heads // groups, axis=1), np.repeat(v, heads // groups, axis=1)
            all_scores = np.einsum("ihe,jhe->hij", q, k) / np.sqrt(e)
            if scores:
                all_scores = scores(all_scores)
            later = np.triu(np.ones(all_scores.shape[1:]), 1) > 0
            mixed = np.einsum("hij,jhe->ihe", softmax(np.where(later, -1e300, all_scores)), v)
            return mixed.reshape(rows.shape[0], -1) @ out.T + out_bias

        return of_sequences(x, attend)

    report(title, of)


def over_the_projection(n, name, heads, e):
    weight = n.take(name, heads * e)
    return lambda rows: (rms(rows.reshape(rows.shape[0], -1)) * (1 + weight)).reshape(rows.shape)


def own_weights_of_heads(n, name, heads, e):
    weight = n.take(name, heads, e)
    return lambda rows: standard(rows, 0.1) * weight


def alibi(slopes):
    def scores(given):
        tokens = np.arange(given.shape[1])
        return given - np.array(slopes)[:, None, None] * abs(tokens[:, None] - tokens)

    return scores


norms()
attention("without_output_bias", output_bias=False)
attention("over_the_projection, unit_offset", heads=4, groups=2, e=2, norm=over_the_projection)
attention("own_weights_of_heads", heads=4, groups=2, e=2, norm=own_weights_of_heads)
attention("clipped_projections<0.7>", change={"clip": 0.7})
PLAIN = 100.0 ** (-np.arange(2) / 2)
attention("llama3", change={"rotate": lambda x: rotated(x, llama3(PLAIN, 8, 1, 4, 100))})
attention("yarn", change={"rotate": lambda x: rotated(x, yarn(PLAIN, 100, 4, 200, 8, 1, False), 1.25)})
attention("alibi", scores=alibi([0.5 * 2.0 ** -3, 0.5 * 2.0 ** -6]))
# The frequencies of the models llama_yarn and llama3_rope of the reference data, whose logits they reproduce.
np.set_printoptions(precision=15)
print(yarn(10000.0 ** (-np.arange(6) / 6), 10000, 4, 16), 0.1 * np.log(4) + 1)
print(llama3(500000.0 ** (-np.arange(4) / 4), 8, 1, 4, 16))
