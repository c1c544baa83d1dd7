#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make.py FOLDER

An encoder-decoder in numpy, and its checkpoint with names and quirks as files in the wild have them: two vocabularies, a
tensor for each head, cross-attention without biases, scores times 0.25, a start token without a row. Needs safetensors."""
import sys
import numpy as np
from safetensors.numpy import save_file

rng = np.random.default_rng(7)
D, H, E, F, SRC, TGT, CTX, LAYERS = 8, 2, 4, 12, 37, 23, 10, 2
t = {}
def new(name, *shape, scale=0.6):
    t[name] = (scale * rng.standard_normal(shape)).astype(np.float32)
def norm(name):
    t[name + ".weight"] = (1 + 0.2 * rng.standard_normal(D)).astype(np.float32)
    new(name + ".bias", D, scale=0.2)
def attention(name, bias):
    for h in range(H):
        for part in ("query", "key", "value"):
            new(f"{name}.heads.{h}.{part}.weight", E, D)
            if bias: new(f"{name}.heads.{h}.{part}.bias", E, scale=0.3)
    new(f"{name}.out.weight", D, H * E)
    if bias: new(f"{name}.out.bias", D, scale=0.3)
def feed(name):
    new(name + ".linear1.weight", F, D); new(name + ".linear1.bias", F, scale=0.3)
    new(name + ".linear2.weight", D, F); new(name + ".linear2.bias", D, scale=0.3)

new("source_embedding.weight", SRC, D)
new("target_embedding.weight", TGT - 1, D)   # token 0, the start, has no row
for side in ("encoder", "decoder"):
    new(f"{side}.positions.weight", CTX, D, scale=0.4)
    for l in range(LAYERS):
        p = f"{side}.layers.{l}"
        norm(p + ".norm1"); attention(p + ".self_attn", True)
        if side == "decoder": norm(p + ".norm2"); attention(p + ".cross_attn", False)
        norm(p + (".norm3" if side == "decoder" else ".norm2")); feed(p)
    norm(side + ".norm")
new("generator.weight", TGT, D); new("generator.bias", TGT, scale=0.5)

w = {k: v.astype(np.float64) for k, v in t.items()}
def ln(x, n):
    m = x.mean(-1, keepdims=True); v = x.var(-1, keepdims=True)
    return (x - m) / np.sqrt(v + 1e-5) * w[n + ".weight"] + w[n + ".bias"]
def attend(n, x, y, causal):
    b = lambda k: w.get(k, 0.0)
    out = []
    for h in range(H):
        q, k, v = ((z @ w[f"{n}.heads.{h}.{part}.weight"].T + b(f"{n}.heads.{h}.{part}.bias"))
                   for part, z in (("query", x), ("key", y), ("value", y)))
        s = 0.25 * (q @ k.T)
        if causal: s = np.where(np.tril(np.ones(s.shape, bool)), s, -np.inf)
        s = np.exp(s - s.max(-1, keepdims=True)); out.append(s / s.sum(-1, keepdims=True) @ v)
    return np.concatenate(out, -1) @ w[n + ".out.weight"].T + b(n + ".out.bias")
def stack(side, x, states=None):
    x = x + w[f"{side}.positions.weight"][:len(x)]
    for l in range(LAYERS):
        p = f"{side}.layers.{l}"
        z = ln(x, p + ".norm1"); x = x + attend(p + ".self_attn", z, z, True)
        if states is not None: x = x + attend(p + ".cross_attn", ln(x, p + ".norm2"), states, False)
        z = ln(x, p + (".norm3" if states is not None else ".norm2"))
        x = x + np.maximum(z @ w[p + ".linear1.weight"].T + w[p + ".linear1.bias"], 0) @ w[p + ".linear2.weight"].T + w[p + ".linear2.bias"]
    return ln(x, side + ".norm")
source = np.array([36, 0, 5, 17, 5, 29, 1], np.int64)
target = np.array([0, 22, 1, 8, 14], np.int64)
table = np.concatenate([np.zeros((1, D)), w["target_embedding.weight"]])
logits = stack("decoder", table[target], stack("encoder", w["source_embedding.weight"][source])) @ w["generator.weight"].T + w["generator.bias"]
save_file(t, sys.argv[1] + "/model.safetensors", metadata={"format": "pt"})
save_file({"source_ids": source, "target_ids": target, "logits": logits.astype(np.float32)}, sys.argv[1] + "/expected.safetensors")
print(len(t), sum(v.size for v in t.values()), logits.min(), logits.max())
