#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_cortex_m7.py INCLUDE_DIRECTORY BOOST_DIRECTORY

Compiles cortex_m7.cpp for a Cortex-M7 and runs it in an emulator: it fails if a model uses more stack than
`stack_bytes` says."""
import os
import shutil
import subprocess
import sys
import tempfile

COMPILER, EMULATOR = "arm-none-eabi-g++", "qemu-system-arm"
HERE = os.path.dirname(os.path.abspath(__file__))
include, boost = sys.argv[1:]
missing = [tool for tool in (COMPILER, EMULATOR) if not shutil.which(tool)]
if missing:
    print(f"SKIPPED: stack_of_cortex_m7: no {', '.join(missing)}")
    sys.exit()

PROCESSOR = ["-mcpu=cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-d16"]
PROFILE = ["-Os", "-std=c++20", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections", "-fdata-sections"]
with tempfile.TemporaryDirectory() as folder:
    program = os.path.join(folder, "cortex_m7.elf")
    # -idirafter: the headers of this machine's C library are in the same directory as Boost's.
    subprocess.run([COMPILER, *PROCESSOR, *PROFILE, "-I", include, "-idirafter", boost, os.path.join(HERE, "cortex_m7.cpp"),
                    "-nostartfiles", "--specs=nosys.specs", "-Wl,--gc-sections", "-T", os.path.join(HERE, "cortex_m7.ld"),
                    "-o", program], check=True)
    run = subprocess.run([EMULATOR, "-M", "mps2-an500", "-nographic", "-semihosting", "-kernel", program], timeout=300,
                         capture_output=True, text=True)
print(run.stdout + run.stderr)
if run.returncode or "of stack" not in run.stdout + run.stderr:
    sys.exit(f"the program ended with {run.returncode}")
