// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "imported_model.hpp"
#include "published_config.hpp"

namespace importing {

class model_reader;
struct row;

/// The value becomes the member of the preset's configuration with the row's name.
inline void set_member(model_reader& r, const row& of);

/// One fact of a family's config.json.
struct row {
  std::string_view name;            ///< of its meaning, or its key
  std::string_view otherwise = {};  ///< what its absence means; empty: the preset's default
  void (*read)(model_reader&, const row&) = set_member;
};

/// A preset of the library and what a config.json says of it. Rows that set a member have the order of the preset's
/// configuration; a row may use members that are set above it.
struct family {
  std::string_view model_type, preset;
  model_kind kind;
  std::string_view architectures[8];  ///< the first one if a file names none
  row rows[32];
};

/// Reads a config.json by a family's rows.
class model_reader {
 public:
  model_reader(const family& of, published_config& read, const import_request& request)
      : config{read}, asked{request}, model{of.kind, of.preset, {}, {}, 0}, family_{of} {}

  published_config& config;
  const import_request& asked;
  imported_model model;

  void read() {
    architecture();
    for (const row& one : family_.rows)
      if (!one.name.empty()) one.read(*this, one);
    if (has("context")) model.context = value_of("context");
  }

  /// An empty value leaves the preset's default.
  void set(std::string_view member, const std::string& value) {
    const auto place = std::ranges::find(model.members, member, &imported_model::member::first);
    if (place != model.members.end()) place->second = value;
    else if (!value.empty()) model.members.emplace_back(member, value);
  }
  void set(std::string_view member, std::int64_t value) { set(member, std::to_string(value)); }
  bool has(std::string_view member) const { return !text_of(member).empty(); }
  /// A member as it was set; empty, or 0, if it was not.
  std::string text_of(std::string_view member) const {
    const auto place = std::ranges::find(model.members, member, &imported_model::member::first);
    return place == model.members.end() ? std::string{} : place->second;
  }
  std::int64_t value_of(std::string_view member) const { return std::atoll(text_of(member).c_str()); }

  /// An argument of the preset.
  void set_argument(const std::string& type) { model.arguments.push_back("typeformer::" + type); }

  /// Whether the file says that there is no such thing: null, where an absent key means the default.
  bool is_null(std::string_view name) const {
    return config.find(name) == nullptr &&
           std::ranges::any_of(keys_of(name), [&](std::string_view key) { return config.tree().find(key) != nullptr; });
  }
  bool flag_of(std::string_view name, bool otherwise) {
    const tf::json_node* const node = config.find(name);
    if (node != nullptr && !is_flag(*node)) config.wrong(name, flag.expected);
    return node == nullptr ? otherwise : node->integer != 0;
  }

  void require(bool holds, const std::string& what, const std::string& expected, std::int64_t found) {
    if (!holds) config.fail(what, expected, std::to_string(found));
  }
  void require(bool holds, std::string_view member, const std::string& expected) {
    require(holds, config.named(member), expected, value_of(member));
  }
  /// A member with its key, for sentences.
  std::string described(std::string_view member) const { return config.named(member) + " = " + text_of(member); }

  /// The architecture of the family that the file names; the stack alone where layers are asked for after it, and of
  /// encoders in a file of a body.
  std::string_view architecture() {
    const std::string_view named = named_architecture();
    const bool is_encoder = family_.kind.runner == encoder.runner;
    if (asked.head.empty() && !(is_encoder && !asked.has_pooler)) return named;
    for (const std::string_view name : family_.architectures)
      if (is_encoder && name.ends_with("Model")) return name;
    config.fail("modules.json asks for an encoder without a head", "another model_type", family_.model_type);
    return named;
  }

 private:
  std::string_view named_architecture() {
    const std::string given = config.text("architectures", "");
    std::string known;
    for (const std::string_view name : family_.architectures) {
      const std::string list = "[\"" + std::string(name) + "\"]";
      if (given == list || given.empty()) return name;
      if (!name.empty()) known += (known.empty() ? "" : " or ") + list;
    }
    return config.unsupported("architectures", known), family_.architectures[0];
  }

  const family& family_;
};

inline void set_member(model_reader& r, const row& of) { r.set(of.name, r.config.value(of.name, of.otherwise)); }

}  // namespace importing
