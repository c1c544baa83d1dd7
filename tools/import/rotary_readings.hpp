// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "readings.hpp"

/// How rows about rotary positions are read.
namespace importing {

/// The part of a head that is rotated, as a number of columns.
inline void rotary_width(model_reader& r, const row& of) {
  const std::string part = r.config.value("rotary_part", of.otherwise);
  const auto columns = std::int64_t(double(head_width_of(r)) * std::strtod(part.c_str(), nullptr));
  if (columns < 1 || columns > head_width_of(r))
    r.config.wrong("rotary_part", "a part of the " + std::to_string(head_width_of(r)) + " columns of a head");
  r.set(of.name, columns);
}
/// The number itself; null means all columns.
inline void rotary_columns(model_reader& r, const row& of) {
  r.set(of.name,
        r.is_null("rotary_dim") ? std::to_string(head_width_of(r)) : r.config.value("rotary_dim", of.otherwise));
  r.require(r.value_of(of.name) <= head_width_of(r), "rotary_dim", "no more than the width of a head");
}

/// YaRN's factor of cosines and sines: given, or of the two factors that DeepSeek's files have; 0 is YaRN's own.
inline std::string yarn_amplitude(model_reader& r, const std::string& factor) {
  const auto given_as = [&](std::string_view name) {
    return std::strtod(r.config.value(name, "0.0").c_str(), nullptr);
  };
  const auto amplitude = [&](double of) {
    const double scale = std::strtod(factor.c_str(), nullptr);
    return scale <= 1 ? 1.0 : 0.1 * of * std::log(scale) + 1;
  };
  const double both = given_as("mscale"), all = given_as("mscale_all_dim");
  const std::string given = r.config.value("attention_factor", "0.0");
  if (given != "0.0" || both == 0 || all == 0) return given;
  return literal_of(amplitude(both) / amplitude(all));
}

/// The scaling of the frequencies, as an argument of the preset. A dynamic one changes only texts beyond the context,
/// which are rejected.
inline void frequencies(model_reader& r, const row&) {
  const std::string kind = r.config.text("rotary_scaling", "default");
  if (kind == "default") return;
  if (kind != "linear" && kind != "dynamic" && kind != "llama3" && kind != "yarn")
    return r.config.unsupported("rotary_scaling", "\"default\", \"linear\", \"dynamic\", \"llama3\" or \"yarn\"");
  const std::string factor = r.config.value("factor", required);
  if (std::strtod(factor.c_str(), nullptr) < 1) r.config.wrong("factor", "a number from 1 on");
  const std::string context = r.config.value("original_context", r.text_of("context"));
  const auto set = [&](const std::string& name, std::vector<std::string> numbers) {
    std::string text = name + "<";
    for (const std::string& one : numbers) text += (text.ends_with('<') ? "" : ", ") + one;
    r.set_argument(text + ">");
  };
  if (kind == "linear" && std::strtod(factor.c_str(), nullptr) != 1) set("position_divisor", {factor});
  if (kind == "llama3") {
    const std::string low = r.config.value("low_factor", required), high = r.config.value("high_factor", required);
    if (std::strtod(high.c_str(), nullptr) <= std::strtod(low.c_str(), nullptr))
      r.config.wrong("high_factor", "more than the low_freq_factor");
    set("llama3_frequencies", {factor, low, high, context});
  }
  if (kind == "yarn") {
    const std::string fast = r.config.value("beta_fast", "32.0"), slow = r.config.value("beta_slow", "1.0");
    if (std::strtod(fast.c_str(), nullptr) < std::strtod(slow.c_str(), nullptr))
      r.config.wrong("beta_fast", "no less than beta_slow");
    const std::string amplitude = yarn_amplitude(r, factor);
    set("yarn_frequencies", {factor, context, fast, slow, amplitude, r.config.value("truncate", "true")});
  }
}
/// Rotations whose scaling is not supported.
inline void unscaled(model_reader& r, const row& of) {
  if (r.config.text(of.name, of.otherwise) != of.otherwise) r.config.unsupported(of.name, "\"default\"");
}

/// 1 for the layers that rotate, 0 for the others; without a list all rotate but each N-th.
inline std::vector<bool> rotating_layers(model_reader& r, const row& of) {
  const std::int64_t interval = whole(r.config.value("no_rope_layer_interval", of.otherwise));
  std::vector<bool> rotate;
  for (std::int64_t i = 1; i <= r.value_of("layers"); ++i) rotate.push_back(interval == 0 || i % interval != 0);
  const tf::json_node* const node = r.config.find(of.name);
  if (node == nullptr) return rotate;
  std::vector<bool> listed;
  bool are_bits = node->kind == tf::json_kind::array;
  r.config.tree().for_each_child(*node, [&](const tf::json_node& one) {
    are_bits = are_bits && one.kind == tf::json_kind::integer && (one.integer == 0 || one.integer == 1);
    listed.push_back(one.integer == 1);
  });
  if (!are_bits || listed.size() != rotate.size()) {
    r.config.wrong(of.name, "0 or 1 for each of " + r.text_of("layers") + " layers");
    return rotate;
  }
  return listed;
}
/// The tables of rotary positions that the layers use, as an argument of the preset.
inline void rotary_tables(model_reader& r, const row& of) {
  std::string numbers;
  for (const bool rotates : rotating_layers(r, of))
    numbers += (numbers.empty() ? "" : ", ") + std::string(rotates ? "0" : "-1");
  r.set_argument("listed_rotary_tables<" + numbers + ">");
}

}  // namespace importing
