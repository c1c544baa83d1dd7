// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>
#include <utility>

namespace importing {

/// A name of config.json and the library's name for the same function.
using activation = std::pair<std::string_view, std::string_view>;

inline constexpr activation activations[] = {
    {"relu", "relu"},           {"gelu", "gelu_erf"},        {"gelu_new", "gelu_tanh"},
    {"gelu_fast", "gelu_tanh"}, {"gelu_python", "gelu_erf"}, {"gelu_pytorch_tanh", "gelu_tanh"},
    {"silu", "silu"},           {"swish", "silu"},           {"gelu_accurate", "gelu_tanh"},
    {"sigmoid", "sigmoid"},     {"relu2", "squared_relu"},   {"tanh", "tanh_activation"},
    {"mish", "mish"},           {"quick_gelu", "quick_gelu"}};

/// GPT's `afn` has its own names: its "gelu" is the one by tanh.
inline constexpr activation activations_of_gpt[] = {
    {"gelu", "gelu_tanh"}, {"relu", "relu"}, {"silu", "silu"}, {"swish", "silu"}};

/// The function of a name; the name itself if it has none.
inline constexpr std::string_view activation_of(std::string_view name) {
  for (const auto& [known, function] : activations)
    if (known == name) return function;
  return name;
}

}  // namespace importing
