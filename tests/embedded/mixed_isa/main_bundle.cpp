// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
int main() { return infer_bundle(make_bundle()) == -1 ? 0 : 1; }
