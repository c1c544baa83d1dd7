// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/fixed_string.hpp>

namespace typeformer {

/// A text that is made at compile time and lives as long as the program: `lasting_text<Prefix + "encoder.norm.">`.
template <fixed_string Text> inline constexpr const char* lasting_text = Text.characters;

}  // namespace typeformer
