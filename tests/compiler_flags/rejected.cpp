// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: error: .*add -fno-finite-math-only after -ffast-math, -Ofast or -ffinite-math-only
#include <typeformer/typeformer.hpp>  // expect-own-line
int main() {}
