// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "board.hpp"

// What the boards without an operating system have in common. Their linker scripts define the addresses.
extern "C" {
extern std::uint32_t stack_bottom[], stack_top[], bss_begin[], bss_end[], data_begin[], data_end[], data_image[];
extern void (*constructors_begin[])();
extern void (*constructors_end[])();
}

/// Asks the debugger or emulator (semihosting). Each board has its own way.
long ask(long what, const void* argument);

/// Paints the stack up to `unused_end`, fills initialized data and clears the rest.
void prepare_memory(std::uint32_t* unused_end);

void construct_objects();
