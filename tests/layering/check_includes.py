#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_includes.py INCLUDE_DIRECTORY

The architecture as rules on #include, #define and the first lines of every header. Prints one line a violation."""
import re
import sys
from pathlib import Path

# From the lowest to the highest: a file includes its own room and the rows before it. Rooms of one row are strangers.
CORE_ROWS = [
    ["foundation"],
    ["meta", "shape", "activations", "parallel", "dispatch"],
    ["simd", "memory", "reference"],
    ["kernels"],
    ["quantization"],
    ["contract"],
    ["composition", "parameters"],
    ["layers", "optimizers"],
    ["execution"],
    ["session"],
    ["generation", "inspection", "objectives"],
    ["models", "laws"],
]
HOSTED_ROWS = [
    ["text"],
    ["hosted/files"],
    ["hosted"],
    ["hosted/formats"],
    ["hosted/weights", "hosted/data", "hosted/tokenizers", "hosted/grammars", "hosted/interpretability",
     "hosted/robustness", "hosted/influence"],
    ["hosted/training", "hosted/laws"],
    ["hosted/plots"],
]
ROWS = CORE_ROWS + HOSTED_ROWS
ROW = {room: number for number, rooms in enumerate(ROWS) for room in rooms}
HOSTED_ROW = len(CORE_ROWS)
HOSTED = {room for rooms in HOSTED_ROWS for room in rooms}

# Narrower than the row would allow.
FORBIDDEN = {
    ("text", room) for room in ROW if room not in ("text", "foundation")
} | {
    (room, "meta") for room in ("reference", "kernels")  # kernels never see Hana
}

# Whose headers, and who may include them.
THIRD_PARTY = [
    (re.compile(r"boost/hana(/|\.hpp)"), {"meta"}, "Hana"),
    (re.compile(r"xsimd/"), {"simd"}, "xsimd"),
    (re.compile(r"utf8proc\.h$"), {"text"}, "utf8proc"),
    (re.compile(r"(boost/interprocess|rapidjson|Random123)/"), HOSTED - {"text"}, "host libraries"),
]
# The embedded profile: no heap, no streams, no std::string, no exceptions; threads only in parallel/.
HOST_ONLY = set("""iostream istream ostream sstream fstream iomanip syncstream string vector map set unordered_map
    unordered_set list forward_list deque queue stack functional any regex filesystem locale codecvt exception stdexcept
    system_error typeinfo typeindex future format""".split())
HEAP = {("laws", "vector"), ("laws", "map")}  # laws run beside a model, to judge it, and never in one
THREADS = set("thread mutex shared_mutex condition_variable semaphore barrier latch stop_token".split())

MAXIMUM_LINES = 200
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
DEFINE = re.compile(r"^\s*#\s*define\s+(\w+)", re.M)


def room_of(path):
    """The room of `typeformer/room/…`, or None for the umbrella headers beside the rooms."""
    parts = path.split("/")
    if len(parts) <= 2:
        return None
    if parts[1] == "hosted" and len(parts) > 3:
        return f"hosted/{parts[2]}"
    return parts[1]


def row_of_umbrella(path):
    return len(ROWS) - 1 if Path(path).stem in ("hosted", "text") else HOSTED_ROW - 1


def check_typeformer_include(path, room, target):
    target_room = room_of(target)
    if target_room is None:
        if room is not None:
            return "a room includes an umbrella header"
        return None if row_of_umbrella(target) <= row_of_umbrella(path) else "the core includes the hosted part"
    if target_room not in ROW:
        return f"unknown room '{target_room}'"
    if "/detail/" in target and room != target_room:
        return f"another room's detail"
    if room is None:
        return None if ROW[target_room] <= row_of_umbrella(path) else "the core includes the hosted part"
    if room == target_room:
        return None
    if (room, target_room) in FORBIDDEN:
        return f"{room}/ must not see {target_room}/"
    if ROW[target_room] > ROW[room]:
        return f"row {ROW[room]} ({room}) includes row {ROW[target_room]} ({target_room})"
    if ROW[target_room] == ROW[room]:
        return f"{room}/ and {target_room}/ stand in one row"
    return None


def check_other_include(path, room, target):
    row = ROW[room] if room else row_of_umbrella(path)
    for pattern, rooms, name in THIRD_PARTY:
        if pattern.match(target):
            return None if room in rooms else f"{name} belongs to {', '.join(sorted(rooms))}"
    if row < HOSTED_ROW and target in HOST_ONLY and (room, target) not in HEAP:
        return "not in the embedded profile"
    if row < HOSTED_ROW and target in THREADS and room != "parallel":
        return "threads belong to parallel"
    if "/" in target or (target.endswith((".h", ".hpp")) and target not in SYSTEM_HEADERS):
        return "an unknown library"
    return None


SYSTEM_HEADERS = {"immintrin.h", "xmmintrin.h", "emmintrin.h", "arm_neon.h", "arm_acle.h", "arm_mve.h", "cpuid.h", "unistd.h", "sched.h",
                  "fcntl.h", "sys/auxv.h", "sys/mman.h", "sys/stat.h", "pthread.h"}


def includes_of(text):
    return [(quote, target) for quote, target in INCLUDE.findall(text)]


def check_file(root, file):
    path = file.relative_to(root).as_posix()
    text = file.read_text(encoding="utf-8")
    room = room_of(path)
    if room is not None and room not in ROW:
        yield f"{path}: unknown room '{room}'"
        return
    lines = text.splitlines()
    if lines[:2] != ["// SPDX-License-Identifier: BSL-1.0", "#pragma once"]:
        yield f"{path}: does not begin with the license line and #pragma once"
    if len(lines) > MAXIMUM_LINES:
        yield f"{path}: {len(lines)} lines; a file of more than {MAXIMUM_LINES} holds more than one idea"
    for quote, target in includes_of(text):
        if quote == '"':
            complaint = "include as <typeformer/room/file.hpp>"
        elif target.startswith("typeformer/"):
            complaint = check_typeformer_include(path, room, target)
            if complaint is None and not (root / target).is_file():
                complaint = "no such header"
        elif target in SYSTEM_HEADERS:
            complaint = None
        else:
            complaint = check_other_include(path, room, target)
        if complaint:
            yield f"{path}: <{target}>: {complaint}"
    for macro in DEFINE.findall(text):
        if not macro.startswith("TYPEFORMER_"):
            yield f"{path}: macro {macro} lacks the prefix TYPEFORMER_"


def reached_from(root, path, seen):
    for _, target in includes_of((root / path).read_text(encoding="utf-8")):
        if target.startswith("typeformer/") and target not in seen and (root / target).is_file():
            seen.add(target)
            reached_from(root, target, seen)
    return seen


def check_tree(root):
    violations = [v for file in sorted((root / "typeformer").rglob("*.hpp")) for v in check_file(root, file)]
    types = "typeformer/types.hpp"  # counts, memory and errors without the cost of kernels
    if (root / types).is_file():
        for target in sorted(reached_from(root, types, set())):
            if room_of(target) in ("kernels", "simd", "quantization"):
                violations.append(f"{types}: reaches <{target}>")
    return violations


def main():
    root = Path(sys.argv[1])
    headers = list((root / "typeformer").rglob("*.hpp"))
    violations = check_tree(root)
    print("\n".join(violations))
    print(f"{len(headers)} headers, {len(violations)} violations")
    return 1 if violations or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
