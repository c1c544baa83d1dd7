// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/tokenizers/tokenizer_json.hpp>
#include <typeformer/text/truncation.hpp>

#include <support/catch.hpp>

using namespace typeformer;
using ids_type = std::vector<std::int32_t>;
using all_ids = std::vector<ids_type>;

namespace {

/// Letters are words: a is 0, b is 1, … z is 25. 30 and 31 are put around texts.
tokenizer letters(const std::string& post_processor, const std::string& truncation, const std::string& padding) {
  std::string vocabulary = R"("?":40,"<":30,">":31)";
  for (char c = 'a'; c <= 'z'; ++c) ((vocabulary += ",\"") += c) += "\":" + std::to_string(c - 'a');
  auto with =
      parse_tokenizer_json(R"({"truncation":)" + truncation + R"(,"padding":)" + padding +
                               R"(,"pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":)" + post_processor +
                               R"(,"model":{"type":"WordLevel","unk_token":"?","vocab":{)" + vocabulary + "}}}",
                           "t.json");
  if (!with) FAIL(with.error().message());
  return std::move(*with);
}
std::string truncation(int most, int stride, const std::string& strategy, const std::string& direction) {
  return R"({"max_length":)" + std::to_string(most) + R"(,"stride":)" + std::to_string(stride) + R"(,"strategy":")" +
         strategy + R"(","direction":")" + direction + "\"}";
}

const std::string around =
    R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<","type_id":7}},{"Sequence":{"id":"A","type_id":5}},
    {"SpecialToken":{"id":">","type_id":7}}],"pair":[{"SpecialToken":{"id":"<","type_id":0}},
    {"Sequence":{"id":"A","type_id":5}},{"SpecialToken":{"id":">","type_id":0}},{"Sequence":{"id":"B","type_id":6}},
    {"SpecialToken":{"id":">","type_id":6}}],"special_tokens":{"<":{"id":"<","ids":[30],"tokens":["<"]},
    ">":{"id":">","ids":[31],"tokens":[">"]}}})";

all_ids ids_of(const result<std::vector<token_encoding>, tokenizer_error>& encodings) {
  if (!encodings) FAIL(encodings.error().message());
  all_ids all;
  for (const token_encoding& each : *encodings) all.push_back(each.ids);
  return all;
}

}  // namespace

TEST_CASE("shortens two texts together", "[text]") {
  using both = std::vector<std::size_t>;
  const auto lengths = [](std::size_t first, std::size_t second, std::size_t most, truncation_strategy strategy) {
    const auto sizes = truncated_sizes({first, second}, most, strategy);
    return sizes ? *sizes : both{};
  };
  CHECK(lengths(3, 9, 10, truncation_strategy::longest_first) == both{3, 7});
  CHECK(lengths(9, 3, 10, truncation_strategy::longest_first) == both{7, 3});
  CHECK(lengths(9, 9, 7, truncation_strategy::longest_first) == both{3, 4});
  CHECK(lengths(9, 4, 10, truncation_strategy::only_first) == both{6, 4});
  CHECK(lengths(9, 4, 10, truncation_strategy::only_second) == both{9, 1});
  CHECK(lengths(9, 2, 8, truncation_strategy::only_second).empty());
  CHECK(lengths(4, 4, 0, truncation_strategy::longest_first) == both{0, 0});
}

// The numbers below are those of Hugging Face's tokenizers 0.23.3.

