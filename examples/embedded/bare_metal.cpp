// SPDX-License-Identifier: BSL-1.0
#include "bare_metal.hpp"

constexpr std::uint32_t paint = 0xa5a5a5a5;

void prepare_memory(std::uint32_t* unused_end) {
  for (volatile std::uint32_t* word = stack_bottom; word < unused_end; word = word + 1) *word = paint;
  for (std::ptrdiff_t i = 0; i < data_end - data_begin; ++i) data_begin[i] = data_image[i];
  for (volatile std::uint32_t* word = bss_begin; word < bss_end; word = word + 1) *word = 0;
}
void construct_objects() {
  for (auto constructor = constructors_begin; constructor != constructors_end; ++constructor) (*constructor)();
}

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
std::size_t stack_used() {
  const std::uint32_t* word = stack_bottom;
  while (*word == paint) ++word;
  return std::size_t(reinterpret_cast<const char*>(stack_top) - reinterpret_cast<const char*>(word));
}

}  // namespace board
