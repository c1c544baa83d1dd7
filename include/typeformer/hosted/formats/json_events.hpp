// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/detail/rapidjson.hpp>
#include <typeformer/hosted/formats/file_error.hpp>

namespace typeformer {

/// Receives a JSON text piece by piece, in its order; `false`, from `refuse`, ends the parse.
///
/// A negative or fractional number, an exponent and `-0` never arrive as `unsigned_integer`. Texts are valid UTF-8 and
/// live for the call only.
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

  const std::string& refusal() const { return refusal_; }
  /// Keeps the problem, in two parts, and gives `false`.
  TYPEFORMER_RARE bool refuse(std::string_view problem, std::string_view detail = {}) {
    refusal_ = detail::joined({problem, detail});
    return false;
  }

 protected:
  ~json_events() = default;

 private:
  std::string refusal_;
};

struct json_error {
  std::string problem;
  std::size_t offset = 0;
};

namespace detail {

// One virtual interface behind RapidJSON's reader, which is costly to compile, so that it is instantiated once.
struct rapidjson_to_events {
  using Ch = char;
  // serde_json, which judges safetensors headers, allows as many.
  static constexpr int deepest_nesting = 127;

  json_events& events;
  int depth = 0;

  bool Null() { return events.null(); }
  bool Bool(bool value) { return events.boolean(value); }
  bool Int(int value) { return events.integer(value); }
  bool Int64(std::int64_t value) { return events.integer(value); }
  bool Uint(unsigned value) { return events.unsigned_integer(value); }
  bool Uint64(std::uint64_t value) { return events.unsigned_integer(value); }
  bool Double(double value) { return events.real(value); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
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
  bool deeper() { return ++depth <= deepest_nesting || events.refuse("JSON is nested too deeply"); }
  // RapidJSON encodes an escaped low surrogate without its high one as ED A0..BF xx, which is not UTF-8.
  bool without_lone_surrogate(std::string_view value) {
    for (std::size_t at = 0; at + 1 < value.size(); ++at) {
      if (value[at] != '\xed' || static_cast<unsigned char>(value[at + 1]) < 0xa0) continue;
      return events.refuse("JSON text holds half of a surrogate pair");
    }
    return true;
  }
};

}  // namespace detail

/// Parses one JSON value (RFC 8259, UTF-8 without byte order mark) that fills `json`, without recursion. Numbers are
/// rounded correctly. What the parser itself keeps does not grow with the text.
TYPEFORMER_RARE inline result<void, json_error> parse_json(std::string_view json, json_events& events) {
  constexpr unsigned flags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;
  rapidjson::MemoryStream stream(json.data(), json.size());
  rapidjson::Reader reader;
  detail::rapidjson_to_events handler{events};
  const rapidjson::ParseResult outcome = reader.Parse<flags>(stream, handler);
  if (outcome.Code() == rapidjson::kParseErrorTermination)
    return failure{json_error{events.refusal(), outcome.Offset()}};
  if (outcome.IsError()) return failure{json_error{rapidjson::GetParseError_En(outcome.Code()), outcome.Offset()}};
  // The stream shows its end as a zero, so a zero byte in the text looks like the end.
  if (stream.Tell() != json.size()) return failure{json_error{"JSON is followed by more text", stream.Tell()}};
  return {};
}

}  // namespace typeformer
