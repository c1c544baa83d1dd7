// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include <typeformer/foundation/config.hpp>

namespace demo {
namespace tf = typeformer;

/// Threads that train.
inline constexpr tf::index_type threads = 2;

/// The options of a pre-training run.
struct pretraining_request {
  std::string text_file;     ///< empty: a generated text
  std::string folder;        ///< for weights, vocabulary, metrics and curve
  bool resume = false;       ///< continue from the checkpoint in the folder
  tf::index_type steps = 0;  ///< 0: the default of the text
  bool quick = false;        ///< a few steps, to see that everything works
  std::uint64_t seed = 1;
  float temperature = 0.8f, top_p = 1;
  std::optional<std::string> prompt{};  ///< none: a new line, or the beginning of the text if it has only one
  tf::index_type characters = 600;      ///< to generate
  tf::index_type sentences = 100;       ///< to generate and check
};

}  // namespace demo
