// SPDX-License-Identifier: BSL-1.0
// Start-up and console of a Cortex-M without an operating system, on QEMU's MPS2 and MPS3 boards.
#include "../bare_metal.hpp"

namespace {

volatile std::uint32_t& hardware(std::uintptr_t address) { return *reinterpret_cast<volatile std::uint32_t*>(address); }

// SysTick counts down with the clock of the processor. With `-icount shift=0` QEMU lets 1 ns pass for an instruction.
#if defined(BOARD_IS_MPS3)
constexpr std::uint32_t ns_of_8_ticks = 250;  // 32 MHz
#else
constexpr std::uint32_t ns_of_8_ticks = 320;  // 25 MHz
#endif
constexpr std::uintptr_t control = 0xe000e010, reload = 0xe000e014, value = 0xe000e018;
constexpr std::uint32_t highest = 0xffffff;

}  // namespace

/// Arm's document 100863.
long ask(long what, const void* argument) {
  register long r0 __asm__("r0") = what;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

std::uint32_t board::instructions() {
  const std::uint32_t ticks = highest - hardware(value);
  return ticks / 8 * ns_of_8_ticks + ticks % 8 * ns_of_8_ticks / 8;
}

extern "C" {

void fault() {
  board::write("fault\n");
  board::stop(3);
}

void reset() {
  hardware(0xe000ed88) = hardware(0xe000ed88) | 0xf00000;  // CPACR: the floating-point unit and vectors are on
  __asm__ volatile("dsb\nisb");
  prepare_memory(static_cast<std::uint32_t*>(__builtin_frame_address(0)) - 16);
  hardware(reload) = highest;
  hardware(value) = 0;
  hardware(control) = 5;  // on, with the processor's clock
  construct_objects();
  board::stop(run());
}

__attribute__((section(".vectors"), used))
const void* const vectors[] = {stack_top,
                               reinterpret_cast<void*>(reset),
                               reinterpret_cast<void*>(fault),   // non-maskable interrupt
                               reinterpret_cast<void*>(fault),   // hard fault
                               reinterpret_cast<void*>(fault),   // memory management
                               reinterpret_cast<void*>(fault),   // bus
                               reinterpret_cast<void*>(fault)};  // usage

}  // extern "C"
