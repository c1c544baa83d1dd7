#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_cortex_m7.py INCLUDE_DIRECTORY BOOST_DIRECTORY

Compiles cortex_m7.cpp for a Cortex-M7 and runs it in an emulator: it fails if a model uses more stack than
`stack_bytes` says."""
import os
import sys
import tempfile

import boards

include, boost = sys.argv[1:]
if missing := boards.CORTEX_M7.missing_tools():
    print(f"SKIPPED: stack_of_cortex_m7: no {', '.join(missing)}")
    sys.exit()
with tempfile.TemporaryDirectory() as folder:
    program = os.path.join(folder, "cortex_m7.elf")
    here = os.path.dirname(os.path.abspath(__file__))
    boards.build(boards.CORTEX_M7, boards.of_this_machine(include, boost),
                 [os.path.join(here, "cortex_m7.cpp"), *boards.CORTEX_M7.sources], program,
                 link=["-Wl,--defsym=stack_size=0x40000"])
    run = boards.CORTEX_M7.run(program)
print(run.stdout + run.stderr)
if run.returncode or "of stack" not in run.stdout + run.stderr:
    sys.exit(f"the program ended with {run.returncode}")
