// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// The role of a token for `masking`: never hidden (`[CLS]`, `[SEP]`), the first piece of a word, or another one.
enum class token_role : std::uint8_t { never_hidden, begins_word, continues_word };

}  // namespace typeformer
