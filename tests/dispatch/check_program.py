#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_program.py symbols NM FOLDER             each object of FOLDER has one name that the linker sees
check_program.py logits PROGRAM GOLDEN         every instruction set of this processor computes a published model's logits
check_program.py packed PROGRAM GOLDEN         packed weights are read by the instruction sets that pack alike only
check_program.py older PROGRAM GOLDEN QEMU     older processors choose what they have and compute the same logits
check_program.py rejected CMAKE SCRIPT LINKER OBJCOPY NM OBJDUMP COMPILER   what would run before main is rejected"""
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

kind, *arguments = sys.argv[1:]
failures = []
if platform.machine() not in ("x86_64", "AMD64"):
    print(f"SKIPPED: dispatch_{kind}: the instruction sets are those of x86-64")
    sys.exit()


def run(*command, isa=""):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, env={**os.environ, "TYPEFORMER_ISA": isa})


def expect(what, condition, ran):
    if not condition:
        failures.append(f"{what}: {ran.returncode}\n{ran.stdout[-300:]}{ran.stderr[-1000:]}")


def builds_of(program):
    """All instruction sets, from the least to the most, and the chosen one."""
    ran = run(*program, "isas")
    expect("isas", ran.returncode == 0, ran)
    names = ran.stdout.split()
    return [name.lstrip("*") for name in names], next(name[1:] for name in names if name.startswith("*"))


def published(golden):
    """A model's file, the ids that it read, and its logits after the last one."""
    sys.path.insert(0, golden)
    import check
    case = check.load(os.path.join(golden, "models/gpt2/case.safetensors"))
    return os.path.join(golden, "models/gpt2/model.safetensors"), case["input_ids"][0], case["logits"][0, -1], check.tol("logits")


def check_logits(what, ran, logits, tolerance):
    expect(what, ran.returncode == 0, ran)
    found = [float(line) for line in ran.stdout.split()]
    relative, absolute = tolerance
    expect(f"{what}: number of logits", len(found) == len(logits), ran)
    error = max((abs(a - float(b)) for a, b in zip(found, logits)), default=1)
    expect(f"{what}: error {error}", error <= absolute + relative * float(abs(logits).max()), ran)


def check_symbols(nm, folder):
    objects = sorted(Path(folder).rglob("*.o"))
    if len(objects) < 2:
        failures.append(f"no objects in {folder}")
    for file in objects:
        lines = subprocess.run([nm, file], check=True, capture_output=True, text=True).stdout.splitlines()
        # Lower case is local, but for names of one address (u), and weak ones that are not defined (w, v).
        seen = [line.split()[-1] for line in lines if re.match(r"\S+ ([A-TV-Zu]|[WV]) ", line)]
        name, isa = file.name.split(".")[:2]
        if seen != [f"typeformer_build_of_{name}_{isa}"]:
            failures.append(f"{file.name}: the linker sees {seen[:10]}")
        if len(lines) < 100:
            failures.append(f"{file.name}: only {len(lines)} names")
    print(f"{len(objects)} objects")


def check_this_processor(program, golden):
    model, ids, logits, tolerance = published(golden)
    isas, best = builds_of([program])
    runs = isas[:isas.index(best) + 1]
    for isa in runs:
        check_logits(isa, run(program, "logits", model, *ids, isa=isa), logits, tolerance)
    for isa in isas[isas.index(best) + 1:]:
        ran = run(program, "isas", isa=isa)
        expect(isa, ran.returncode == 1 and re.fullmatch(f'instruction set "{isa}": this processor or its operating '
                                                         r"system does not support [\w.-]+\n", ran.stderr), ran)
    ran = run(program, "isas", isa="sse9")
    expect("sse9", ran.returncode == 1 and ran.stderr == f'instruction set "sse9" was not compiled: expected one of '
                                                         f"{', '.join(isas)}\n", ran)
    print(f"{best} of {isas}")


