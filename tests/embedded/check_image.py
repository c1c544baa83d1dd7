#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_image.py IMPORT MODEL INCLUDE_DIRECTORY BOOST_DIRECTORY COMPILER OPTION...

Writes a model as an image for flash, with `typeformer-import --embed`, and runs its self-test on this machine and in an
emulator of Cortex-M4, M7, M55 and RV32: it passes, and fails if one bit of the weights was flipped. An image for other vectors
than the processor's does not compile."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import boards

importer, model, include, boost, host, *host_options = sys.argv[1:]
PROGRAM = os.path.join(boards.EXAMPLES, "self_test.cpp")
HOST = os.path.join(boards.EXAMPLES, "host")
OF_THE_IMAGE = ["-DMODEL=tiny", "-DTYPEFORMER_IMAGE=\"tiny_image.hpp\""]
failures = []
IMAGES = tempfile.TemporaryDirectory()
written = {}  # the numbers of images, by their options
HAS_FMA = os.path.exists("/proc/cpuinfo") and " fma " in open("/proc/cpuinfo", encoding="utf-8").read()


def check(is_right, what):
    if not is_right:
        failures.append(what)


def image(folder, *options):
    """Puts an image there. To write one, a program is compiled: each is written once."""
    place = os.path.join(IMAGES.name, str(written.setdefault(options, len(written))))
    if not os.path.exists(place):
        os.mkdir(place)
        subprocess.run([importer, model, "--name", "tiny", "--embed", "--compiler", host, *options,
                        "-o", os.path.join(place, "tiny.hpp")], check=True)
    shutil.copytree(place, folder, dirs_exist_ok=True)


def run_here(program):
    return subprocess.run([program], capture_output=True, text=True)


def flip_a_bit(path):
    """Of a word in the middle."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    words = list(re.finditer(r"0x([0-9a-f]{8})", text))
    word = words[len(words) // 2]
    with open(path, "w", encoding="utf-8") as file:
        file.write(text[:word.start()] + f"0x{int(word[1], 16) ^ 0x10000:08x}" + text[word.end():])


def judge(where, folder, compiler, linker, sources, run):
    """The program passes, and does not once a bit is flipped. Returns the ids it continues the golden input with."""
    ids = None
    program, weights = os.path.join(folder, "program"), os.path.join(folder, "tiny_weights.S")
    objects = []
    for source in (PROGRAM, *sources):
        objects.append(os.path.join(folder, os.path.basename(source) + ".o"))
        subprocess.run([*compiler, *OF_THE_IMAGE, "-I", folder, "-c", source, "-o", objects[-1]], check=True)
    for status, said in ((0, "self-test passed"), (1, "the weights are not those of the image")):
        subprocess.run([*linker, *objects, weights, "-lm", "-o", program], check=True, stderr=subprocess.DEVNULL)
        ran = run(program)
        printed = ran.stdout + ran.stderr
        print(f"{where}: {printed}")
        check(ran.returncode == status and said in printed, f"{where}: expected \"{said}\" and {status}")
        check("TOO MUCH" not in printed, f"{where}: more stack than stack_bytes")
        ids = ids or re.search(r"^(\d+ )+$", printed, re.MULTILINE)
        flip_a_bit(weights)
    return ids and ids[0]


with tempfile.TemporaryDirectory() as folder:
    on_host = [host, *host_options, "-std=c++20", "-O1", "-I", HOST]
    image(folder, "--lanes", "4", "--golden", "3 1 4")
    judge("this machine, f32", folder, on_host, [host], [os.path.join(HOST, "board.cpp")],
          run_here)
    image(folder, "--lanes", "8")
    wrong = subprocess.run([*on_host, *OF_THE_IMAGE, "-I", folder, "-fsyntax-only", PROGRAM], capture_output=True, text=True)
    check(wrong.returncode != 0 and re.search("weights_are_laid_out_for_another_processor<.*vector_lanes<8>.*vector_lanes<4>",
                                              wrong.stderr), "an image for other vectors: no sentence says so")
    for board, formats in ((boards.CORTEX_M4, ["bf16"]), (boards.CORTEX_M7, ["f32", "int8"]),
                           (boards.CORTEX_M55, ["f32", "int8", "int4"]), (boards.RV32, ["int8", "int4"])):
        if missing := board.missing_tools():
            print(f"SKIPPED: {board.name}: no {', '.join(missing)}")
            continue
        for number_format in formats:
            # Where weights are int8, keys and values are, too, with scales that a text fixes.
            calibration = ["--calibrate", "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3"] if number_format == "int8" else []
            image(folder, "--format", number_format, "--lanes", board.lanes, *calibration)
            ids = judge(f"{board.name}, {number_format}", folder, board.compiler(boards.of_this_machine(include, boost)),
                        board.linker(), board.sources, board.run)
            if number_format == "int8" and board.lanes == "1" and HAS_FMA:
                # Every rounding is the same where both fuse the same multiplications and additions.
                image(folder, "--format", number_format, "--lanes", "1", *calibration)
                here = judge(f"this machine, {number_format}", folder,
                             [*on_host, "-mfma", "-ffp-contract=off", "-DTYPEFORMER_SIMD_SCALAR"], [host],
                             [os.path.join(HOST, "board.cpp")], run_here)
                check(ids and ids == here, f"{board.name}: {ids}, this machine: {here}")
sys.exit("\n".join(failures) or 0)
