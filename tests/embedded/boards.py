# SPDX-License-Identifier: BSL-1.0
"""The boards of examples/embedded that an emulator has: how a program is compiled for one, linked and run."""
import os
import shutil
import subprocess
from dataclasses import dataclass

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "embedded")
CORTEX_M = os.path.join(EXAMPLES, "cortex_m")
COMPILER, EMULATOR = "arm-none-eabi-g++", "qemu-system-arm"


@dataclass
class Board:
    name: str
    processor: list  # options of the compiler
    script: str      # of the linker
    machine: str     # of the emulator
    lanes: str = "1"  # floats in a vector

    def compiler(self, includes):
        """The command, for headers in `includes` (options)."""
        return [COMPILER, *self.processor, "-mthumb", "-mfloat-abi=hard", "-Os", "-std=c++20", "-fno-exceptions", "-fno-rtti",
                "-fno-threadsafe-statics", "-ffunction-sections", "-fdata-sections", "-I", CORTEX_M, *includes]

    def linker(self, *options):
        return [COMPILER, *self.processor, "-mthumb", "-mfloat-abi=hard", "-nostartfiles", "--specs=nano.specs",
                "--specs=nosys.specs", "-Wl,--gc-sections", "-L", CORTEX_M, "-T", self.script, *options]

    def run(self, program):
        """Time passes with instructions, so that board::instructions() counts them."""
        return subprocess.run([EMULATOR, "-M", self.machine, "-nographic", "-monitor", "none", "-serial", "none",
                               "-semihosting-config", "enable=on,target=native", "-icount", "shift=0", "-kernel", program],
                              capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)


CORTEX_M4 = Board("Cortex-M4", ["-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16"], "mps2.ld", "mps2-an386")
CORTEX_M7 = Board("Cortex-M7", ["-mcpu=cortex-m7", "-mfpu=fpv5-d16"], "mps2.ld", "mps2-an500")
CORTEX_M55 = Board("Cortex-M55", ["-mcpu=cortex-m55", "-DBOARD_IS_MPS3"], "mps3.ld", "mps3-an547", "4")


def missing_tools():
    return [tool for tool in (COMPILER, EMULATOR) if not shutil.which(tool)]


def of_this_machine(include, boost):
    """Options for headers of a clone. -idirafter: those of this machine's C library are in the same directory as Boost's."""
    return ["-I", include, "-idirafter", boost]


def build(board, includes, sources, program, *options, link=()):
    """Compiles and links sources of C++ and assembly."""
    objects = []
    for number, source in enumerate(sources):
        objects.append(f"{program}.{number}.o")
        subprocess.run([*board.compiler(includes), *options, "-c", source, "-o", objects[-1]], check=True)
    subprocess.run([*board.linker(*link), *objects, "-o", program], check=True, stderr=subprocess.DEVNULL)
