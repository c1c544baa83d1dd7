// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

/// What the programs here need of a board. cortex_m/board.cpp and riscv/board.cpp have it for QEMU's boards, with a debugger or emulator as
/// the console (semihosting); a real board has a serial line and a clock.
namespace board {

void write(const char* text);
void write(std::int32_t number);

/// Ends the program; 0 is success.
[[noreturn]] void stop(int status);

/// Instructions since the start, up to 500 million, if the emulator counts time in instructions (`-icount shift=0`).
std::uint32_t instructions();

/// The most bytes of stack that were in use since the start.
std::size_t stack_used();

}  // namespace board

/// The program itself. A board has no arguments.
int run();
