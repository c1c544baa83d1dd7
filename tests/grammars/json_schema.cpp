// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/generation/constrained_text.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/hosted/grammars/json_schema_grammar.hpp>

#include <support/catch.hpp>

namespace typeformer {
namespace {

byte_automaton automaton_of(const grammar& what) {
  auto made = byte_automaton::of(what);
  if (!made) FAIL(made.error().message());
  return *made;
}
byte_automaton automaton_of(std::string_view schema, const json_schema_options& options = {}) {
  const auto parsed = json_schema_grammar(schema, options);
  if (!parsed) FAIL(parsed.error().message());
  return automaton_of(*parsed);
}
std::string message_of(std::string_view schema) {
  const auto parsed = json_schema_grammar(schema);
  return parsed ? "accepted" : parsed.error().message();
}

constexpr std::string_view schemas[]{
    R"({"type": "object", "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 12},
        "age": {"type": "integer", "minimum": 0, "maximum": 150}, "tags": {"type": "array", "items": {"type": "string"},
        "minItems": 1, "maxItems": 4}, "alive": {"type": "boolean"}}, "required": ["name", "age"],
        "additionalProperties": false})",
    R"({"type": "array", "items": {"type": "number"}, "minItems": 2})",
    R"({"type": ["integer", "null", "string"], "maxLength": 3})",
    R"({"enum": ["red", "gr\"een", "\u00e9\u0001", 1.5, -3, null, {"a": [true, {}]}, []]})",
    R"({"type": "string", "pattern": "^[A-Z][a-z\"\\\\/\n]{2,5}(-[0-9]+)?$"})",
    R"({"type": "object", "properties": {"x": {"type": "number", "minimum": -3, "maximum": 12},
        "y": {"type": "number", "minimum": 0, "exclusiveMinimum": true}, "z": {"type": "integer", "maximum": -7}}})",
    R"({"type": "object", "properties": {"kind": {"enum": ["leaf", "node"]},
        "children": {"type": "array", "items": {"$ref": "#"}, "maxItems": 3}}, "required": ["kind"]})",
    R"({"definitions": {"point": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
        "required": ["x", "y"], "additionalProperties": false}}, "type": "object",
        "properties": {"from": {"$ref": "#/definitions/point"}, "to": {"$ref": "#/definitions/point"}},
        "required": ["from"]})",
    R"({"type": "object", "additionalProperties": {"type": "integer", "minimum": 10, "maximum": 99}})",
    R"({"anyOf": [{"type": "string", "maxLength": 0}, {"type": "array", "items": {"type": "boolean"}}, {"type": "null"}]})",
    R"({})",
    R"({"title": "any object", "type": "object"})",
};

/// A character vocabulary with some longer tokens, the end token last.
token_bytes test_vocabulary() {
  token_bytes bytes;
  for (unsigned byte = 0; byte < 256; ++byte) bytes.add(std::string(1, static_cast<char>(byte)));
  for (const std::string_view text :
       {"\": ", "\", \"", "name", "{\"", "\"}", "true", "12", "},", "]}", "é", "\\u", "null", "00"})
    bytes.add(text);
  bytes.add({});
  return bytes;
}

/// Whether RapidJSON, which is not ours, accepts a text and finds that a schema allows it.
bool is_valid(const std::string& text, const rapidjson::SchemaDocument& schema) {
  rapidjson::Document value;
  value.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (value.HasParseError()) return false;
  rapidjson::SchemaValidator validator{schema};
  return value.Accept(validator);
}

