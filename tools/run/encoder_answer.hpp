// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/tokenizers/json_quoted.hpp>
#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/number_text.hpp>

#include "compiled/loaded_model.hpp"

namespace running {
namespace tf = typeformer;

/// A part of a text, or a possible one, and what an encoder says of it.
struct scored_part {
  std::string text{}, label{};
  double score = 0;
  tf::text_range range{};
  bool has_range = false;
};

/// What an encoder says of a text: vectors, or lists of parts, by the name of the answer's key.
struct encoder_answer {
  std::string_view name;
  number_rows vectors{};
  std::vector<std::vector<scored_part>> lists{};
  bool is_list_of_lists = false;
  std::vector<std::int32_t> ids{};  ///< the tokens that were read
};

inline std::string json_of(std::span<const float> numbers) {
  std::string text = "[";
  for (const float& each : numbers) {
    if (&each != numbers.data()) text += ",";
    text += std::isfinite(each) ? tf::exact_text(each) : "null";
  }
  return text += "]";
}

inline std::string json_of(const scored_part& part) {
  std::string text = "{";
  if (!part.text.empty() || part.label.empty()) text += "\"text\":" + tf::json_quoted(part.text) + ",";
  if (!part.label.empty()) text += "\"label\":" + tf::json_quoted(part.label) + ",";
  text += "\"score\":" + tf::rounded_text(part.score, 9);
  if (part.has_range)
    text += ",\"begin\":" + std::to_string(part.range.begin) + ",\"end\":" + std::to_string(part.range.end);
  return text += "}";
}

/// The fields of an answer as JSON, without braces.
inline std::string json_of(const encoder_answer& answer) {
  std::string text = "\"" + std::string(answer.name) + "\":";
  if (answer.name == "embedding") return text += json_of(answer.vectors.row(0));
  std::vector<std::string> outer;
  for (std::int64_t i = 0; i < answer.vectors.count(); ++i) outer.push_back(json_of(answer.vectors.row(i)));
  const auto joined = [](const std::vector<std::string>& parts) {
    std::string list = "[";
    for (const std::string& each : parts) (list += &each == parts.data() ? "" : ",") += each;
    return list += "]";
  };
  for (const auto& list : answer.lists) {
    std::vector<std::string> inner;
    for (const scored_part& part : list) inner.push_back(json_of(part));
    outer.push_back(joined(inner));
  }
  if (answer.lists.size() == 1 && !answer.is_list_of_lists) return text += outer[0];
  return text += joined(outer);
}

/// The same for a person: vectors as lists of numbers, parts one a line.
inline std::string lines_of(const encoder_answer& answer) {
  std::string text;
  for (std::int64_t i = 0; i < answer.vectors.count(); ++i) text += json_of(answer.vectors.row(i)) + "\n";
  for (const auto& list : answer.lists)
    for (const scored_part& part : list) {
      const std::string name = part.label.empty()  ? part.text
                               : part.text.empty() ? part.label
                                                   : part.text + "\t" + part.label;
      text += name + "\t" + tf::rounded_text(part.score, 6) + "\n";
    }
  return text;
}

}  // namespace running