def check_packed(program, golden):
    model, ids, logits, tolerance = published(golden)
    isas, best = builds_of([program])
    runs, widths, rejections = isas[:isas.index(best) + 1], {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for isa in runs:
            ran = run(program, "save", model, f"{folder}/{isa}", isa=isa)
            expect(f"save {isa}", ran.returncode == 0, ran)
            with open(f"{folder}/{isa}", "rb") as file:
                widths[isa] = re.search(rb'"typeformer.panel_width": ?"(\d+)"', file.read(4096))[1].decode()
        for packed in runs:
            for isa in runs:
                what, ran = f"{isa} reads {packed}", run(program, "packed", f"{folder}/{packed}", *ids, isa=isa)
                if widths[packed] == widths[isa]:
                    check_logits(what, ran, logits, tolerance)
                else:
                    rejections += 1
                    message = (f'tensor "typeformer.panel_width": packed for another instruction set: expected '
                               f"{widths[isa]}, found {widths[packed]}\n")
                    expect(what, ran.returncode == 1 and ran.stderr.endswith(message), ran)
    if not rejections:
        print(f"SKIPPED: dispatch_packed: this processor packs in one way only: {widths}")
    print(f"panel widths {widths}")


def check_older(program, golden, qemu):
    version = run(qemu, "--version") if os.path.exists(qemu) else None
    if version is None or not re.search(r"version (\d+)\.(\d+)", version.stdout):
        print("SKIPPED: dispatch_older: no qemu-x86_64 (package qemu-user)")
        return
    number = tuple(map(int, re.search(r"version (\d+)\.(\d+)", version.stdout).groups()))
    model, ids, logits, tolerance = published(golden)
    if own := run(program, "needs").stdout.split():
        print(f"SKIPPED: dispatch_older: the program itself needs {own[0]}")
        return
    processors = {"Nehalem": "baseline", "Haswell": "avx2"}
    if number < (7, 2):
        print(f"SKIPPED: dispatch_older: QEMU {number} emulates no AVX2")
        del processors["Haswell"]
    for processor, isa in processors.items():
        emulator = [qemu, "-cpu", processor, program]
        _, chosen = builds_of(emulator)
        if chosen != isa:
            failures.append(f"{processor} chooses {chosen}, not {isa}")
        check_logits(f"{processor}: {chosen}", run(*emulator, "logits", model, *ids), logits, tolerance)
    ran = run(qemu, "-cpu", "Nehalem", program, "isas", isa="avx2")
    expect("Nehalem: avx2", ran.returncode == 1 and "does not support" in ran.stderr, ran)


def check_rejected(cmake, script, linker, objcopy, nm, objdump, compiler):
    with tempfile.TemporaryDirectory() as folder:
        def hide(code):
            Path(folder, "source.cpp").write_text(code)
            subprocess.run([compiler, "-std=c++20", "-c", "source.cpp"], cwd=folder, check=True)
            ran = run(cmake, f"-DLINKER={linker}", f"-DOBJCOPY={objcopy}", f"-DNM={nm}", f"-DOBJDUMP={objdump}",
                      "-DSYMBOL=table", f"-DOUTPUT={folder}/hidden/source.o", "-P", script, "--", f"{folder}/source.o")
            if ran.returncode and Path(folder, "hidden/source.o").exists():
                failures.append(f"an object of this remains: {code}")
            return ran.returncode, " ".join(ran.stderr.split())

        table = 'inline int f() { return 1; } extern "C" int (*const table)(); int (*const table)() = f; '
        if (ran := hide(table))[0] != 0:
            failures.append(f"the table alone: {ran}")
        for object in ("int g(); int n = g();", "#include <iostream>\n" if "g++" in compiler else "struct s { s(); } o;"):
            ran = hide(table + "\n" + object)
            if ran[0] == 0 or "is initialized before main" not in ran[1]:
                failures.append(f"{object}: {ran}")
        ran = hide("int other() { return 1; }")
        if ran[0] == 0 or "expected the symbol table alone, found" not in ran[1]:
            failures.append(f"no table: {ran}")


{"symbols": check_symbols, "logits": check_this_processor, "packed": check_packed, "older": check_older,
 "rejected": check_rejected}[kind](*arguments)
print(f"{len(failures)} failures")
sys.exit("\n".join(failures) or 0)
