// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf_value.hpp>

namespace typeformer {

/// A key of the metadata of a GGUF file and its value.
struct gguf_entry {
  std::string_view key;
  gguf_value value;
};

/// The metadata of a GGUF file, read by key. Errors name file and key.
class gguf_metadata {
 public:
  gguf_metadata() = default;
  gguf_metadata(std::string_view file, std::vector<gguf_entry> entries) : file_{file}, entries_{std::move(entries)} {}

  /// In the file's order.
  std::span<const gguf_entry> entries() const { return entries_; }
  /// The value of that key, or null.
  const gguf_value* find(std::string_view key) const {
    for (const gguf_entry& entry : entries_)
      if (entry.key == key) return &entry.value;
    return nullptr;
  }

  /// A number of any integer type. Errors: absent, another type, beyond 64 bits signed.
  TYPEFORMER_RARE result<std::int64_t, file_error> integer(std::string_view key) const {
    const gguf_value* const value = find(key);
    if (const auto number = value ? value->integer() : std::nullopt) return *number;
    return wrong(key, value, "an integer");
  }
  /// A number of any type. Errors: absent, another type.
  TYPEFORMER_RARE result<double, file_error> number(std::string_view key) const {
    const gguf_value* const value = find(key);
    if (const auto number = value ? value->number() : std::nullopt) return *number;
    return wrong(key, value, "a number");
  }
  /// Errors: absent, another type.
  TYPEFORMER_RARE result<bool, file_error> boolean(std::string_view key) const {
    const gguf_value* const value = find(key);
    if (const auto truth = value ? value->boolean() : std::nullopt) return *truth;
    return wrong(key, value, "true or false");
  }
  /// Errors: absent, another type.
  TYPEFORMER_RARE result<std::string_view, file_error> text(std::string_view key) const {
    const gguf_value* const value = find(key);
    if (const auto found = value ? value->text() : std::nullopt) return *found;
    return wrong(key, value, "a text");
  }
  /// The elements of an array of texts. Errors: absent, another type.
  TYPEFORMER_RARE result<std::vector<std::string_view>, file_error> texts(std::string_view key) const {
    const gguf_value* const value = find(key);
    if (!value || value->element_type() != gguf_type::text) return wrong(key, value, "an array of texts");
    std::vector<std::string_view> all;
    value->for_each([&](const gguf_value& element) { all.push_back(*element.text()); });
    return all;
  }
  /// The elements of an array of numbers of any type. Errors: absent, another type.
  TYPEFORMER_RARE result<std::vector<double>, file_error> numbers(std::string_view key) const {
    const gguf_value* const value = find(key);
    std::vector<double> all;
    bool are_numbers = value && value->element_type();
    if (are_numbers)
      value->for_each([&](const gguf_value& element) {
        const auto number = element.number();
        are_numbers = are_numbers && number;
        if (are_numbers) all.push_back(*number);
      });
    if (are_numbers) return all;
    return wrong(key, value, "an array of numbers");
  }

 private:
  TYPEFORMER_RARE failure<file_error> wrong(std::string_view key, const gguf_value* found,
                                            std::string_view expected) const {
    const std::string problem =
        detail::joined({"key ", quoted_name(key), found ? " has the wrong type or size" : " is missing"});
    return {{file_, {}, problem, expected, found ? name_of(found->type()) : std::string_view{}}};
  }

  std::string_view file_;
  std::vector<gguf_entry> entries_;
};

}  // namespace typeformer
