// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <rapidjson/document.h>

#include <typeformer/hosted/data/noise_spans.hpp>
#include <typeformer/hosted/data/span_corruption.hpp>

#include "attributes.hpp"

namespace typeformer::conformance {

using id_list = std::vector<std::int32_t>;
using flag_list = std::vector<std::uint8_t>;

/// A case of T5's data functions. Arguments that are absent, of another type or never read are rejected by name.
class span_case : public attributes {
 public:
  explicit span_case(const rapidjson::Value& json) : attributes{json} {
    if (!json.IsObject()) throw wrong_case("a case is no JSON object");
    for (const auto& [key, value] : json.GetObject())
      if (std::string_view(key.GetString()).starts_with("expected")) ignore(key.GetString());
    for (const char* const name :
         {"line", "note", "source", "text", "vocab", "vocab_size", "sample", "properties", "seed", "seeds"})
      ignore(name);
  }

  std::int32_t integer(const char* name) const { return integer_in(require(name), name); }
  id_list integers(const char* name) const { return integers_in(require(name), name); }
  flag_list flags(const char* name) const {
    const id_list values = integers(name);
    return {values.begin(), values.end()};
  }
  std::vector<id_list> lists(const char* name) const {
    std::vector<id_list> values;
    for (const auto& list : elements_of(require(name), name)) values.push_back(integers_in(list, name));
    return values;
  }
  /// An argument with a single supported value.
  void only(const char* name, std::int32_t value) const {
    if (has(name) && integer(name) != value)
      throw not_supported("another " + std::string(name) + " than " + std::to_string(value));
  }

  sentinel_ids sentinels() const {
    const std::int32_t size = integer("vocab_size");
    return {size - 1, size};
  }
  noise_spans spans() const {
    const auto spans = noise_spans::of(number("noise_density"), number("mean_noise_span_length", 3));
    if (!spans) throw wrong_case(std::string(spans.error().message()));
    return *spans;
  }

 private:
  static rapidjson::Value::ConstArray elements_of(const rapidjson::Value& list, const char* name) {
    if (!list.IsArray()) throw wrong_case(std::string(name) + " is no list");
    return list.GetArray();
  }
  static std::int32_t integer_in(const rapidjson::Value& value, const char* name) {
    if (!value.IsInt() && !value.IsBool()) throw wrong_case(std::string(name) + " is no whole number");
    return value.IsInt() ? value.GetInt() : value.GetBool();
  }
  static id_list integers_in(const rapidjson::Value& list, const char* name) {
    id_list values;
    for (const auto& value : elements_of(list, name)) values.push_back(integer_in(value, name));
    return values;
  }
};

/// Results by the names in the case: whole numbers, and lists of what can be a result.
class span_results {
 public:
  template <class Value> void put(const char* name, const Value& value) { add(result_, name, value); }
  template <class Value> void put_expected(const char* name, const Value& value) {
    if (!result_.HasMember("expected"))
      result_.AddMember("expected", rapidjson::Value(rapidjson::kObjectType), memory());
    add(result_["expected"], name, value);
  }
  const rapidjson::Document& json() const { return result_; }

 private:
  rapidjson::Document::AllocatorType& memory() { return result_.GetAllocator(); }
  template <class Value> rapidjson::Value json_of(const Value& value) {
    if constexpr (std::is_integral_v<Value>) {
      return rapidjson::Value(static_cast<std::int64_t>(value));
    } else {
      rapidjson::Value list(rapidjson::kArrayType);
      for (const auto& element : value) list.PushBack(json_of(element), memory());
      return list;
    }
  }
  template <class Value> void add(rapidjson::Value& object, const char* name, const Value& value) {
    object.AddMember(rapidjson::Value(name, memory()), json_of(value), memory());
  }

  rapidjson::Document result_{rapidjson::kObjectType};
};

}  // namespace typeformer::conformance
