#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_bert_steps.py MODEL_FOLDER OUTPUT.safetensors

50 training steps of a BERT by PyTorch, written from the paper's formulas and float64: the weights of MODEL_FOLDER, random
pairs of texts of different lengths with masked tokens, AdamW with warm-up and linear decay, gradient clipping by the
global norm. Stores the batches and, before every step, the loss and its two parts; the test repeats them. Needs the
distribution's python3-torch and python3-numpy."""
import json
import math
import sys
from pathlib import Path

import numpy
import torch

from make_gpt2_steps import norm, read, write

STEPS, BATCH, LENGTH = 50, 4, 24
RATE, WARM_UP, CLIP, DECAY = 2e-3, 10, 1.0, 0.01
CLS, SEP, MASK, FIRST_WORD = 1, 2, 4, 5
NO_LABEL = -100


def gelu(x):
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


def linear(x, p, name):
    return x @ p[name + ".weight"].T + p[name + ".bias"]


def losses_of(p, config, ids, segments, lengths, labels, next_labels):
    heads, layers, epsilon = config["num_attention_heads"], config["num_hidden_layers"], config["layer_norm_eps"]
    batch, length = ids.shape
    hidden = torch.arange(length)[None, :] >= lengths[:, None]
    x = p["bert.embeddings.word_embeddings.weight"][ids] + p["bert.embeddings.position_embeddings.weight"][:length]
    x = x + p["bert.embeddings.token_type_embeddings.weight"][segments]
    x = norm(x, p, "bert.embeddings.LayerNorm", epsilon)
    width = x.shape[-1]
    for layer in range(layers):
        at = f"bert.encoder.layer.{layer}."
        q, k, v = (linear(x, p, at + "attention.self." + part).view(batch, length, heads, width // heads).transpose(1, 2)
                   for part in ("query", "key", "value"))
        scores = (q @ k.transpose(-1, -2)) / math.sqrt(width // heads)
        mixed = torch.softmax(scores.masked_fill(hidden[:, None, None, :], -math.inf), -1) @ v
        mixed = linear(mixed.transpose(1, 2).reshape(batch, length, width), p, at + "attention.output.dense")
        x = norm(x + mixed, p, at + "attention.output.LayerNorm", epsilon)
        h = linear(gelu(linear(x, p, at + "intermediate.dense")), p, at + "output.dense")
        x = norm(x + h, p, at + "output.LayerNorm", epsilon)
    h = norm(gelu(linear(x, p, "cls.predictions.transform.dense")), p, "cls.predictions.transform.LayerNorm", epsilon)
    logits = h @ p["bert.embeddings.word_embeddings.weight"].T + p["cls.predictions.bias"]
    pooled = torch.tanh(linear(x[:, 0], p, "bert.pooler.dense"))
    masked = labels != NO_LABEL
    return (torch.nn.functional.cross_entropy(logits[masked], labels[masked]),
            torch.nn.functional.cross_entropy(linear(pooled, p, "cls.seq_relationship"), next_labels))


def instance(chooser, vocabulary):
    """(tokens, begin of the second text, labels, label of the pair) of [CLS] text [SEP] text [SEP]."""
    first, second = chooser.integers(3, (LENGTH - 3) // 2 + 1, 2)
    next_label = chooser.integers(0, 2)
    words = chooser.integers(FIRST_WORD, vocabulary, first + second)
    words[1:first:2] = words[: first - 1 : 2]  # something to learn: words come twice,
    half = FIRST_WORD + (vocabulary - FIRST_WORD) // 2
    if next_label == 0:  # and a text that follows is written with the lower half of the words
        words[first:] = chooser.integers(FIRST_WORD, half, second)
    tokens = numpy.concatenate([[CLS], words[:first], [SEP], words[first:], [SEP]])
    labels = numpy.full(len(tokens), NO_LABEL)
    words_at = numpy.flatnonzero(tokens >= FIRST_WORD)
    for at in chooser.choice(words_at, max(1, round(0.2 * len(words_at))), replace=False):
        labels[at] = tokens[at]
        tokens[at] = chooser.choice([MASK, chooser.integers(FIRST_WORD, vocabulary), tokens[at]], p=[0.8, 0.1, 0.1])
    return tokens, first + 2, labels, next_label


def rate_at(step):
    return RATE * (step / WARM_UP if step < WARM_UP else (STEPS - step) / (STEPS - WARM_UP))


def main():
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    config = json.loads((folder / "config.json").read_text())
    p = read(folder / "model.safetensors")
    matrices = [t for t in p.values() if t.dim() > 1]
    vectors = [t for t in p.values() if t.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}],
                                  lr=RATE, betas=(0.9, 0.999), eps=1e-6)
    chooser = numpy.random.default_rng(20261124)
    ids = numpy.zeros((STEPS, BATCH, LENGTH), numpy.int64)
    labels = numpy.full((STEPS, BATCH, LENGTH), NO_LABEL, numpy.int64)
    lengths, second_texts, next_labels = (numpy.zeros((STEPS, BATCH), numpy.int64) for _ in range(3))
    masked_lm, next_sentence, norms, rates = [], [], [], []
    for step in range(STEPS):
        for row in range(BATCH):
            tokens, second, targets, next_label = instance(chooser, config["vocab_size"])
            ids[step, row, : len(tokens)], labels[step, row, : len(tokens)] = tokens, targets
            lengths[step, row], second_texts[step, row], next_labels[step, row] = len(tokens), second, next_label
        segments = (numpy.arange(LENGTH) >= second_texts[step][:, None]).astype(numpy.int64)
        optimizer.zero_grad()
        parts = losses_of(p, config, *(torch.tensor(array) for array in (
            ids[step], segments, lengths[step], labels[step], next_labels[step])))
        sum(parts).backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_(list(p.values()), CLIP)))
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step)
        rates.append(rate_at(step))
        optimizer.step()
        masked_lm.append(parts[0].item())
        next_sentence.append(parts[1].item())
    masked_lm, next_sentence = numpy.array(masked_lm), numpy.array(next_sentence)
    write(output, {"ids": ids, "labels": labels, "lengths": lengths, "second_texts": second_texts,
                   "next_labels": next_labels, "losses": masked_lm + next_sentence, "masked_lm_losses": masked_lm,
                   "next_sentence_losses": next_sentence, "gradient_norms": numpy.array(norms),
                   "learning_rates": numpy.array(rates)})
    for name, part in (("masked_lm", masked_lm), ("next_sentence", next_sentence)):
        print(name, part[:10].mean(), part[-10:].mean())
    print("norms", min(norms), max(norms))


if __name__ == "__main__":
    main()
