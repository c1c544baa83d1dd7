// SPDX-License-Identifier: BSL-1.0
// Start-up and console of a RISC-V processor without an operating system, on QEMU's board `virt`.
#include "../board.hpp"

extern "C" {
extern std::uint32_t stack_bottom[], stack_top[], bss_begin[], bss_end[], data_begin[], data_end[], data_image[];
extern void (*constructors_begin[])();
extern void (*constructors_end[])();
void reset();
}

namespace {

constexpr std::uint32_t paint = 0xa5a5a5a5;

/// Asks the debugger or emulator: RISC-V Semihosting 0.4, whose mark is two shifts around a breakpoint.
long ask(long what, const void* argument) {
  register long a0 __asm__("a0") = what;
  register const void* a1 __asm__("a1") = argument;
  __asm__ volatile(
      ".option push\n.option norvc\n"
      "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n"
      ".option pop"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return a0;
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
  const unsigned long reason[] = {0x20026, static_cast<unsigned long>(status)};  // ADP_Stopped_ApplicationExit
  ask(0x20, reason);
  for (;;) {}
}
std::uint32_t instructions() {
  unsigned long retired;
  __asm__ volatile("csrr %0, minstret" : "=r"(retired));
  return std::uint32_t(retired);
}
std::size_t stack_used() {
  const std::uint32_t* word = stack_bottom;
  while (*word == paint) ++word;
  return std::size_t(reinterpret_cast<const char*>(stack_top) - reinterpret_cast<const char*>(word));
}

}  // namespace board

extern "C" {

__attribute__((used, aligned(4))) void fault() {
  board::write("fault\n");
  board::stop(3);
}

__attribute__((used)) void start() {
  const auto here = static_cast<std::uint32_t*>(__builtin_frame_address(0)) - 32;
  for (volatile std::uint32_t* word = stack_bottom; word < here; word = word + 1) *word = paint;
  for (std::ptrdiff_t i = 0; i < data_end - data_begin; ++i) data_begin[i] = data_image[i];
  for (volatile std::uint32_t* word = bss_begin; word < bss_end; word = word + 1) *word = 0;
  for (auto constructor = constructors_begin; constructor != constructors_end; ++constructor) (*constructor)();
  board::stop(run());
}

/// Where the processor begins: the stack, the handler of faults, and the floating-point unit, which is off (mstatus.FS).
__attribute__((naked, section(".vectors"), used)) void reset() {
  __asm__ volatile(
      ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
      "la sp, stack_top\n"
      "la t0, fault\ncsrw mtvec, t0\n"
      "li t0, 0x2000\ncsrs mstatus, t0\n"
      "j start");
}

}  // extern "C"
