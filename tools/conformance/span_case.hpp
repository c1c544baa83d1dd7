// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include <typeformer/hosted/data/noise_spans.hpp>
#include <typeformer/hosted/data/span_corruption.hpp>

#include "attributes.hpp"

namespace typeformer::conformance {

using id_list = std::vector<std::int32_t>;
using flag_list = std::vector<std::uint8_t>;

/// A case of T5's data functions. Arguments that are absent, of another type or never read are rejected by name.
class span_case {
 public:
  explicit span_case(const rapidjson::Value& json) : json_{json} {
    if (!json.IsObject()) throw wrong_case("a case is no JSON object");
  }

  bool has(const char* name) const {
    asked_.insert(name);
    return json_.HasMember(name);
  }
  const rapidjson::Value& at(const char* name) const {
    if (!has(name)) throw wrong_case(std::string(name) + " is absent");
    return json_[name];
  }
  std::int32_t integer(const char* name) const { return integer_in(at(name), name); }
  double number(const char* name) const {
    if (!at(name).IsNumber()) throw wrong_case(std::string(name) + " is no number");
    return at(name).GetDouble();
  }
  std::string_view text(const char* name) const {
    if (!at(name).IsString()) throw wrong_case(std::string(name) + " is no text");
    return {at(name).GetString(), at(name).GetStringLength()};
  }
  id_list integers(const char* name) const { return integers_in(at(name), name); }
  flag_list flags(const char* name) const {
    if (!at(name).IsArray()) throw wrong_case(std::string(name) + " is no list");
    flag_list values;
    for (const auto& value : at(name).GetArray()) values.push_back(flag_in(value, name));
    return values;
  }
  bool flag(const char* name, bool otherwise) const { return has(name) ? flag_in(at(name), name) : otherwise; }
  /// An argument with a single supported value.
  void only(const char* name, std::int32_t value) const {
    const bool same = !has(name) || (at(name).IsBool() ? at(name).GetBool() == (value != 0) : integer(name) == value);
    if (!same) throw not_supported("another " + std::string(name) + " than " + std::to_string(value));
  }
  std::vector<id_list> lists(const char* name) const {
    if (!at(name).IsArray()) throw wrong_case(std::string(name) + " is no list");
    std::vector<id_list> values;
    for (const auto& list : at(name).GetArray()) values.push_back(integers_in(list, name));
    return values;
  }

  sentinel_ids sentinels() const {
    const std::int32_t size = integer("vocab_size");
    return {size - 1, size};
  }
  noise_spans spans() const {
    const auto spans =
        noise_spans::of(number("noise_density"), has("mean_noise_span_length") ? number("mean_noise_span_length") : 3);
    if (!spans) throw wrong_case(std::string(spans.error().message()));
    return *spans;
  }

  void require_all_asked() const {
    constexpr std::string_view without_effect[] = {"fn",         "line",   "note",       "source", "text", "vocab",
                                                   "vocab_size", "sample", "properties", "seed",   "seeds"};
    for (const auto& [key, value] : json_.GetObject()) {
      const std::string name = key.GetString();
      if (!name.starts_with("expected") && !asked_.contains(name) && !std::ranges::count(without_effect, name))
        throw not_supported("argument " + name);
    }
  }

 private:
  static bool flag_in(const rapidjson::Value& value, const char* name) {
    return value.IsBool() ? value.GetBool() : integer_in(value, name) != 0;
  }
  static std::int32_t integer_in(const rapidjson::Value& value, const char* name) {
    if (!value.IsInt()) throw wrong_case(std::string(name) + " is no whole number");
    return value.GetInt();
  }
  static id_list integers_in(const rapidjson::Value& list, const char* name) {
    if (!list.IsArray()) throw wrong_case(std::string(name) + " is no list");
    id_list values;
    for (const auto& value : list.GetArray()) values.push_back(integer_in(value, name));
    return values;
  }

  const rapidjson::Value& json_;
  mutable std::set<std::string> asked_;
};

/// Results by the names in the case.
class span_results {
 public:
  template <class Numbers> void put(const char* name, const Numbers& values) { add(result_, name, values); }
  void put_number(const char* name, std::int64_t number) {
    result_.AddMember(rapidjson::Value(name, memory()), rapidjson::Value(number), memory());
  }
  template <class Numbers> void put_expected(const char* name, const Numbers& values) {
    if (!result_.HasMember("expected"))
      result_.AddMember("expected", rapidjson::Value(rapidjson::kObjectType), memory());
    add(result_["expected"], name, values);
  }
  void put_lists(const char* name, const std::vector<flag_list>& lists) {
    rapidjson::Value all(rapidjson::kArrayType);
    for (const auto& list : lists) all.PushBack(array_of(list), memory());
    result_.AddMember(rapidjson::Value(name, memory()), all, memory());
  }
  const rapidjson::Document& json() const { return result_; }

 private:
  rapidjson::Document::AllocatorType& memory() { return result_.GetAllocator(); }
  template <class Numbers> rapidjson::Value array_of(const Numbers& values) {
    rapidjson::Value list(rapidjson::kArrayType);
    for (const auto value : values) list.PushBack(static_cast<std::int64_t>(value), memory());
    return list;
  }
  template <class Numbers> void add(rapidjson::Value& object, const char* name, const Numbers& values) {
    object.AddMember(rapidjson::Value(name, memory()), array_of(values), memory());
  }

  rapidjson::Document result_{rapidjson::kObjectType};
};

}  // namespace typeformer::conformance
