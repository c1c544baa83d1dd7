# SPDX-License-Identifier: BSL-1.0
"""The boards of examples/embedded that an emulator has: how a program is compiled for one, linked and run."""
import glob
import os
import shutil
import subprocess
from dataclasses import dataclass

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "embedded")
CORTEX_M = os.path.join(EXAMPLES, "cortex_m")
RISCV = os.path.join(EXAMPLES, "riscv")


@dataclass
class Board:
    name: str
    tools: str        # what the names of the compilers begin with
    processor: list   # options of the compiler
    links: list       # of the linker
    folder: str
    script: str       # of the linker
    emulator: list
    lanes: str = "1"  # floats in a vector

    def compiler(self, includes):
        """The command, for headers in `includes` (options)."""
        return [self.tools + "g++", *self.processor, *library_of(self), "-Os", "-std=c++20", "-fno-exceptions", "-fno-rtti",
                "-fno-threadsafe-statics", "-ffp-contract=off", "-ffunction-sections", "-fdata-sections", "-I", self.folder, *includes]

    def linker(self, *options):
        return [self.tools + "gcc", *self.processor, "-nostartfiles", *self.links, "-Wl,--gc-sections", "-L", self.folder,
                "-T", self.script, *options]

    def run(self, program):
        """Time passes with instructions, so that board::instructions() counts them."""
        return subprocess.run([*self.emulator, "-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config",
                               "enable=on,target=native", "-icount", "shift=0", "-kernel", program],
                              capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)

    def missing_tools(self):
        return [tool for tool in (self.tools + "g++", self.emulator[0]) if not shutil.which(tool)] or (
            [] if library_of(self) is not None else ["headers of a C++ library"])

    @property
    def sources(self):
        return [os.path.join(self.folder, "board.cpp"), os.path.join(EXAMPLES, "bare_metal.cpp")]


def cortex_m(name, processor, script, machine, lanes="1"):
    return Board(name, "arm-none-eabi-", [*processor, "-mthumb", "-mfloat-abi=hard"],
                 ["--specs=nano.specs", "--specs=nosys.specs"], CORTEX_M, script, ["qemu-system-arm", "-M", machine], lanes)


def library_of(board):
    """Options for the headers of the C++ library: the compiler knows them, but Debian has none for bare RISC-V. The
    headers for Cortex-M serve, because the core needs no code of the library."""
    if board.folder != RISCV:
        return []
    found = sorted(glob.glob("/usr/include/newlib/c++/*"))
    return ["-nostdinc++", "-isystem", found[-1], "-isystem", found[-1] + "/arm-none-eabi"] if found else None


CORTEX_M4 = cortex_m("Cortex-M4", ["-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16"], "mps2.ld", "mps2-an386")
CORTEX_M7 = cortex_m("Cortex-M7", ["-mcpu=cortex-m7", "-mfpu=fpv5-d16"], "mps2.ld", "mps2-an500")
CORTEX_M55 = cortex_m("Cortex-M55", ["-mcpu=cortex-m55", "-DBOARD_IS_MPS3"], "mps3.ld", "mps3-an547", "4")
RV32 = Board("RV32", "riscv64-unknown-elf-", ["-march=rv32imafc", "-mabi=ilp32f", "-misa-spec=2.2", "-mcmodel=medany",
                                              "--specs=picolibc.specs"], [], RISCV, "virt.ld",
             ["qemu-system-riscv32", "-M", "virt", "-bios", "none"])


def of_this_machine(include, boost):
    """Options for headers of a clone. -idirafter: those of this machine's C library are in the same directory as Boost's."""
    return ["-I", include, "-idirafter", boost]


def build(board, includes, sources, program, *options, link=()):
    """Compiles and links sources of C++ and assembly."""
    objects = []
    for number, source in enumerate(sources):
        objects.append(f"{program}.{number}.o")
        subprocess.run([*board.compiler(includes), *options, "-c", source, "-o", objects[-1]], check=True)
    subprocess.run([*board.linker(*link), *objects, "-lm", "-o", program], check=True, stderr=subprocess.DEVNULL)
