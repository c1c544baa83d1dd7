// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdlib>
#include <string>

#include "key_table.hpp"

/// Functions that read the keys which several families have.
namespace importing {

inline std::int64_t whole(std::string_view digits) { return std::atoll(std::string(digits).c_str()); }

/// A whole number of at least 1.
inline void count(model_reader& r, const key& k) {
  if (!k.otherwise.empty()) r.set(k.member, r.config.count(k.name, whole(k.otherwise)));
  else if (r.config.find(k.name) != nullptr) r.set(k.member, r.config.count(k.name));
}
/// The same for a required key.
inline void required_count(model_reader& r, const key& k) { r.set(k.member, r.config.count(k.name)); }

inline void number(model_reader& r, const key& k) {
  r.set(k.member, literal_of(r.config.number(k.name, std::atof(std::string(k.otherwise).c_str()))));
}
inline void flag(model_reader& r, const key& k) {
  r.set(k.member, r.config.boolean(k.name, k.otherwise == "true") ? "true" : "false");
}
/// For every file of the family.
inline void fixed(model_reader& r, const key& k) { r.set(k.member, std::string(k.otherwise)); }

/// A function, which is an argument of the preset.
inline void function(model_reader& r, const key& k) {
  r.model.arguments.push_back("typeformer::" +
                              std::string(r.config.function(k.name, r.config.text(k.name, k.otherwise), activations)));
}

/// A key with one supported value.
inline void only(model_reader& r, const key& k) { r.config.only(k.name, k.otherwise); }
/// A key that changes no result of this family.
inline void ignored(model_reader& r, const key& k) { r.config.find(k.name); }

/// For families without a longest text, or if no key limits it, the requested context is the model's context.
inline void context_as_asked(model_reader& r, const key& k) {
  if (!k.name.empty() && r.config.find(k.name) != nullptr) return count(r, k);
  r.set(k.member, r.asked.context_or(whole(k.otherwise)));
}

/// The width of each head; an error if the number of heads does not divide the model's width.
inline std::int64_t shared_width(model_reader& r) {
  const std::int64_t width = r.value_of("width"), heads = r.value_of("heads");
  r.require(width % heads == 0, r.named("width"), "a multiple of " + r.named("heads") + " = " + r.text_of("heads"),
            width);
  return width / heads;
}
/// The number of heads that share the width.
inline void heads_of_width(model_reader& r, const key& k) {
  count(r, k);
  shared_width(r);
}
/// The width of a head, or a fraction of the model's.
inline void own_or_shared_width(model_reader& r, const key& k) {
  if (r.config.find(k.name) != nullptr) count(r, k);
  else shared_width(r);
}

inline void even_count(model_reader& r, const key& k) {
  count(r, k);
  const std::int64_t found = r.value_of(k.member);
  r.require(found % 2 == 0, r.config.named(k.name), "an even number, for sines and cosines", found);
}

/// The base of rotary positions.
inline void base_of_rotations(model_reader& r, const key& k) {
  number(r, k);
  const double theta = r.config.number(k.name, 1);
  if (!(theta > 0)) r.config.fail(r.config.named(k.name), "a number above 0", text_of(theta));
}

}  // namespace importing
