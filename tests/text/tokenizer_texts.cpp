// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <text/tokenizer_cases.hpp>

using namespace typeformer;
using tokenizer_cases::bytes_of;
using tokenizer_cases::case_file;
using tokenizer_cases::check_llama_cpp;
using ids_type = std::vector<std::int32_t>;

namespace {

tokenizer loaded(result<tokenizer, tokenizer_error> made) {
  if (!made) FAIL(made.error().message());
  return std::move(*made);
}
tokenizer gpt2_tokenizer(const std::filesystem::path& folder) {
  return loaded(byte_level_tokenizer(bytes_of(folder / "gpt2/encoder.json"), bytes_of(folder / "gpt2/vocab.bpe")));
}
tokenizer bert_of(const std::filesystem::path& folder, std::string_view settings) {
  return loaded(bert_tokenizer(bytes_of(folder / "bert/bert-base-uncased-vocab.txt"), settings));
}

std::map<std::string, std::string> texts_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> texts;
  tokenizer_cases::for_each_line(folder / "texts.jsonl", [&](const case_file& line) {
    texts[line.text(line.root(), "id")] = line.text(line.root(), "text");
  });
  return texts;
}

/// Of T5, the recorded ids of this text take U+0085 for a letter, as SentencePiece does. Hugging Face's tokenizers
/// 0.23.3, which the file is for, split at it.
constexpr std::string_view text_of_next_line = "blns-130";

/// Compares with every line of a file of `expected/`.
void check_texts(const std::filesystem::path& folder, std::string_view name, tokenizer& with, bool adds_special) {
  INFO(name);
  const auto texts = texts_of(folder);
  std::size_t lines = 0;
  tokenizer_cases::for_each_line(folder / "expected" / name, [&](const case_file& line) {
    const std::string id = line.text(line.root(), "id");
    const std::string& text = texts.at(id);
    const auto ids = with.encode_ids(text, adds_special);
    REQUIRE(ids);
    const bool is_tie =
        line.has(line.root(), "ids_sentencepiece_tie") && *ids == line.numbers(line.root(), "ids_sentencepiece_tie");
    const bool is_next_line = name == "t5_small.jsonl" && id == text_of_next_line && *ids == ids_type{1};
    if (*ids != line.numbers(line.root(), "ids") && !is_tie && !is_next_line) FAIL_CHECK(quoted_name(text));
    if (with.encode(text, adds_special)->ids != *ids) FAIL_CHECK("with offsets: " << quoted_name(text));
    if (line.has(line.root(), "decoded") && with.decode(*ids) != line.text(line.root(), "decoded"))
      FAIL_CHECK("decoded: " << quoted_name(text));
    ++lines;
  });
  CHECK(lines == texts.size());
}

}  // namespace

TEST_CASE("makes the ids of tiktoken with GPT-2's files", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  tokenizer with = gpt2_tokenizer(folder);
  check_texts(folder, "gpt2.jsonl", with, false);
  check_llama_cpp(folder, "gpt-2", with, false);
  CHECK(*with.encode_ids("hello <|endoftext|>") == ids_type{31373, 220, 50256});
  CHECK(with.vocabulary_size() == 50257);
  for (const std::string unit : {"^", "0", "a", "'s", " ", "\n", "\xF0\x9F\x98\x81", "\x80"}) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += unit;
    const std::string around = " " + text + "\n";
    if (unit != "\x80") CHECK(with.decode(*with.encode_ids(text)) == text);
    if (unit != "\x80") CHECK(with.decode(*with.encode_ids(around)) == around);
    CHECK(with.encode_ids(text)->size() <= text.size());
  }
}

TEST_CASE("makes the ids of all of tiny Shakespeare", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  TYPEFORMER_NEEDS_SHARED(corpus, "corpora/tinyshakespeare/input.txt");
  const std::string text = bytes_of(corpus);
  const std::string expected = bytes_of(folder / "expected/gpt2_tinyshakespeare_ids_u16le.bin");
  tokenizer with = gpt2_tokenizer(folder);
  const auto ids = with.encode_ids(text);
  REQUIRE(ids);
  REQUIRE(ids->size() == expected.size() / 2);
  std::size_t different = 0;
  for (std::size_t i = 0; i < ids->size(); ++i) {
    const auto low = static_cast<unsigned char>(expected[2 * i]),
               high = static_cast<unsigned char>(expected[2 * i + 1]);
    different += (*ids)[i] != low + 256 * high;
  }
  CHECK(different == 0);
  CHECK(with.decode(*ids) == text);
}

TEST_CASE("makes the ids of BERT's tokenizer with its vocabulary", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  tokenizer uncased = bert_of(folder, "{}"), cased = bert_of(folder, R"({"do_lower_case":false})");
  check_texts(folder, "bert_uncased.jsonl", uncased, false);
  check_texts(folder, "bert_uncased_vocab_nolower.jsonl", cased, false);
  check_llama_cpp(folder, "bert-bge", uncased, false);
}

TEST_CASE("makes the ids of T5's tokenizer.json", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  tokenizer with = loaded(load_tokenizer((folder / "t5/t5-small-tokenizer.json").string()));
  check_texts(folder, "t5_small.jsonl", with, true);
}

TEST_CASE("makes the ids and the texts of SentencePiece with its models", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  int models = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder / "sentencepiece")) {
    if (file.path().extension() != ".model" && file.path().extension() != ".spm") continue;
    tokenizer with = loaded(load_tokenizer(file.path().string()));
    const std::string owner = file.path().parent_path().filename().string();
    check_texts(folder, "sp__" + owner + "__" + file.path().stem().string() + ".jsonl", with, false);
    ++models;
  }
  CHECK(models == 9);
}
