#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_sampling_chains.py OUTPUT.json

What chains of Hugging Face's logits processors leave of some distributions, in float64: the tokens that can still come
and their probabilities. Made with transformers 4.44.2; needs torch."""
import json
import random
import sys
from pathlib import Path

import torch
import transformers
from transformers import (LogitsProcessorList, MinPLogitsWarper, RepetitionPenaltyLogitsProcessor,
                          SuppressTokensLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper,
                          TypicalLogitsWarper)

CAME = [3, 8, 8, 21, 3, 3]
LINKS = {
    "temperature": TemperatureLogitsWarper, "top_k": TopKLogitsWarper, "top_p": TopPLogitsWarper,
    "min_p": MinPLogitsWarper, "typical": TypicalLogitsWarper, "repetition": RepetitionPenaltyLogitsProcessor,
    "banned": SuppressTokensLogitsProcessor}
CHAINS = [
    [["min_p", 0.05]], [["min_p", 0.3]], [["typical", 0.2]], [["typical", 0.6]], [["typical", 0.95]],
    [["repetition", 1.3]], [["repetition", 0.7]], [["repetition", 4.0]], [["banned", [1, 5, 30]]],
    [["temperature", 0.6], ["typical", 0.5]], [["typical", 0.5], ["temperature", 0.6]],
    [["top_k", 9], ["typical", 0.7]], [["typical", 0.7], ["top_k", 9]],
    [["top_p", 0.9], ["min_p", 0.1]], [["temperature", 2.0], ["min_p", 0.1]], [["min_p", 0.1], ["temperature", 2.0]],
    [["typical", 0.6], ["top_p", 0.7]], [["typical", 0.6], ["typical", 0.6]], [["typical", 0.5], ["min_p", 0.2]],
    [["repetition", 1.3], ["temperature", 0.7], ["top_k", 20], ["top_p", 0.9], ["min_p", 0.02]],
    [["banned", [2, 3, 4]], ["repetition", 1.8], ["temperature", 1.4], ["typical", 0.8]]]


def main():
    numbers = random.Random(7)
    # No two equal logits: which of them goes is the sort's choice there.
    rows = [[center + spread * step / 64 for step in numbers.sample(range(-150, 150), 32)]
            for center, spread in ((0, 0.5), (0, 1.5), (-4, 1), (5, 3))]
    cases = []
    for number, row in enumerate(rows):
        for chain in CHAINS:
            links = LogitsProcessorList([LINKS[name](value) for name, value in chain])
            left = links(torch.tensor([CAME]), torch.tensor([row], dtype=torch.float64)).softmax(-1)[0]
            kept = [id for id in range(len(row)) if left[id] > 0]
            cases.append({"row": number, "chain": chain, "kept": kept,
                          "probabilities": [round(float(left[id]), 9) for id in kept]})
    made = {"origin": f"make_sampling_chains.py, transformers {transformers.__version__}", "came": CAME, "rows": rows,
            "cases": cases}
    lines = ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in value) + "]"
                       if isinstance(value, list) else f'"{name}": {json.dumps(value)}' for name, value in made.items())
    Path(sys.argv[1]).write_text("{\n" + lines + "\n}\n")


main()
