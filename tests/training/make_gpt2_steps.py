#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_gpt2_steps.py MODEL_FOLDER OUTPUT.safetensors

50 training steps of a GPT-2 by PyTorch, written from the paper's formulas and float64: the weights of MODEL_FOLDER, random
batches, AdamW with warm-up and cosine decay, gradient clipping by the global norm. Stores the batches and the loss before
every step; the test repeats them. Needs the distribution's python3-torch and python3-numpy."""
import json
import math
import struct
import sys
from pathlib import Path

import numpy
import torch

STEPS, BATCH, LENGTH = 50, 4, 24
RATE, FLOOR, WARM_UP, CLIP, DECAY = 1e-3, 1e-4, 10, 1.0, 0.1


def read(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        data = numpy.frombuffer(raw[8 + length + begin : 8 + length + end], numpy.float32).reshape(entry["shape"])
        tensors[name] = torch.tensor(data.astype(numpy.float64), requires_grad=True)
    return tensors


def write(path, arrays):
    header, data, offset = {}, b"", 0
    for name, array in arrays.items():
        kind = {"int64": "I64", "float64": "F64"}[str(array.dtype)]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        data += array.tobytes()
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def norm(x, p, name, epsilon):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return (x - mean) / torch.sqrt(variance + epsilon) * p[name + ".weight"] + p[name + ".bias"]


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def loss_of(p, config, ids):
    heads, layers, epsilon = config["n_head"], config["n_layer"], config["layer_norm_epsilon"]
    inputs, targets = ids[:, :-1], ids[:, 1:]
    batch, length = inputs.shape
    x = p["transformer.wte.weight"][inputs] + p["transformer.wpe.weight"][:length]
    width = x.shape[-1]
    hidden = torch.triu(torch.ones(length, length, dtype=torch.bool), 1)
    for layer in range(layers):
        at = f"transformer.h.{layer}."
        h = norm(x, p, at + "ln_1", epsilon)
        qkv = h @ p[at + "attn.c_attn.weight"] + p[at + "attn.c_attn.bias"]
        q, k, v = (part.view(batch, length, heads, width // heads).transpose(1, 2) for part in qkv.split(width, -1))
        scores = (q @ k.transpose(-1, -2)) / math.sqrt(width // heads)
        mixed = torch.softmax(scores.masked_fill(hidden, -math.inf), -1) @ v
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        x = x + mixed @ p[at + "attn.c_proj.weight"] + p[at + "attn.c_proj.bias"]
        h = norm(x, p, at + "ln_2", epsilon)
        h = gelu(h @ p[at + "mlp.c_fc.weight"] + p[at + "mlp.c_fc.bias"])
        x = x + h @ p[at + "mlp.c_proj.weight"] + p[at + "mlp.c_proj.bias"]
    logits = norm(x, p, "transformer.ln_f", epsilon) @ p["transformer.wte.weight"].T
    return torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))


def rate_at(step):
    if step < WARM_UP:
        return RATE * (step + 1) / WARM_UP
    through = (step - WARM_UP) / (STEPS - WARM_UP)
    return FLOOR + (RATE - FLOOR) * 0.5 * (1 + math.cos(math.pi * through))


def main():
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    config = json.loads((folder / "config.json").read_text())
    p = read(folder / "model.safetensors")
    matrices = [t for t in p.values() if t.dim() > 1]
    vectors = [t for t in p.values() if t.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}],
                                  lr=RATE, betas=(0.9, 0.95), eps=1e-8)
    chooser = numpy.random.default_rng(20261123)
    batches = chooser.integers(0, config["vocab_size"], (STEPS, BATCH, LENGTH + 1), dtype=numpy.int64)
    batches[:, :, 1::2] = batches[:, :, 0:-1:2] * 5 % config["vocab_size"]  # something to learn
    losses, norms, rates = [], [], []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(p, config, torch.tensor(batches[step]))
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(list(p.values()), CLIP)))
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step)
        rates.append(rate_at(step))
        optimizer.step()
        losses.append(loss.item())
    write(output, {"ids": batches, "losses": numpy.array(losses), "gradient_norms": numpy.array(norms),
                   "learning_rates": numpy.array(rates)})
    print(losses[0], losses[-1], min(norms), max(norms))


if __name__ == "__main__":
    main()
