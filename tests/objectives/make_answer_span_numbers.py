#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""make_answer_span_numbers.py

Prints the literals of answer_span.cpp: the loss of question answering and its gradient by PyTorch's cross_entropy in
float64. Logit i of a sequence's [tokens][2] is 2 sin(1.3 (i + 1) + its number)."""
import torch

torch.set_default_dtype(torch.float64)
SEQUENCES = [(5, None, (1, 3)), (3, None, (0, 0)), (6, [0, 1, 1, 1, 0, 1], (2, 5))]  # tokens, valid, answer

losses, leaves = [], []
for number, (tokens, valid, (first, last)) in enumerate(SEQUENCES):
    logits = (2 * torch.sin(1.3 * torch.arange(1, 2 * tokens + 1) + number)).reshape(tokens, 2).requires_grad_()
    masked = logits if valid is None else logits.masked_fill(torch.tensor(valid)[:, None] == 0, -float("inf"))
    losses.append(sum(torch.nn.functional.cross_entropy(masked[None, :, c], torch.tensor([label]))
                      for c, label in ((0, first), (1, last))) / 2)
    leaves.append(logits)
mean = sum(losses) / len(losses)
mean.backward()
print("losses", ", ".join(f"{loss.item():.15g}" for loss in losses), "mean", f"{mean.item():.15g}")
for logits in leaves:
    print("{" + ", ".join(f"{g:.15g}" for g in logits.grad.reshape(-1).tolist()) + "}")
