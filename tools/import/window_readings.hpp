// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rotary_readings.hpp"

/// How rows are read that say which layers see a window.
namespace importing {

/// Tokens of a window; 0: there is none.
inline std::int64_t window_size(model_reader& r, std::string_view otherwise) {
  if (r.is_null("sliding_window")) return 0;
  return whole(r.config.value("sliding_window", otherwise));
}

/// All layers see a window, if there is one.
inline void one_window(model_reader& r, const row& of) {
  set_windows(r, windows(std::size_t(r.value_of("layers")), window_size(r, of.otherwise)));
}

/// The windows of the layers that `layer_types` names, or else of those for which `slides(layer)`.
template <class Slides> void windows_of_types(model_reader& r, std::int64_t window, Slides slides) {
  windows all;
  const tf::json_node* const node = r.config.find("layer_types");
  if (node == nullptr)
    for (std::int64_t i = 0; i < r.value_of("layers"); ++i) all.push_back(slides(i) ? window : 0);
  else {
    bool are_known = node->kind == tf::json_kind::array;
    r.config.tree().for_each_child(*node, [&](const tf::json_node& one) {
      const std::string type = r.config.text_of(one);
      are_known = are_known && (type == "\"full_attention\"" || (type == "\"sliding_attention\"" && window > 0));
      all.push_back(type == "\"sliding_attention\"" ? window : 0);
    });
    if (!are_known)
      r.config.unsupported("layer_types", window > 0 ? "a list of \"full_attention\" and \"sliding_attention\""
                                                     : "a list of \"full_attention\", for there is no window");
  }
  r.require(std::ssize(all) == r.value_of("layers"), r.config.named("layer_types"),
            "one for each of " + r.text_of("layers") + " layers", std::ssize(all));
  set_windows(r, all);
}

/// Qwen: the layers after the first ones, if windows are used at all.
inline void qwen_windows(model_reader& r, const row& of) {
  const std::int64_t size = window_size(r, of.otherwise);
  const tf::json_node* const first = r.config.find("max_window_layers");
  if (first != nullptr && first->kind != tf::json_kind::integer) r.config.wrong("max_window_layers", count.expected);
  windows_of_types(r, r.flag_of("use_sliding_window", false) ? size : 0,
                   [&](std::int64_t layer) { return layer >= (first == nullptr ? 28 : first->integer); });
}
/// SmolLM3: the layers that do not rotate.
inline void smollm3_windows(model_reader& r, const row& of) {
  const std::int64_t size = window_size(r, of.otherwise);
  const bool are_used = r.flag_of("use_sliding_window", false);
  const std::vector<bool> rotate = rotating_layers(r, {"no_rope_layers", "4"});
  windows_of_types(r, size, [&](std::int64_t layer) { return are_used && !rotate[std::size_t(layer)]; });
}
/// Gemma 2: the first of two layers.
inline void gemma2_windows(model_reader& r, const row& of) {
  windows_of_types(r, window_size(r, of.otherwise), [](std::int64_t layer) { return layer % 2 == 0; });
}
/// Gemma 3: all layers but each N-th.
inline void gemma3_windows(model_reader& r, const row& of) {
  const std::int64_t pattern = whole(r.config.value("window_pattern", "6"));
  windows_of_types(r, window_size(r, of.otherwise),
                   [&](std::int64_t layer) { return pattern == 0 || (layer + 1) % pattern != 0; });
}

}  // namespace importing
