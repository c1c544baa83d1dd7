// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include <typeformer/dispatch/dispatched.hpp>

/// Each returns the message of an error, or an empty text.
struct small_gpt2_functions {
  /// The logits of the last id, of a model in a file of safetensors or of `save_packed`.
  std::string (*logits)(const std::string& file, std::span<const std::int32_t> ids, std::span<float> logits);
  std::string (*logits_of_packed)(const std::string& file, std::span<const std::int32_t> ids, std::span<float> logits);
  std::string (*save_packed)(const std::string& file, const std::string& packed);
};
TYPEFORMER_DECLARE_DISPATCHED(small_gpt2, small_gpt2_functions);
