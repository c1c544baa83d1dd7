# SPDX-License-Identifier: BSL-1.0
"""Compares the outputs of ONNX nodes as ONNX's own runner does: |error| <= atol + rtol |expected|, element by element."""
import json
import math
import struct

RTOL, ATOL = 1e-3, 1e-7  # onnx/backend/test/loader, where a case names no others
FORMATS = {"F64": "d", "F32": "f", "F16": "e", "I64": "q", "I32": "i", "I16": "h", "I8": "b", "U64": "Q", "U32": "I",
           "U16": "H", "U8": "B", "BOOL": "?"}


def numbers_in(kind, data):
    if kind == "BF16":  # the upper half of F32
        kind, data = "F32", b"".join(b"\0\0" + data[i:i + 2] for i in range(0, len(data), 2))
    return [number for (number,) in struct.iter_unpack("<" + FORMATS[kind], data)]


def load(path):
    """{name: (type, shape, numbers)} of a safetensors file."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = (entry["dtype"], entry["shape"], numbers_in(entry["dtype"], data[begin:end]))
    return tensors


def differs(got, expected, rtol, atol):
    if math.isfinite(expected):
        return not abs(got - expected) <= atol + rtol * abs(expected)
    return not (got == expected or math.isnan(got) and math.isnan(expected))


def problem_of(name, got, expected, rtol, atol):
    """What is wrong with an output, or None."""
    (_, shape, numbers), (kind, its_shape, its_numbers) = got, expected
    if shape != its_shape:
        return f"{name} has shape {shape} and not {its_shape}"
    if kind not in ("F64", "F32", "F16", "BF16"):
        rtol = atol = 0
    wrong = [i for i, pair in enumerate(zip(numbers, its_numbers)) if differs(*pair, rtol, atol)]
    if not wrong:
        return None
    return f"{name}: {len(wrong)} of {len(numbers)}; element {wrong[0]} is {numbers[wrong[0]]} and not {its_numbers[wrong[0]]}"


def judged(case, result):
    """(verdict, note) of a case, by its safetensors file and that of the result."""
    node = json.loads(case.with_suffix(".json").read_text())
    rtol, atol = node.get("rtol", RTOL), node.get("atol", ATOL)
    expected, got = load(case), load(result)
    outputs = [name for name in expected if name.startswith("out/")]
    if not outputs:
        return "failed", "the case expects nothing"
    absent = [name for name in outputs if name not in got]
    problems = [f"{name} is absent" for name in absent]
    problems += filter(None, (problem_of(name, got[name], expected[name], rtol, atol) for name in outputs if name in got))
    return ("failed", "; ".join(problems)) if problems else ("passed", f"compared {len(outputs)}")
