// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>
#include <typeformer/text/decode_stream.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <text/tokenizer_cases.hpp>

using namespace typeformer;
using tokenizer_cases::case_file;
using tokenizer_cases::streamed;

namespace {

/// Whether everything that Hugging Face's tokenizers made of one text is equal.
void check_row(tokenizer& with, const case_file& file, const json_node& row) {
  const std::string text = file.text(row, "text");
  const auto ids = file.numbers(row, "ids"), plain = file.numbers(row, "plain_ids");
  const auto encoded = with.encode(text);
  REQUIRE(encoded);
  const bool is_equal =
      encoded->ids == ids && *with.encode_ids(text) == ids && *with.encode_ids(text, false) == plain &&
      with.encode(text, false)->ids == plain && encoded->type_ids == file.numbers(row, "type_ids") &&
      code_point_offsets(text, encoded->offsets) == file.ranges(row, "offsets") &&
      with.decode(ids) == file.text(row, "decoded") && with.decode(plain, true) == file.text(row, "decoded_plain");
  if (!is_equal) FAIL_CHECK(quoted_name(text));
  if (streamed(with, ids) != file.text(row, "decoded")) FAIL_CHECK("streamed: " << quoted_name(text));
}

}  // namespace

TEST_CASE("tokenizes as Hugging Face does with twelve kinds of tokenizer.json", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers/json");
  int kinds = 0;
  for (const auto& kind : std::filesystem::directory_iterator(folder)) {
    INFO(kind.path().filename().string());
    const case_file file{kind.path() / "expected.json"};
    auto with = load_tokenizer(kind.path().string());
    if (!with) FAIL(with.error().message());
    file.for_each("rows", [&](const json_node& row) { check_row(*with, file, row); });
    file.for_each("pairs", [&](const json_node& row) {
      const auto pair = with->encode_pair(file.text(row, "first"), file.text(row, "second"));
      REQUIRE(pair);
      CHECK((pair->ids == file.numbers(row, "ids") && pair->type_ids == file.numbers(row, "type_ids")));
    });
    with->set_truncation(truncation_options{.most = 12});
    with->set_padding(padding_options{.length = 16});
    file.for_each("truncated_to_12_padded_to_16", [&](const json_node& row) {
      const auto padded = with->encode(file.text(row, "text"));
      REQUIRE(padded);
      CHECK(padded->ids == file.numbers(row, "ids"));
      CHECK(std::ranges::equal(padded->attention_mask, file.numbers(row, "mask")));
    });
    ++kinds;
  }
  CHECK(kinds == 12);
}

TEST_CASE("names what it does not support in a tokenizer.json", "[text]") {
  const auto rejection = [](const std::string& json) {
    const auto made = parse_tokenizer_json(json, "t.json");
    return made ? "accepted" : made.error().message();
  };
  const std::string model = R"("model":{"type":"WordLevel","vocab":{"a":0,"<unk>":1},"unk_token":"<unk>"})";
  CHECK(rejection("{" + model + "}") == "accepted");
  CHECK(rejection(R"({"normalizer":{"type":"Upside"},)" + model + "}") ==
        "t.json: the normalizer \"Upside\" is not supported");
  CHECK(rejection(R"({"pre_tokenizer":{"type":"UnicodeScripts"},)" + model + "}") ==
        "t.json: the pre-tokenizer \"UnicodeScripts\" is not supported");
  CHECK(rejection(R"({"post_processor":{"type":"X"},)" + model + "}") ==
        "t.json: the post-processor \"X\" is not supported");
  CHECK(rejection(R"({"decoder":{"type":"X"},)" + model + "}") == "t.json: the decoder \"X\" is not supported");
  CHECK(rejection(R"({"model":{"type":"X","vocab":{}}})") == "t.json: model: the model \"X\" is not supported");
  CHECK(rejection("{}") == "t.json: model: expected an object, found none");
  CHECK(rejection("[]") == "t.json: expected an object, found an array");
  CHECK(rejection("{").starts_with("t.json: invalid JSON"));
  const std::string named_group =
      R"x({"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(?<a>b)"},"behavior":"Isolated"},)x";
  CHECK(rejection(named_group + model + "}").find("the group (?<a") != std::string::npos);
}

TEST_CASE("rejects a damaged model of a tokenizer.json", "[text]") {
  const auto rejection = [](const std::string& model) {
    const auto made = parse_tokenizer_json(R"({"model":)" + model + "}", "t.json");
    return made ? "accepted" : made.error().message();
  };
  CHECK(rejection(R"({"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]})") ==
        "t.json: model: merge 0: the token \"ab\" is not in the vocabulary");
  CHECK(rejection(R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b",["a","b"]]})")
            .starts_with("t.json: invalid"));
  CHECK(rejection(R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"],["a"]]})") ==
        "t.json: model: merges: a pair of tokens is not complete");
  CHECK(rejection(R"({"type":"BPE","vocab":{"a":0},"merges":["a b c"]})") ==
        "t.json: model: merge 0: expected two tokens, found \"a b c\"");
  CHECK(rejection(R"({"type":"BPE","vocab":{"a":4000000000},"merges":[]})").find("expected an id from 0") !=
        std::string::npos);
  CHECK(rejection(R"({"type":"BPE","vocab":{"a":-1},"merges":[]})").find("expected an id from 0") != std::string::npos);
  CHECK(rejection(R"({"type":"BPE","vocab":{"a":{}},"merges":[]})").find("expected tokens with ids") !=
        std::string::npos);
  CHECK(rejection(R"({"type":"BPE","vocab":[["a",0.5]],"merges":[]})").find("expected ids for") != std::string::npos);
  CHECK(rejection(R"({"type":"WordPiece","vocab":{"a":0}})") ==
        "t.json: model: unk_token: the token \"[UNK]\" is not in the vocabulary");
  CHECK(rejection(R"({"type":"Unigram","vocab":[["a",0.5]],"unk_id":7})") ==
        "t.json: model: unk_id: expected a number from 0 to 0, found 7");
  CHECK(rejection(R"({"type":"Unigram","vocab":[["a",0.5],["b"]],"unk_id":0})").find("expected tokens with ids") !=
        std::string::npos);
  CHECK(rejection(R"({"type":"Unigram","vocab":[["a",0.5],["a",1]],"unk_id":0})") == "accepted");
}

TEST_CASE("applies lengths that a tokenizer.json holds", "[text]") {
  auto with = parse_tokenizer_json(
      R"({"truncation":{"direction":"Left","max_length":3,"strategy":"LongestFirst","stride":0},
          "padding":{"strategy":{"Fixed":5},"direction":"Left","pad_to_multiple_of":4,"pad_id":9,"pad_type_id":1},
          "pre_tokenizer":{"type":"WhitespaceSplit"},
          "model":{"type":"WordLevel","vocab":{"a":0,"b":1,"c":2,"d":3,"?":4},"unk_token":"?"}})",
      "t.json");
  REQUIRE(with);
  const auto encoded = with->encode("a b c d e");
  REQUIRE(encoded);
  CHECK(encoded->ids == std::vector<std::int32_t>{9, 9, 9, 9, 9, 2, 3, 4});
  CHECK(encoded->offsets[7] == text_range{8, 9});
  CHECK(encoded->attention_mask == std::vector<std::uint8_t>{0, 0, 0, 0, 0, 1, 1, 1});
  CHECK(*with->encode_ids("a b c d e") == encoded->ids);
  CHECK(with->decode(std::vector<std::int32_t>{0, 1, 77}) == "a b");
  CHECK(with->vocabulary_size() == 5);
}
