// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
int main() { return infer(make()) != 0 ? 0 : 1; }
