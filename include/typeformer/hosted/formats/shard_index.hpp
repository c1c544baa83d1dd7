// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_events.hpp>
#include <typeformer/hosted/formats/json_kind.hpp>
#include <typeformer/hosted/formats/text_pool.hpp>
#include <typeformer/text/regular_file.hpp>

namespace typeformer {

/// The `weight_map` of a `model.safetensors.index.json`: which file of a sharded checkpoint holds a tensor.
struct shard_index {
  struct entry {
    text_pool::range tensor, shard;
  };
  text_pool texts;
  std::vector<entry> entries;  ///< in the file's order
};

namespace detail {

/// Keeps the members of `weight_map` and skips everything else. A tree of the whole text takes longer to compile.
class shard_index_events final : public json_events {
 public:
  shard_index index;
  bool has_map = false;
  file_error fault;  ///< without a file; its problem is empty if there is none

  bool null() override { return value(json_kind::null); }
  bool boolean(bool) override { return value(json_kind::boolean); }
  bool integer(std::int64_t) override { return value(json_kind::integer); }
  bool unsigned_integer(std::uint64_t) override { return value(json_kind::integer); }
  bool real(double) override { return value(json_kind::number); }
  bool text(std::string_view shard) override {
    if (!is_in_map()) return value(json_kind::text);
    if (index.entries.size() == most_json_values)
      return reject("JSON has too many values: expected at most ", digits_of(most_json_values));
    index.entries.push_back({tensor_, index.texts.add(shard)});
    return true;
  }
  bool key(std::string_view name) override {
    if (is_in_map()) tensor_ = index.texts.add(name);
    else if (depth_ == 1) is_map_ = name == "weight_map";
    return true;
  }
  bool begin_object() override {
    if (depth_ == 1 && is_map_) {
      index = {};
      has_map = true;
    } else if (depth_ > 0 && !value(json_kind::object)) {
      return false;
    }
    ++depth_;
    return true;
  }
  bool end_object() override { return close(); }
  bool begin_array() override { return value(json_kind::array) && ++depth_ > 0; }
  bool end_array() override { return close(); }

 private:
  bool is_in_map() const { return depth_ == 2 && is_map_; }
  bool close() {
    --depth_;
    return true;
  }
  [[gnu::noinline]] bool value(json_kind kind) {
    if (depth_ == 0) return fail(no_json_object({}, kind));
    if (is_in_map()) return fail(wrong_key({}, joined({"weight_map.", index.texts.view(tensor_)}), "a text", &kind));
    if (depth_ > 1 || !is_map_) return true;
    has_map = false;
    return kind == json_kind::null || fail(wrong_key({}, "weight_map", "an object", &kind));
  }
  bool fail(file_error why) {
    fault = std::move(why);
    return false;
  }

  text_pool::range tensor_;
  int depth_ = 0;
  bool is_map_ = false;
};

}  // namespace detail

/// Reads the index of a sharded checkpoint. A repeated `weight_map` replaces the one before.
///
/// Errors: no readable regular file, text that is not one JSON object, is too large or is nested too deeply, a
/// `weight_map` that is missing or has other members than texts.
TYPEFORMER_RARE inline result<shard_index, file_error> read_shard_index(const std::string& path) {
  const auto json = bytes_of_regular_file(path, largest_json_tree);
  if (!json) return failure{file_error{path, {}, json.error()}};
  detail::shard_index_events events;
  const auto parsed = parse_json(*json, events);
  if (!events.fault.problem.empty()) {
    events.fault.file = path;
    return failure{events.fault};
  }
  if (!parsed) return failure{detail::invalid_json(path, parsed.error())};
  if (!events.has_map) return failure{detail::wrong_key(path, "weight_map", "an object", nullptr)};
  return result<shard_index, file_error>(std::move(events.index));
}

}  // namespace typeformer