TEST_CASE("10,000 of 10,000 texts from random logits are JSON that RapidJSON validates, whatever the budget") {
  const token_bytes bytes = test_vocabulary();
  const token_trie vocabulary{bytes};
  const std::int32_t end = bytes.size() - 1;
  philox random{7};
  std::vector<candidate> workspace(std::size_t(bytes.size()));
  std::vector<float> logits(std::size_t(bytes.size()));
  constexpr int texts = 10'000 / int(std::size(schemas)) + 1;  // of each schema
  int valid = 0, wanted = 0, in_the_last_token = 0;
  for (const std::string_view schema : schemas) {
    INFO(schema);
    rapidjson::Document parsed;
    parsed.Parse(schema.data(), schema.size());
    REQUIRE_FALSE(parsed.HasParseError());
    const rapidjson::SchemaDocument judge{parsed};
    auto automaton = grammar_automaton::of(*json_schema_grammar(schema), vocabulary, {&end, 1});
    REQUIRE(automaton);
    const index_type least = automaton->tokens_to_end(automaton->start());
    CHECK_FALSE(constrained_text<grammar_automaton>::of(*automaton, least - 1));
    for (int i = 0; i < texts; ++i) {
      auto text = *constrained_text<grammar_automaton>::of(*automaton, least + i % 100);
      const sampling chain{constrained_by{text}};
      std::string made;
      const float scale = float(1 << (i % 6));  // from nearly uniform to nearly greedy
      while (!text.is_complete()) {
        for (float& each : logits) each = scale * float(uniform01(random));
        const std::int32_t id = chain(logits, workspace, random);
        if (id == no_token) break;
        made += bytes[id];
      }
      ++wanted;
      const bool is_right = text.is_complete() && text.left() >= 0 && is_valid(made, judge);
      valid += is_right;
      in_the_last_token += text.left() == 0;
      if (!is_right) UNSCOPED_INFO("not valid: " << made);
    }
  }
  CHECK(valid == wanted);
  CHECK(wanted >= 10'000);
  CHECK(in_the_last_token > 1'000);  // the budget did end texts
}

TEST_CASE("a schema's automaton accepts and rejects whole texts") {
  struct text_case {
    std::string_view schema;
    std::vector<std::string_view> accepted, rejected;
  };
  const text_case cases[]{
      {R"({"type": "integer"})",
       {"0", "-1", "12", "999999999999999"},
       {"", "-0", "01", "1.0", "+1", "1e2", "\"1\"", "-"}},
      {R"({"type": "number"})",
       {"0", "-0.5", "1.25", "3e-7", "1E+05"},
       {".5", "1.", "1e", "1e100", "NaN", "--1", "00"}},
      {R"({"type": "string", "minLength": 2, "maxLength": 3})",
       {R"("ab")", R"("日本é")", R"("\n\"\\")"},
       {R"("a")", R"("abcd")", "\"a\n\"", R"("\x")", R"("ab)"}},
      {R"({"type": "array", "items": {"type": "null"}, "maxItems": 2})",
       {"[]", "[null]", "[null,null]", "[null, null]"},
       {"[null,null,null]", "[,]", "[null,]", "[null,  null]"}},
      {R"({"properties": {"a": {"type": "null"}, "b": {"type": "null"}}, "required": ["b"]})",
       {R"({"b":null})", R"({"a": null, "b": null})"},
       {"{}", R"({"a":null})", R"({"b":null,"a":null})", R"({"b":null,})"}},
      {R"({"type": "string", "enum": ["a", 1, "b"]})", {R"("a")", R"("b")"}, {"1", R"("c")"}},
      {R"({"const": {"k": [1, 2]}})", {R"({"k": [1, 2]})"}, {"{}"}},
      {R"({"type": "integer", "exclusiveMinimum": 3, "maximum": 5.5})", {"4", "5"}, {"3", "6", "-4"}},
      {R"({"type": "integer", "minimum": 2.5, "exclusiveMaximum": 4})", {"3"}, {"2", "4"}},
      {R"({"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1})",
       {"0", "-0.9", "0.5", "0.0"},
       {"-1", "1", "1.0", "-1.0", "1.5"}},
      {R"({"type": "string", "pattern": "a|\""})", {R"("a")", R"("\"")"}, {R"("b")", R"("""")"}},
      {R"({"$defs": {"a/b~c": {"type": "null"}}, "$ref": "#/$defs/a~1b~0c"})", {"null"}, {"1"}},
      {"true", {"1", "[]", R"({"a": [1]})"}, {"tru", "[1"}},
  };
  for (const text_case& each : cases) {
    INFO(each.schema);
    const byte_automaton automaton = automaton_of(each.schema);
    for (const std::string_view text : each.accepted) {
      INFO(text);
      CHECK(automaton.matches(text));
    }
    for (const std::string_view text : each.rejected) {
      INFO(text);
      CHECK_FALSE(automaton.matches(text));
    }
  }
  CHECK(automaton_of(R"({"type": "array", "items": {"type": "null"}})", {.most_spaces = 0}).matches("[null,null]"));
  CHECK_FALSE(
      automaton_of(R"({"type": "array", "items": {"type": "null"}})", {.most_spaces = 0}).matches("[null, null]"));
}

TEST_CASE("ranges of integers and of decimals are exact") {
  philox random{11};
  const auto pick = [&](int most) { return std::int64_t(uniform_below(std::uint32_t(2 * most + 1), random)) - most; };
  for (int i = 0; i < 300; ++i) {
    const int most = i < 100 ? 12 : i < 200 ? 120 : 3000;
    const std::int64_t low = pick(most), high = pick(most);
    INFO(low << " " << high);
    const bool excludes_low = i % 2 == 0, excludes_high = i % 3 == 0;
    const auto integers = byte_automaton::of(integers_between(low, high));
    CHECK(integers.has_value() == (low <= high));
    const auto decimals = byte_automaton::of(decimals_between(low, excludes_low, high, excludes_high));
    CHECK(decimals.has_value() == (low < high || (low == high && !excludes_low && !excludes_high)));
    for (int k = 0; k < 100; ++k) {
      const std::int64_t value = k < 50 ? pick(most + 5) : (k % 2 == 0 ? low : high) + k % 5 - 2;
      const bool is_in = low <= value && value <= high;
      if (integers) CHECK(integers->matches(std::to_string(value)) == is_in);
      const bool is_inside =
          (excludes_low ? low < value : low <= value) && (excludes_high ? value < high : value <= high);
      if (decimals) CHECK(decimals->matches(std::to_string(value)) == is_inside);
      // A quarter away from zero.
      const double beside = double(value) + (value < 0 ? -0.25 : 0.25);
      if (decimals)
        CHECK(decimals->matches(std::to_string(value) + ".25") == (double(low) < beside && beside < double(high)));
    }
  }
  CHECK(automaton_of(integers_between(-largest_decimal * 2, largest_decimal * 2)).matches("-999999999999999"));
}

TEST_CASE("a schema that contains itself ends") {
  constexpr std::string_view list =
      R"({"type": "object", "properties": {"next": {"$ref": "#"}, "value": {"type": "null"}}, "required": ["value"]})";
  const byte_automaton two = automaton_of(list), none = automaton_of(list, {.most_recursions = 0});
  CHECK(two.matches(R"({"next": {"next": {"value": null}, "value": null}, "value": null})"));
  CHECK_FALSE(
      two.matches(R"({"next": {"next": {"next": {"value": null}, "value": null}, "value": null}, "value": null})"));
  CHECK(none.matches(R"({"value": null})"));
  CHECK_FALSE(none.matches(R"({"next": {"value": null}, "value": null})"));
  const auto endless = json_schema_grammar(R"({"properties": {"next": {"$ref": "#"}}, "required": ["next"]})");
  REQUIRE(endless);
  CHECK(byte_automaton::of(*endless).error().message() == "the grammar has no text: no end can be reached");
}

TEST_CASE("rejects schemas that it cannot keep, and says where") {
  CHECK(message_of(R"({"properties": {"a": {"type": "array", "items": {"multipleOf": 3}}}})") ==
        "JSON schema, at #/properties/a/items: the keyword \"multipleOf\" is not supported");
  CHECK(message_of(R"({"type": "text"})") == "JSON schema, at #/type: expected the name of a type");
  CHECK(message_of(R"({"required": ["a"]})") ==
        "JSON schema, at #/properties: expected every required property, found none with the name \"a\"");
  CHECK(message_of(R"({"anyOf": [], "type": "string"})") ==
        "JSON schema, at #: \"type\" beside \"anyOf\" is not supported");
  CHECK(message_of(R"X({"pattern": "(?=a)"})X").find("at #/pattern: regular expression") != std::string::npos);
  CHECK(message_of(R"({"$ref": "#/$defs/a"})") == "JSON schema, at #/$ref: nothing is at \"#/$defs/a\"");
  for (const std::string_view schema : {"",
                                        "{",
                                        "1",
                                        "[]",
                                        "\"a\"",
                                        R"({"type": 3})",
                                        R"({"type": []})",
                                        R"({"minLength": -1})",
                                        R"({"maxItems": 1.5})",
                                        R"({"minimum": "1"})",
                                        R"({"oneOf": []})",
                                        R"({"format": "date"})",
                                        R"({"enum": 1})",
                                        R"({"anyOf": 1})",
                                        R"({"anyOf": [1]})",
                                        R"({"$ref": 1})",
                                        R"({"$ref": "other.json"})",
                                        R"({"$ref": "#a"})",
                                        R"({"properties": []})",
                                        R"({"required": true})",
                                        R"({"required": [1]})",
                                        R"({"items": [{}]})",
                                        R"({"pattern": 1})",
                                        R"({"pattern": "a", "maxLength": 3})",
                                        R"({"type": "number", "minimum": 0.5})",
                                        R"({"properties": {"a": {}, "a": {}}})",
                                        R"({"additionalProperties": 1})"}) {
    INFO(schema);
    CHECK(message_of(schema).starts_with("JSON schema"));
  }
  CHECK(message_of(R"({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}, {"$ref": "#/$defs/b"}]},
                                 "b": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"})") ==
        "accepted");
}

}  // namespace
}  // namespace typeformer
