#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""check_amalgamated.py BOOST_DIRECTORY

Compiles a program for a Cortex-M7 with nothing but the folder that scripts/amalgamate writes, and runs it. What describes
the folder to other tools names the version of config.hpp."""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import boards

(boost,) = sys.argv[1:]
if missing := boards.CORTEX_M7.missing_tools():
    print(f"SKIPPED: amalgamated_folder: no {', '.join(missing)}")
    sys.exit()
PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SCRIPT = os.path.join(PROJECT, "scripts", "amalgamate")


def text_of(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def check_descriptions(folder):
    """Of a folder that was written with --url."""
    config = text_of(PROJECT, "include/typeformer/foundation/config.hpp")
    version = ".".join(re.search(rf"VERSION_{part} (\d+)", config)[1] for part in ("MAJOR", "MINOR", "PATCH"))
    platformio = json.loads(text_of(folder, "library.json"))
    pack = xml.etree.ElementTree.fromstring(text_of(folder, "typeformer.typeformer.pdsc"))
    said = {"PlatformIO": platformio["version"], "CMSIS-Pack": pack.find("releases/release").get("version"),
            "CMake": re.search(r"VERSION ([0-9.]+) LANG", text_of(folder, "CMakeLists.txt"))[1],
            "ESP-IDF": re.search(r'^version: "(.*)"', text_of(folder, "idf_component.yml"))[1],
            "Arduino": re.search(r"^version=(.*)$", text_of(folder, "library.properties"), re.MULTILINE)[1]}
    if wrong := {tool: what for tool, what in said.items() if what != version}:
        sys.exit(f"other versions than {version}: {wrong}")
    headers = [platformio["build"]["includeDir"], pack.find("components/component/files/file").get("name").rstrip("/"),
               re.search(r"INCLUDE_DIRS (\w+)", text_of(folder, "CMakeLists.txt"))[1],
               re.search(r"\.\./(\w+)", text_of(folder, "zephyr/CMakeLists.txt"))[1]]
    if missing := [name for name in headers if not os.path.isfile(os.path.join(folder, name, "typeformer/types.hpp"))]:
        sys.exit(f"there are no headers in {missing}")

with tempfile.TemporaryDirectory() as place:
    folder, program = os.path.join(place, "typeformer"), os.path.join(place, "program")
    for _ in range(2):  # again: it replaces what it has written
        subprocess.run([sys.executable, "-B", SCRIPT, folder, "--boost", boost], check=True)
    boards.build(boards.CORTEX_M7, ["-I", os.path.join(folder, "include")],
                 [os.path.join(boards.EXAMPLES, "tiny_gpt.cpp"), *boards.CORTEX_M7.sources], program)
    run = boards.CORTEX_M7.run(program)
    print(run.stdout + run.stderr)
    has_license = os.path.isfile(os.path.join(folder, "LICENSE"))
    described = os.path.join(place, "described")
    subprocess.run([sys.executable, "-B", SCRIPT, described, "--boost", boost, "--url", "https://example.org"], check=True)
    check_descriptions(described)
    foreign = subprocess.run([sys.executable, "-B", SCRIPT, place, "--boost", boost], capture_output=True, text=True)
if run.returncode or "instructions a token" not in run.stdout + run.stderr:
    sys.exit(f"the program ended with {run.returncode}")
if not has_license:
    sys.exit("there is no license")
if foreign.returncode == 0 or not os.path.basename(place) in foreign.stderr:
    sys.exit("a folder of something else would be overwritten")
