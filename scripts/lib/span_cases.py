# SPDX-License-Identifier: BSL-1.0
"""Cases of T5's data functions in JSON: what a runner is asked, and whether its answers are right."""
import math
import re
from itertools import groupby


def requests_of(document):
    """[(group, case)]: the cases of a file; those of one group, such as the rows of a table, are reported together."""
    if "rows" in document:
        results = ("tokens_length", "targets_length")
        arguments = {key: value for key, value in document.items() if key.startswith("extra_tokens")}
        rows = [dict(zip(document["columns"], row)) for row in document["rows"]]
        return [("random_spans_helper", {"fn": "random_spans_helper", **arguments,
                                         **{key: value for key, value in row.items() if key not in results},
                                         "expected": [row[result] for result in results]}) for row in rows]
    found, vocabulary = [], 0
    for number, given in enumerate(document["cases"]):
        case = dict(given)
        if pieces := re.search(r"(\d+) pieces", str(case.get("vocab", ""))):
            vocabulary = int(pieces[1])
        case.setdefault("vocab_size", vocabulary)  # where a case names no vocabulary, that of the one before
        found.append((f"{number} {case['fn'].split(' ')[0]}", case))
    return found


def span_count(mask):
    return sum(key for key, _ in groupby(mask))


def noise_counts(case):
    """(tokens, spans) of a case's masks: those of its sample, or of the formula."""
    if "sample" in case:
        return sum(case["sample"]), span_count(case["sample"])
    length = case["length"]
    if length < 2 or case["noise_density"] == 0:
        return 0, 0
    tokens = min(max(round(length * case["noise_density"]), 1), length - 1)
    return tokens, max(round(tokens / case.get("mean_noise_span_length", 3.0)), 1)


def problem_of_masks(case, masks):
    """What the noise masks of a case violate, or None."""
    length, (tokens, spans) = case["length"], noise_counts(case)
    for mask in masks:
        if (len(mask), sum(mask), span_count(mask)) != (length, tokens, spans):
            return f"{len(mask)} tokens, {sum(mask)} of noise in {span_count(mask)} spans; expected {tokens} in {spans}"
        if spans and (mask[0] or not mask[-1]):
            return "a mask does not begin without noise and end with it"
    possible = math.comb(tokens - 1, spans - 1) * math.comb(length - tokens - 1, spans - 1) if spans else 1
    return "every draw is the same" if possible > 1 and len({tuple(mask) for mask in masks}) == 1 else None


def judged(case, answer):
    """(verdict, note) of a case."""
    expected = {key: value for key, value in case.items() if key.startswith("expected")}
    for key, value in expected.items():
        if key not in answer:
            return "skipped", f"missing: result {key} of {case['fn']}"
        if answer[key] != value:
            return "failed", f"{key} is {answer[key]} and not {value}"
    draws = answer.get("draws", [])
    if draws and (problem := problem_of_masks(case, draws)):
        return "failed", problem
    if not expected and not draws:
        return "failed", "the case expects nothing"
    return "passed", f"{len(draws)} draws have what is asked" if draws else f"{len(expected)} equal"
