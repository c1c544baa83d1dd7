#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_mixed_isa.py NM COMPILER OPTIONS...

Translation units of one program that are compiled for different instruction sets do not link, whichever of them
differs. Symbols of the same name in two of them do not depend on the instruction set."""
import os
import platform
import re
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mixed_isa")
nm, compiler, *options = sys.argv[1:]
if platform.machine() not in ("x86_64", "AMD64"):
    print("SKIPPED: mixed_isa: the instruction sets are those of x86-64")
    sys.exit()

BASE, NEW, NEWEST = "x86-64", "x86-64-v3", "x86-64-v4"
UNITS = ("make", "infer", "main")
runs_new = subprocess.run([compiler, "-march=native", "-dM", "-E", "-x", "c++", os.devnull], capture_output=True,
                          text=True).stdout.find("__AVX2__") >= 0
failures = []
with tempfile.TemporaryDirectory() as folder:
    def object_of(unit, isa):
        path = os.path.join(folder, f"{unit}.{isa}.o")
        if not os.path.exists(path):
            subprocess.run([compiler, "-std=c++20", "-O1", f"-march={isa}", *options, "-c", os.path.join(HERE, unit + ".cpp"),
                            "-o", path], check=True)
        return path

    program = os.path.join(folder, "program")

    def links(*isas, units=UNITS):
        objects = [object_of(unit, isa) for unit, isa in zip(units, isas)]
        return subprocess.run([compiler, *objects, "-o", program], capture_output=True).returncode == 0

    for isas in ((BASE, BASE, BASE), (NEW, NEW, NEW)):
        if not links(*isas):
            failures.append(f"does not link: {isas}")
    for isas in ((NEW, BASE, BASE), (BASE, NEW, BASE), (BASE, BASE, NEW), (NEW, NEW, BASE)):
        if links(*isas):
            failures.append(f"links: {dict(zip(UNITS, isas))}")

    # If no name shows the difference, the weights do.
    if not links(NEW, BASE, BASE, units=("make", "infer", "main_bundle")):
        failures.append("a struct of the user's does not link")
    elif not runs_new:
        print("SKIPPED: mixed_isa: this processor does not run x86-64-v3")
    elif subprocess.run([program]).returncode != 0:
        failures.append("weights packed for another instruction set are available")

    def weak(path):
        names = subprocess.run([nm, "-C", path], check=True, capture_output=True, text=True).stdout
        return {line[19:] for line in names.splitlines() if line[17:18] == "W"}

    # Functions that do the work of a model: the linker must not choose between two instruction sets.
    work = re.compile(r"typeformer::.*(session|executor|execute|kernels|weights<|held_memory)")
    names = {isa: {name for name in weak(object_of("infer", isa)) if work.match(name)} for isa in (BASE, NEW, NEWEST)}
    for one, other in ((BASE, NEW), (NEW, NEWEST), (BASE, NEWEST)):
        failures += [f"in {one} and {other}: {name}" for name in sorted(names[one] & names[other])]
    if not all(names.values()):
        failures.append("nothing was compared")
print(f"{len(failures)} failures")
sys.exit("\n".join(failures) or 0)
