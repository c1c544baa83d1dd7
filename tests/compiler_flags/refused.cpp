// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: error: .*after -ffinite-math-only, -ffast-math or -Ofast add -fno-finite-math-only
#include <typeformer/typeformer.hpp>  // expect-own-line
int main() {}
