// SPDX-License-Identifier: BSL-1.0
// Start-up and console of a Cortex-M without an operating system, on QEMU's MPS2 and MPS3 boards.
#include "../board.hpp"

extern "C" {
extern std::uint32_t stack_bottom[], stack_top[], bss_begin[], bss_end[], data_begin[], data_end[], data_image[];
extern void (*constructors_begin[])();
extern void (*constructors_end[])();
}

namespace {

constexpr std::uint32_t paint = 0xa5a5a5a5;

volatile std::uint32_t& hardware(std::uintptr_t address) { return *reinterpret_cast<volatile std::uint32_t*>(address); }

// SysTick counts down with the clock of the processor. With `-icount shift=0` QEMU lets 1 ns pass for an instruction.
#if defined(BOARD_IS_MPS3)
constexpr std::uint32_t ns_of_8_ticks = 250;  // 32 MHz
#else
constexpr std::uint32_t ns_of_8_ticks = 320;  // 25 MHz
#endif
constexpr std::uintptr_t control = 0xe000e010, reload = 0xe000e014, value = 0xe000e018;
constexpr std::uint32_t highest = 0xffffff;

/// Asks the debugger or emulator (semihosting, Arm's document 100863).
int ask(int what, const void* argument) {
  register int r0 __asm__("r0") = what;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

}  // namespace

namespace board {

void write(const char* text) { ask(0x04, text); }
void write(std::int32_t number) {
  char digits[12];
  char* at = digits + sizeof digits;
  *--at = 0;
  const bool is_negative = number < 0;
  std::uint32_t rest = is_negative ? 0 - std::uint32_t(number) : std::uint32_t(number);
  do *--at = char('0' + rest % 10);
  while (rest /= 10);
  if (is_negative) *--at = '-';
  write(at);
}
void stop(int status) {
  const std::uint32_t reason[] = {0x20026, std::uint32_t(status)};  // ADP_Stopped_ApplicationExit
  ask(0x20, reason);
  for (;;) {}
}
std::uint32_t instructions() {
  const std::uint32_t ticks = highest - hardware(value);
  return ticks / 8 * ns_of_8_ticks + ticks % 8 * ns_of_8_ticks / 8;
}
std::size_t stack_used() {
  const std::uint32_t* word = stack_bottom;
  while (*word == paint) ++word;
  return std::size_t(reinterpret_cast<const char*>(stack_top) - reinterpret_cast<const char*>(word));
}

}  // namespace board

extern "C" {

void fault() {
  board::write("fault\n");
  board::stop(3);
}

void reset() {
  hardware(0xe000ed88) = hardware(0xe000ed88) | 0xf00000;  // CPACR: the floating-point unit and vectors are on
  __asm__ volatile("dsb\nisb");
  const auto here = static_cast<std::uint32_t*>(__builtin_frame_address(0)) - 16;
  for (volatile std::uint32_t* word = stack_bottom; word < here; word = word + 1) *word = paint;
  for (std::ptrdiff_t i = 0; i < data_end - data_begin; ++i) data_begin[i] = data_image[i];
  for (volatile std::uint32_t* word = bss_begin; word < bss_end; word = word + 1) *word = 0;
  hardware(reload) = highest;
  hardware(value) = 0;
  hardware(control) = 5;  // on, with the processor's clock
  for (auto constructor = constructors_begin; constructor != constructors_end; ++constructor) (*constructor)();
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