TEST_CASE("gives what truncation cuts off a text, in pieces that overlap", "[text]") {
  tokenizer right = letters(around, truncation(4, 1, "LongestFirst", "Right"), "null");
  CHECK(ids_of(right.encode_overflowing("a b c d e f g")) ==
        all_ids{{30, 0, 1, 31}, {30, 1, 2, 31}, {30, 2, 3, 31}, {30, 3, 4, 31}, {30, 4, 5, 31}, {30, 5, 6, 31}});
  CHECK(ids_of(right.encode_overflowing("a b c d e f g", false)) == all_ids{{0, 1, 2, 3}, {3, 4, 5, 6}});
  CHECK(ids_of(right.encode_overflowing("a b")) == all_ids{{30, 0, 1, 31}});
  CHECK(ids_of(right.encode_overflowing("")) == all_ids{{30, 31}});
  const auto typed = right.encode_overflowing("a b c");
  REQUIRE(typed);
  CHECK((*typed)[0].type_ids == ids_type{7, 5, 5, 7});
  CHECK((*typed)[1].type_ids == ids_type{7, 0, 0, 7});
  CHECK((*typed)[1].offsets[1] == text_range{2, 3});
  CHECK((*typed)[1].is_overflow);
  CHECK(right.encode("a b c")->ids == ids_type{30, 0, 1, 31});
  tokenizer left = letters(around, truncation(4, 1, "LongestFirst", "Left"), "null");
  CHECK(ids_of(left.encode_overflowing("a b c d e f g", false)) == all_ids{{3, 4, 5, 6}, {0, 1, 2, 3}});
  CHECK(ids_of(left.encode_overflowing("a b c d")) == all_ids{{30, 2, 3, 31}, {30, 1, 2, 31}, {30, 0, 1, 31}});
  tokenizer none = letters(around, truncation(2, 0, "LongestFirst", "Right"), "null");
  CHECK(ids_of(none.encode_overflowing("a b c")) == all_ids{{30, 31}, {30, 0, 1, 2, 31}});
}

TEST_CASE("gives what truncation cuts off two texts, each piece with each", "[text]") {
  const std::string padding = R"({"strategy":"BatchLongest","direction":"Right","pad_to_multiple_of":5,"pad_id":39})";
  tokenizer with = letters(around, truncation(8, 1, "LongestFirst", "Right"), padding);
  const auto pieces = with.encode_pair_overflowing("a b c d e", "f g h i j k l");
  REQUIRE(pieces);
  REQUIRE(pieces->size() == 12);
  CHECK((*pieces)[0].ids == ids_type{30, 0, 1, 31, 5, 6, 7, 31, 39, 39});
  CHECK((*pieces)[0].type_ids == ids_type{0, 5, 5, 0, 6, 6, 6, 6, 0, 0});
  CHECK((*pieces)[1].ids == ids_type{30, 1, 2, 31, 5, 6, 7, 31, 39, 39});
  CHECK((*pieces)[1].type_ids == ids_type{0, 0, 0, 0, 6, 6, 6, 6, 0, 0});
  CHECK((*pieces)[3].ids == ids_type{30, 1, 2, 31, 9, 10, 11, 31, 39, 39});
  CHECK((*pieces)[3].type_ids == ids_type{0, 0, 0, 0, 1, 1, 1, 6, 0, 0});
  CHECK((*pieces)[11].ids == ids_type{30, 0, 1, 31, 9, 10, 11, 31, 39, 39});
  tokenizer second = letters(around, truncation(8, 1, "OnlySecond", "Left"), "null");
  CHECK(ids_of(second.encode_pair_overflowing("a", "f g h i j k l")) ==
        all_ids{{30, 0, 31, 8, 9, 10, 11, 31}, {30, 0, 31, 5, 6, 7, 8, 31}});
  tokenizer roberta = letters(R"({"type":"RobertaProcessing","sep":[">",31],"cls":["<",30]})",
                              truncation(8, 1, "OnlyFirst", "Right"), "null");
  const auto joined = roberta.encode_pair_overflowing("a b c d", "f g");
  CHECK(ids_of(joined) ==
        all_ids{{30, 0, 1, 31, 31, 5, 6, 31}, {30, 1, 2, 31, 31, 5, 6, 31}, {30, 2, 3, 31, 31, 5, 6, 31}});
  CHECK((*joined)[2].type_ids == ids_type(8, 0));
}

TEST_CASE("rejects a stride that truncation cannot have, and pieces without end", "[text]") {
  tokenizer with = letters(around, truncation(4, 2, "LongestFirst", "Right"), "null");
  CHECK(with.encode("a b c d")->ids == ids_type{30, 0, 1, 31});
  const auto pieces = with.encode_overflowing("a b c d");
  REQUIRE_FALSE(pieces);
  CHECK(pieces.error().message() ==
        "truncation: expected a stride below 2, the tokens that are kept of a text, found 2");
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "a ";
  tokenizer pairs = letters("null", truncation(8, 0, "LongestFirst", "Right"), "null");
  const auto all = pairs.encode_pair_overflowing(text, text);
  REQUIRE_FALSE(all);
  CHECK(all.error().message().find("expected at most 16777216 tokens") != std::string::npos);
  CHECK(pairs.encode_overflowing(text)->size() == 2500);
}
