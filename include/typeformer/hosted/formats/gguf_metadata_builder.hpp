// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/gguf_metadata.hpp>

namespace typeformer {

/// Metadata to write, in the order in which keys are first set. A key that is set again keeps its place.
class gguf_metadata_builder {
 public:
  void set(std::string_view key, std::string_view text) { put(key, gguf_type::text, counted(text)); }
  void set(std::string_view key, bool value) {
    put(key, gguf_type::boolean, encoded(static_cast<std::uint8_t>(value)));
  }
  void set(std::string_view key, std::uint32_t value) { put(key, gguf_type::uint32, encoded(value)); }
  void set(std::string_view key, std::int32_t value) { put(key, gguf_type::int32, encoded(value)); }
  void set(std::string_view key, std::uint64_t value) { put(key, gguf_type::uint64, encoded(value)); }
  void set(std::string_view key, std::int64_t value) { put(key, gguf_type::int64, encoded(value)); }
  void set(std::string_view key, float value) { put(key, gguf_type::float32, encoded(value)); }
  void set(std::string_view key, double value) { put(key, gguf_type::float64, encoded(value)); }
  void set(std::string_view key, const char* text) { set(key, std::string_view(text)); }
  TYPEFORMER_RARE void set(std::string_view key, std::span<const std::string_view> texts) {
    std::string array = encoded(std::uint32_t(gguf_type::text)) + encoded(std::uint64_t(texts.size()));
    for (const std::string_view text : texts) array += counted(text);
    put(key, gguf_type::array, array);
  }
  void set(std::string_view key, std::span<const float> numbers) { put_array(key, gguf_type::float32, numbers); }
  void set(std::string_view key, std::span<const std::int32_t> numbers) { put_array(key, gguf_type::int32, numbers); }
  void set(std::string_view key, std::span<const std::uint8_t> bytes) { put_array(key, gguf_type::uint8, bytes); }
  /// A value as another file has it.
  void set(std::string_view key, const gguf_value& value) {
    const auto bytes = value.encoded();
    put(key, value.type(), std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  void set_all(std::span<const gguf_entry> entries) {
    for (const gguf_entry& entry : entries) set(entry.key, entry.value);
  }

  bool has(std::string_view key) const {
    return std::any_of(items_.begin(), items_.end(), [&](const item& i) { return i.key == key; });
  }
  /// Views that stay valid until the builder changes.
  std::vector<gguf_entry> entries() const {
    std::vector<gguf_entry> list;
    for (const item& i : items_) list.push_back({i.key, gguf_value(i.type, std::as_bytes(std::span(i.bytes)))});
    return list;
  }

 private:
  struct item {
    std::string key;
    gguf_type type;
    std::string bytes;
  };

  template <class Number> static std::string encoded(Number number) {
    static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
  }
  static std::string counted(std::string_view text) { return encoded(std::uint64_t(text.size())).append(text); }
  template <class Number> void put_array(std::string_view key, gguf_type type, std::span<const Number> numbers) {
    std::string array = encoded(std::uint32_t(type)) + encoded(std::uint64_t(numbers.size()));
    for (const Number number : numbers) array += encoded(number);
    put(key, gguf_type::array, array);
  }
  TYPEFORMER_RARE void put(std::string_view key, gguf_type type, std::string bytes) {
    const auto known = std::find_if(items_.begin(), items_.end(), [&](const item& i) { return i.key == key; });
    item& place = known == items_.end() ? items_.emplace_back() : *known;
    place = {std::string(key), type, std::move(bytes)};
  }

  std::deque<item> items_;
};

}  // namespace typeformer
