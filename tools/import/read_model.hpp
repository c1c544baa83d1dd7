// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>

#include "families.hpp"

namespace importing {

/// The family that `model_type` names, of several the one with the file's architecture; null, and an error, if there is
/// none.
inline const family* family_of(published_config& config) {
  std::string known;
  const family* first = nullptr;
  const std::string type = config.text("model_type", ""), architectures = config.text("architectures", "");
  for (const std::span<const family> group : groups_of_families)
    for (const family& one : group) {
      const auto is_given = [&](std::string_view name) { return architectures == "[\"" + std::string(name) + "\"]"; };
      if (type == one.model_type && std::ranges::any_of(one.architectures, is_given)) return &one;
      if (type == one.model_type && first == nullptr) first = &one;
      if (known.find("\"" + std::string(one.model_type) + "\"") != std::string::npos) continue;
      known.append(known.empty() ? "one of \"" : ", \"").append(one.model_type).append("\"");
    }
  if (first == nullptr) config.wrong("model_type", known);
  return first;
}

/// What holds between the members of any family's model.
inline void require_fitting_members(model_reader& r) {
  const auto require_multiple = [&](std::string_view of, std::string_view divisor) {
    const std::int64_t found = r.value_of(divisor);
    r.require(found != 0 && r.value_of(of) % found == 0, of, "a multiple of " + r.described(divisor));
  };
  const std::int64_t heads = r.value_of("heads"), buckets = r.value_of("buckets");
  if (!r.has("head_width")) require_multiple("width", "heads");
  if (r.has("key_value_heads")) require_multiple("heads", "key_value_heads");
  if (r.has("decoder_heads")) require_multiple("width", "decoder_heads");
  if ((r.has("theta") || r.has("rotary_width")) && heads != 0) {
    const std::int64_t width = r.has("rotary_width") ? r.value_of("rotary_width") : head_width_of(r);
    r.require(width % 2 == 0, r.has("rotary_width") ? "the rotated part of a head" : "the width of a head",
              "an even number, for rotary positions", width);
  }
  if (r.has("groups"))
    r.require(r.value_of("groups") <= r.value_of("layers"), "groups", "no more than " + r.described("layers"));
  if (r.has("buckets")) {
    r.require(buckets >= 4 && buckets % 2 == 0, "buckets", "an even number from 4 on");
    r.require(r.value_of("maximum_distance") > buckets / 2, "maximum_distance",
              "more than half of the " + r.text_of("buckets") + " buckets");
  }
}

/// Whether some count of the model, which is a product of a few of its numbers, may need more than 63 bits, so that no
/// compiler could finish it.
inline bool is_beyond_counting(const model_reader& read) {
  std::vector<double> numbers(3, 1.0);
  for (const auto& [member, value] : read.model.members) numbers.push_back(double(read.value_of(member)));
  std::ranges::partial_sort(numbers, numbers.begin() + 3, std::greater<>{});
  return 16 * numbers[0] * numbers[1] * numbers[2] >= 0x1p63;
}

/// The model that a config.json describes. Errors give `file` as its name.
///
/// Errors: not a JSON object of limited size, an unknown family, a key that is missing, of a wrong type or value, or
/// not supported, two spellings with different values, more context than the model has, counts beyond 63 bits.
inline tf::result<imported_model, tf::file_error> read_model(std::string_view json, const std::string& file,
                                                             const import_request& request) {
  const auto tree = tf::parse_json_tree(json, file);
  if (!tree) return tf::failure{tree.error()};
  const tf::json_node& root = tree->nodes.front();
  if (root.kind != tf::json_kind::object)
    return tf::failure{tf::file_error{file, {}, "invalid JSON", "an object", name_of(root.kind)}};

  published_config config(*tree, file);
  const family* const found = family_of(config);
  if (found == nullptr) return tf::failure{config.error()};
  model_reader reader(*found, config, request);
  reader.read();
  if (!request.head.empty()) reader.set_argument(request.head);
  require_fitting_members(reader);
  config.require_all_read(request.searches_are_published);
  if (request.context > reader.model.context)
    config.fail("a context of " + std::to_string(request.context) + " tokens is asked for",
                "no more than the model's " + std::to_string(reader.model.context));
  if (is_beyond_counting(reader)) config.fail("the model is too large: its bytes or operations need more than 63 bits");
  if (config.failed()) return tf::failure{config.error()};
  return reader.model;
}

}  // namespace importing
