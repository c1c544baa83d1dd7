// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/grammars/tokenizer_bytes.hpp>
#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>

namespace typeformer {
namespace {

constexpr std::string_view texts[]{"this is the first of four texts, and it is a plain one.",
                                   "The quick  brown fox,\n\tisn't it? 3.14 {\"a\": [1, 2]} ",
                                   "The café costs 5 € <0x41> in 日本, 😀!", "The \\ \" / ' ▁ __init__()"};

/// The bytes of all tokens but the first are what the tokenizer's own decoding adds behind the first.
void check_against_decoding(tokenizer& with, const token_bytes& bytes) {
  CHECK(bytes.size() == with.vocabulary_size());
  for (const std::string_view text : texts) {
    const auto ids = with.encode_ids(text, false);
    REQUIRE(ids);
    const bool has_unknown = std::ranges::any_of(*ids, [&](std::int32_t id) { return with.is_special(id); });
    CHECK_FALSE((has_unknown && text == texts[0]));
    if (has_unknown) continue;
    REQUIRE(ids->size() > 5);
    const std::string whole = with.decode(*ids), first = with.decode(std::span{*ids}.first(1));
    std::string rest;
    for (const std::int32_t id : std::span{*ids}.subspan(1)) rest += bytes[id];
    CHECK(first + rest == whole);
  }
  for (std::int32_t id = 0; id < with.vocabulary_size(); ++id)
    if (with.is_special(id) && !bytes[id].empty()) FAIL("the special token " << id << " has bytes");
}

TEST_CASE("the bytes of tokens are what decoding adds") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers/json");
  for (const char* const name :
       {"deepseek", "gemma", "gpt2", "llama2", "llama3", "qwen2", "roberta", "albert_unigram", "t5_unigram"}) {
    INFO(name);
    auto with = load_tokenizer((folder / name / "tokenizer.json").string());
    if (!with) FAIL(with.error().message());
    const auto bytes = bytes_of_tokens(*with);
    if (!bytes) FAIL(bytes.error().message());
    check_against_decoding(*with, *bytes);
  }
}

TEST_CASE("rejects tokenizers whose tokens have no bytes of their own") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers/json");
  for (const char* const name : {"bert_uncased", "bert_cased"}) {
    const auto with = load_tokenizer((folder / name / "tokenizer.json").string());
    REQUIRE(with);
    CHECK(bytes_of_tokens(*with).error().message() ==
          "expected a decoder in which each token has bytes of its own, found the decoder WordPiece");
  }
}

TEST_CASE("the pieces of SentencePiece and llama2.c have bytes") {
  TYPEFORMER_NEEDS_SHARED(pieces, "tokenizers/sentencepiece/transformers-fixtures");
  auto with = load_tokenizer((pieces / "test_sentencepiece_with_bytefallback.model").string());
  if (!with) FAIL(with.error().message());
  const auto bytes = bytes_of_tokens(*with);
  if (!bytes) FAIL(bytes.error().message());
  check_against_decoding(*with, *bytes);
}

TEST_CASE("characters and bytes have themselves as bytes") {
  const auto characters = character_vocabulary::of("aé日");
  REQUIRE(characters);
  const token_bytes bytes = bytes_of_tokens(*characters);
  CHECK(bytes.size() == 3);
  CHECK(bytes[1] == "é");
  for (const std::int32_t id : {-1, 3, 1000}) CHECK(bytes[id].empty());
  const token_bytes all = bytes_of_tokens(character_vocabulary::of_bytes());
  CHECK(all.size() == 256);
  CHECK(all[0] == std::string_view("\0", 1));
  CHECK(all[0xE9] == "\xE9");
}

TEST_CASE("the tokens of llama2.c have the bytes that decoding adds") {
  TYPEFORMER_NEEDS_SHARED(path, "weights/stories260K/tok512.bin");
  const auto file = bytes_of_regular_file(path.string(), 1u << 20);
  REQUIRE(file);
  const auto with = llama2c_tokenizer::parse(std::as_bytes(std::span{*file}), 512);
  REQUIRE(with);
  const token_bytes bytes = bytes_of_tokens(*with);
  CHECK(bytes.size() == 512);
  for (std::int32_t id = 0; id < 3; ++id) CHECK(bytes[id].empty());
  for (const std::string_view text : texts) {
    std::string made;
    for (const std::int32_t id : with->encode(text, false)) made += bytes[id];
    CHECK(made == ' ' + std::string(text));
  }
}

}  // namespace
}  // namespace typeformer
