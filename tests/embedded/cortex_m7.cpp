// SPDX-License-Identifier: BSL-1.0
// The whole program of a microcontroller: it measures its stack.
#include "../../examples/embedded/board.hpp"
#include "stack_cases.hpp"

int run() {
  int over = 0;
  stack_cases::measure_all([&](const char* name, const char* use, std::size_t used, std::size_t bound) {
    board::write(name);
    board::write(", ");
    board::write(use);
    board::write(": ");
    board::write(std::int32_t(used));
    board::write(" of ");
    board::write(std::int32_t(bound));
    board::write(used <= bound ? " bytes of stack\n" : " bytes of stack: TOO MANY\n");
    over += used > bound;
  });
  return over ? 1 : 0;
}
