// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>

#include <rapidjson/document.h>

namespace typeformer::conformance {

/// A case needs something that the library does not have. The case is skipped with this name.
struct not_supported : std::runtime_error {
  using runtime_error::runtime_error;
};
/// A case contradicts itself or lacks something that its operator needs.
struct wrong_case : std::runtime_error {
  using runtime_error::runtime_error;
};

/// Named numbers, flags and texts of a case. Attributes that are never read are rejected, so that none is ignored
/// silently.
///
/// `null` counts as absent. An absent key may have a default that the case itself names.
class attributes {
 public:
  explicit attributes(const rapidjson::Value& given, const rapidjson::Value* defaults = nullptr)
      : given_{given}, defaults_{defaults} {}

  bool has(const char* name) const { return find(name) != nullptr; }
  const rapidjson::Value& require(const char* name) const {
    const rapidjson::Value* const value = find(name);
    if (!value) throw wrong_case(std::string("attribute ") + name + " is absent");
    return *value;
  }
  double number(const char* name) const { return number_in(require(name), name); }
  double number(const char* name, double otherwise) const {
    const rapidjson::Value* const value = find(name);
    return value ? number_in(*value, name) : otherwise;
  }
  std::int64_t count(const char* name, std::int64_t otherwise = 0) const {
    const double value = number(name, static_cast<double>(otherwise));
    if (!(std::abs(value) < 0x1p62) || value != static_cast<double>(static_cast<std::int64_t>(value)))
      throw wrong_case(std::string("attribute ") + name + " is no whole number");
    return static_cast<std::int64_t>(value);
  }
  bool flag(const char* name, bool otherwise = false) const {
    const rapidjson::Value* const value = find(name);
    if (!value) return otherwise;
    if (value->IsNumber()) return value->GetDouble() != 0;
    if (!value->IsBool()) throw wrong_case(std::string("attribute ") + name + " is no flag");
    return value->GetBool();
  }
  std::string text(const char* name, const char* otherwise) const {
    const rapidjson::Value* const value = find(name);
    if (!value) return otherwise;
    if (!value->IsString()) throw wrong_case(std::string("attribute ") + name + " is no text");
    return value->GetString();
  }
  /// Element `i` of a list.
  double part(const char* name, unsigned i, double otherwise) const {
    const rapidjson::Value* const value = find(name);
    if (!value) return otherwise;
    if (!value->IsArray() || value->Size() <= i) throw wrong_case(std::string("attribute ") + name + " is too short");
    return number_in((*value)[i], name);
  }
  /// Marks an attribute as read that changes no number.
  void ignore(const char* name) const { asked_.insert(name); }

  void require_all_asked() const {
    for (const auto& [name, value] : given_.GetObject())
      if (!value.IsNull() && !asked_.contains(name.GetString()))
        throw not_supported("attribute " + std::string(name.GetString()));
  }

 private:
  const rapidjson::Value* find(const char* name) const {
    asked_.insert(name);
    for (const rapidjson::Value* const place : {&given_, defaults_})
      if (place && place->HasMember(name) && !(*place)[name].IsNull()) return &(*place)[name];
    return nullptr;
  }
  static double number_in(const rapidjson::Value& value, const char* name) {
    if (value.IsBool()) return value.GetBool() ? 1 : 0;
    if (!value.IsNumber()) throw wrong_case(std::string("attribute ") + name + " is no number");
    return value.GetDouble();
  }

  const rapidjson::Value& given_;
  const rapidjson::Value* defaults_;
  mutable std::set<std::string> asked_;
};

}  // namespace typeformer::conformance
