// SPDX-License-Identifier: BSL-1.0
// The whole program of a microcontroller: it starts, measures its stack, and prints and ends by semihosting.
#include "stack_cases.hpp"

namespace {

/// A call to the debugger or emulator (Arm IHI 0066, semihosting).
int call_host(int operation, const void* argument) {
  register int r0 __asm__("r0") = operation;
  register const void* r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
void write(const char* text) { call_host(0x04, text); }
[[noreturn]] void end(int status) {
  const std::uint32_t reason[] = {0x20026, std::uint32_t(status)};  // ADP_Stopped_ApplicationExit
  call_host(0x20, reason);
  for (;;) {}
}
void write(std::size_t number) {
  char digits[12];
  char* at = digits + sizeof digits;
  *--at = 0;
  do *--at = char('0' + number % 10);
  while (number /= 10);
  write(at);
}

}  // namespace

extern "C" {

extern char stack_top[], bss_begin[], bss_end[], data_begin[], data_end[], data_image[];
extern void (*constructors_begin[])();
extern void (*constructors_end[])();

void fault() { end(3); }
void reset() {
  *reinterpret_cast<volatile std::uint32_t*>(0xe000ed88) |= 0xfu << 20;  // the floating-point unit
  for (volatile char* byte = bss_begin; byte != bss_end; byte = byte + 1) *byte = 0;
  for (std::ptrdiff_t i = 0; i < data_end - data_begin; ++i) const_cast<volatile char*>(data_begin)[i] = data_image[i];
  for (auto constructor = constructors_begin; constructor != constructors_end; ++constructor) (*constructor)();
  int over = 0;
  stack_cases::measure_all([&](const char* name, const char* use, std::size_t used, std::size_t bound) {
    write(name);
    write(", ");
    write(use);
    write(": ");
    write(used);
    write(" of ");
    write(bound);
    write(used <= bound ? " bytes of stack\n" : " bytes of stack: TOO MANY\n");
    over += used > bound;
  });
  end(over ? 1 : 0);
}

__attribute__((section(".vectors"), used)) const void* const vectors[] = {
    stack_top, reinterpret_cast<void*>(reset), reinterpret_cast<void*>(fault), reinterpret_cast<void*>(fault)};

}  // extern "C"
