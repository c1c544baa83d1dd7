// SPDX-License-Identifier: BSL-1.0
// A board that is this machine, to try a program before it goes to a device.
#include "../board.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace board {

void write(const char* text) { std::fputs(text, stdout); }
void write(std::int32_t number) { std::printf("%" PRId32, number); }
void stop(int status) { std::exit(status); }
std::uint32_t instructions() { return 0; }
std::size_t stack_used() { return 0; }

}  // namespace board

int main() { board::stop(run()); }
