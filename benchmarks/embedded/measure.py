#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""benchmarks/embedded/measure.py [BOOST_DIRECTORY]

The table of docs/embedded.md: examples/embedded/tiny_gpt.cpp on the boards that the emulator has, with -Os. Code is what
the program has in flash: code and constants of the model, of its session and of the start-up, without weights."""
import os
import re
import subprocess
import sys
import tempfile

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(PROJECT, "tests", "embedded"))
import boards  # noqa: E402

FORMATS = {"float": "float", "bf16": "typeformer::bf16", "int8<>": "typeformer::int8<>", "int4<>": "typeformer::int4<>"}
COLUMNS = ("weights", "RAM", "stack", "stack_bytes", "instructions for a prompt of 8", "instructions a token")


def flash_of(board, program):
    """Bytes of all sections that are in the image."""
    sections = subprocess.run([board.tools + "size", "-A", program], check=True, capture_output=True, text=True).stdout
    return sum(int(found[1]) for found in re.finditer(r"^\.(?:text|weights|ARM\S+|data) +(\d+)", sections, re.MULTILINE))


def main():
    includes = boards.of_this_machine(os.path.join(PROJECT, "include"), sys.argv[1] if len(sys.argv) > 1 else "/usr/include")
    print("| board | weights | bytes of weights | code | RAM | stack (bound) | prompt of 8 | a token |\n|---|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for board in (boards.CORTEX_M4, boards.CORTEX_M7, boards.CORTEX_M55, boards.RV32):
            for name, number_format in FORMATS.items():
                program = os.path.join(folder, "program")
                boards.build(board, includes, [os.path.join(boards.EXAMPLES, "tiny_gpt.cpp"), *board.sources], program,
                             f"-DFORMAT={number_format}")
                run = board.run(program)
                said = {column: re.search(rf"^{column}: (\d+)", run.stdout + run.stderr, re.MULTILINE) for column in COLUMNS}
                if run.returncode or not all(said.values()):
                    sys.exit(f"{board.name}, {name}: {run.returncode}: {run.stdout}{run.stderr}")
                weights, ram, stack, bound, prompt, token = (f"{int(said[c][1]):,}" for c in COLUMNS)
                print(f"| {board.name} | `{name}` | {weights} | {flash_of(board, program):,} | {ram} | {stack} ({bound}) | {prompt} | {token} |",
                      flush=True)


if __name__ == "__main__":
    main()
