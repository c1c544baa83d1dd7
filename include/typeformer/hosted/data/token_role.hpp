// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// What a token is to `masking`: one that is never hidden (`[CLS]`, `[SEP]`), the first piece of a word, or another.
enum class token_role : std::uint8_t { never_hidden, begins_word, continues_word };

}  // namespace typeformer
