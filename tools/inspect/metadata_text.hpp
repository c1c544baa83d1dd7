// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/hosted/formats/gguf_value.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>

namespace inspect {

/// A value of a GGUF file as one short line: of an array the first elements, with their number and type.
inline std::string metadata_text(const typeformer::gguf_value& value) {
  using typeformer::gguf_type;
  constexpr std::size_t most_characters = 80, most_elements = 6;
  if (const auto text = value.text()) {
    const bool is_long = text->size() > most_characters;
    return typeformer::quoted_name(text->substr(0, most_characters)) + (is_long ? "..." : "");
  }
  if (const auto truth = value.boolean()) return *truth ? "true" : "false";
  if (const auto whole = value.integer()) return std::to_string(*whole);
  if (const auto number = value.number())
    return value.type() == gguf_type::float32 ? typeformer::exact_text(float(*number))
                                              : typeformer::exact_text(*number);
  std::string list = "[";
  std::size_t shown = 0;
  value.for_each([&](const typeformer::gguf_value& element) {
    if (shown++ < most_elements) list += (shown > 1 ? ", " : "") + metadata_text(element);
  });
  if (shown > most_elements) list += ", ...";
  return list + "] " + std::to_string(value.size()) + " " + std::string(name_of(*value.element_type()));
}

}  // namespace inspect
