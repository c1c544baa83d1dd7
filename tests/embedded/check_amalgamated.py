#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_amalgamated.py BOOST_DIRECTORY

Compiles a program for a Cortex-M7 with nothing but the folder that scripts/amalgamate writes, and runs it."""
import os
import subprocess
import sys
import tempfile

import boards

(boost,) = sys.argv[1:]
if missing := boards.missing_tools():
    print(f"SKIPPED: amalgamated_folder: no {', '.join(missing)}")
    sys.exit()
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "amalgamate")
with tempfile.TemporaryDirectory() as place:
    folder, program = os.path.join(place, "typeformer"), os.path.join(place, "program")
    for _ in range(2):  # again: it replaces what it has written
        subprocess.run([sys.executable, "-B", SCRIPT, folder, "--boost", boost], check=True)
    boards.build(boards.CORTEX_M7, ["-I", os.path.join(folder, "include")],
                 [os.path.join(boards.EXAMPLES, "tiny_gpt.cpp"), os.path.join(boards.CORTEX_M, "board.cpp")], program)
    run = boards.CORTEX_M7.run(program)
    print(run.stdout + run.stderr)
    has_license = os.path.isfile(os.path.join(folder, "LICENSE"))
    foreign = subprocess.run([sys.executable, "-B", SCRIPT, place, "--boost", boost], capture_output=True, text=True)
if run.returncode or "instructions a token" not in run.stdout + run.stderr:
    sys.exit(f"the program ended with {run.returncode}")
if not has_license:
    sys.exit("there is no license")
if foreign.returncode == 0 or not os.path.basename(place) in foreign.stderr:
    sys.exit("a folder of something else would be overwritten")
