// SPDX-License-Identifier: BSL-1.0
#include <small_llama.hpp>

// Two sequences of 24 tokens, keys in panels of 16, for two of four heads of 12 in three layers.
static_assert(small_llama_memory::state_bytes == 4 * 2 * 3 * (32 + 24) * 24);

int main() { return typeformer::parameter_count<small_llama> == 71'760 ? 0 : 1; }
