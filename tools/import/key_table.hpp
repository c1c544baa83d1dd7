// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "imported_model.hpp"
#include "published_config.hpp"

namespace importing {

struct key;
class model_reader;

/// How a key is read and used.
using reading = void (*)(model_reader&, const key&);

/// One row of a family's table.
struct key {
  std::string_view name;    ///< in config.json; empty: nothing is read
  std::string_view member;  ///< of the preset's configuration; empty: the value is not a member
  reading read;
  std::string_view otherwise = {};  ///< the meaning of its absence; empty: the preset's default, or no meaning
};

/// The keys of a family in config.json, and its preset. Rows that set a member have the order of the preset's
/// configuration. A row may read members above it.
struct family {
  std::string_view model_type, title, preset;
  model_kind kind;
  std::array<std::string_view, 2> architectures;  ///< the first one if a file names none
  std::span<const key> keys;
};

/// Reads a config.json by a family's table.
class model_reader {
 public:
  model_reader(const family& of, published_config& read, const import_request& request)
      : config{read}, asked{request}, model{of.kind, of.title, of.preset, {}, {}, 0}, family_{of} {}

  published_config& config;
  const import_request& asked;
  imported_model model;

  imported_model read() {
    architecture();
    for (const key& row : family_.keys) row.read(*this, row);
    model.context = value_of("context");
    return model;
  }

  void set(std::string_view member, std::string value) {
    if (!member.empty()) model.members.emplace_back(member, std::move(value));
  }
  void set(std::string_view member, std::int64_t value) { set(member, std::to_string(value)); }

  /// A member as it was set; empty, or 0, if the preset's default is used.
  std::string text_of(std::string_view member) const {
    for (const auto& [name, text] : model.members)
      if (name == member) return text;
    return {};
  }
  std::int64_t value_of(std::string_view member) const { return std::atoll(text_of(member).c_str()); }
  /// The row that sets a member.
  const key& row_of(std::string_view member) const { return *std::ranges::find(family_.keys, member, &key::member); }
  /// The key of a member, for sentences.
  std::string named(std::string_view member) const { return config.named(row_of(member).name); }

  void require(bool holds, const std::string& what, const std::string& expected, std::int64_t found) {
    if (!holds) config.fail(what, expected, std::to_string(found));
  }

  /// The architecture of the family that `architectures` names.
  std::string_view architecture() {
    const tf::json_node* const node = config.find("architectures");
    if (node == nullptr) return family_.architectures.front();
    std::string names;
    for (const std::string_view name : family_.architectures) {
      if (name.empty()) continue;
      if (config.text_of(*node) == "[\"" + std::string(name) + "\"]") return name;
      names += (names.empty() ? "[\"" : " or [\"") + std::string(name) + "\"]";
    }
    config.unsupported("architectures", names);
    return family_.architectures.front();
  }

 private:
  const family& family_;
};

}  // namespace importing
