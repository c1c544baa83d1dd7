// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Keys of GGUF files that typeformer-convert writes beside those of llama.cpp, which has no words for what they say.
namespace importing {

/// The texts of `config.json` and `generation_config.json`.
inline constexpr const char* config_key = "typeformer.config";
inline constexpr const char* generation_config_key = "typeformer.generation_config";
/// Whether pooled vectors have length 1. A file without it is llama.cpp's, whose programs give them this length.
inline constexpr const char* unit_length_key = "typeformer.unit_length";

}  // namespace importing
