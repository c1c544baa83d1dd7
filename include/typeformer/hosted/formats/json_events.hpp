// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/detail/rapidjson.hpp>
#include <typeformer/text/number_text.hpp>

namespace typeformer {

/// Receives a JSON text piece by piece, in its order. `false`, from `reject`, ends the parse.
///
/// A negative or fractional number, an exponent and `-0` are never passed as `unsigned_integer`. Texts are valid UTF-8
/// and valid only during the call.
class json_events {
 public:
  virtual bool null() = 0;
  virtual bool boolean(bool value) = 0;
  virtual bool integer(std::int64_t value) = 0;
  virtual bool unsigned_integer(std::uint64_t value) = 0;
  virtual bool real(double value) = 0;
  virtual bool text(std::string_view value) = 0;
  virtual bool key(std::string_view name) = 0;
  virtual bool begin_object() = 0;
  virtual bool end_object() = 0;
  virtual bool begin_array() = 0;
  virtual bool end_array() = 0;

  const std::string& rejection() const { return rejection_; }
  /// Keeps the problem, in two parts, and returns `false`.
  TYPEFORMER_RARE bool reject(std::string_view problem, std::string_view detail = {}) {
    rejection_ = detail::joined({problem, detail});
    return false;
  }

 protected:
  ~json_events() = default;

 private:
  std::string rejection_;
};

struct json_error {
  std::string problem;
  std::size_t offset = 0;  ///< in bytes

  std::string message() const { return detail::joined({problem, " (byte ", detail::digits_of(offset), ")"}); }
};

namespace detail {

TYPEFORMER_RARE inline file_error invalid_json(std::string_view file, const json_error& cause) {
  return {file, {}, joined({"invalid JSON: ", cause.message()})};
}

// Whether a JSON number other than zero is between -1 and 1.
TYPEFORMER_RARE inline bool is_below_one(std::string_view number) {
  const std::size_t end = std::min(number.find_first_of("eE"), number.size());
  const std::string_view digits = number.substr(0, end).substr(number.starts_with('-'));
  int exponent = 0;
  if (end < number.size()) {
    const std::string_view text = number.substr(end + 1 + (number[end + 1] == '+'));
    if (std::from_chars(text.data(), text.data() + text.size(), exponent).ec != std::errc{})
      return text.starts_with('-');
  }
  const auto point = std::int64_t(std::min(digits.find('.'), digits.size()));
  const auto first = std::int64_t(digits.find_first_of("123456789"));
  return point - first - (first < point) + exponent < 0;
}

// One virtual interface for RapidJSON's reader, which is costly to compile, so that it is instantiated once.
struct rapidjson_to_events {
  using Ch = char;
  // serde_json, which reads the headers in the reference reader of safetensors, allows the same depth.
  static constexpr int deepest_nesting = 127;

  json_events& events;
  int depth = 0;

  bool Null() { return events.null(); }
  bool Bool(bool value) { return events.boolean(value); }
  // Numbers are passed as text (`RawNumber`), so RapidJSON's own conversions are not compiled.
  bool Int(int) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint(unsigned) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* characters, rapidjson::SizeType size, bool) { return number({characters, size}); }
  bool String(const char* characters, rapidjson::SizeType size, bool) {
    const std::string_view value(characters, size);
    return without_lone_surrogate(value) && events.text(value);
  }
  bool Key(const char* characters, rapidjson::SizeType size, bool) {
    const std::string_view name(characters, size);
    return without_lone_surrogate(name) && events.key(name);
  }
  bool StartObject() { return deeper() && events.begin_object(); }
  bool EndObject(rapidjson::SizeType) { return --depth, events.end_object(); }
  bool StartArray() { return deeper() && events.begin_array(); }
  bool EndArray(rapidjson::SizeType) { return --depth, events.end_array(); }

 private:
  bool deeper() { return ++depth <= deepest_nesting || events.reject("JSON is nested too deeply"); }
  bool number(std::string_view text) {
    if (const auto whole = number_in<std::uint64_t>(text)) return events.unsigned_integer(*whole);
    if (const auto whole = number_in<std::int64_t>(text)) return events.integer(*whole);
    double real = text.starts_with('-') ? -0.0 : 0.0;
    // A number can be out of range at either end.
    if (std::from_chars(text.data(), text.data() + text.size(), real).ec != std::errc{} && !is_below_one(text))
      return events.reject("JSON number is too large for a double");
    return events.real(real);
  }
  // RapidJSON encodes an escaped low surrogate without its high one as ED A0..BF xx, which is not UTF-8.
  bool without_lone_surrogate(std::string_view value) {
    for (std::size_t at = 0; at + 1 < value.size(); ++at) {
      if (value[at] != '\xed' || static_cast<unsigned char>(value[at + 1]) < 0xa0) continue;
      return events.reject("JSON text holds half of a surrogate pair");
    }
    return true;
  }
};

}  // namespace detail

/// Parses one JSON value (RFC 8259, UTF-8 without byte order mark) that fills `json`, without recursion. Numbers are
/// rounded correctly; a number that is too large for a double is rejected. Memory: a copy of the text.
TYPEFORMER_RARE inline result<void, json_error> parse_json(std::string_view json, json_events& events) {
  // Parsed in a copy: code that collects texts and numbers elsewhere is several times as large.
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseInsituFlag;
  std::string text(json);
  text.append(3, '\0');  // which RapidJSON reads after a text that ends within a character of four bytes
  rapidjson::InsituStringStream stream(text.data());
  rapidjson::Reader reader;
  detail::rapidjson_to_events handler{events};
  const rapidjson::ParseResult outcome = reader.Parse<flags>(stream, handler);
  if (outcome.Code() == rapidjson::kParseErrorTermination)
    return failure{json_error{events.rejection(), outcome.Offset()}};
  if (outcome.IsError()) return failure{json_error{rapidjson::GetParseError_En(outcome.Code()), outcome.Offset()}};
  // The stream marks its end with a zero, so a zero byte in the text looks like the end.
  if (stream.Tell() != json.size()) return failure{json_error{"JSON is followed by more text", stream.Tell()}};
  return {};
}

}  // namespace typeformer
