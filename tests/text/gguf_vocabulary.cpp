// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/tokenizers/set_gguf_tokenizer.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/gguf_writer.hpp>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <text/tokenizer_cases.hpp>

using namespace typeformer;
using form = gguf_tokenizer_form;

// A tokenizer to the metadata of a GGUF file and back.
namespace {

tokenizer made_of(const gguf_metadata_builder& builder) {
  const auto entries = builder.entries();
  auto made = gguf_tokenizer(gguf_metadata{"t.gguf", entries});
  if (!made) FAIL(made.error().message());
  return std::move(*made);
}
gguf_vocabulary vocabulary_of(const gguf_metadata_builder& builder) {
  const auto entries = builder.entries();
  auto made = gguf_vocabulary::read(gguf_metadata{"t.gguf", entries});
  if (!made) FAIL(made.error().message());
  return std::move(*made);
}
tokenizer loaded(const std::filesystem::path& path) {
  auto made = load_tokenizer(path.string());
  if (!made) FAIL(made.error().message());
  return std::move(*made);
}

void write(const testing::scratch_folder& folder, const char* name, const std::string& text) {
  std::ofstream{folder.path() / name, std::ios::binary} << text;
}

}  // namespace

TEST_CASE("writes the vocabulary of a tokenizer.json, and all of it where GGUF's keys say less", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers/json");
  struct kind {
    const char* name;
    form is;
    const char *model, *splitter;
  };
  for (const kind& each :
       {kind{"bert_uncased", form::keys, "bert", "default"}, kind{"deepseek", form::keys, "gpt2", "deepseek-coder"},
        kind{"llama3", form::keys, "gpt2", "llama-bpe"}, kind{"roberta", form::keys, "gpt2", "roberta-bpe"},
        // They have tokens that stand for whole words, and bytes as added tokens.
        kind{"gpt2", form::keys_and_json, "gpt2", "gpt-2"}, kind{"qwen2", form::keys_and_json, "gpt2", "qwen2"},
        kind{"llama2", form::keys_and_json, "llama", "default"}, kind{"gemma", form::keys_and_json, "llama", "default"},
        // Normalizers, a WordPiece and a byte-pair encoding that llama.cpp does not have.
        kind{"t5_unigram", form::json, "none", ""}, kind{"albert_unigram", form::json, "none", ""},
        kind{"bert_cased", form::json, "none", ""}, kind{"char_level", form::json, "none", ""}}) {
    INFO(each.name);
    gguf_metadata_builder builder;
    const auto written = set_gguf_tokenizer(builder, (folder / each.name).string(), 5000);
    REQUIRE(written);
    CHECK(*written == each.is);
    const gguf_vocabulary vocabulary = vocabulary_of(builder);
    CHECK((vocabulary.model == each.model && vocabulary.splitter == each.splitter));
    CHECK(vocabulary.tokens.size() == 5000);
    CHECK((vocabulary.tokens.back() == "[PAD4999]" && vocabulary.types.back() == sentencepiece_type::unused));
    tokenizer with = made_of(builder);
    tokenizer_cases::check_rows(with, folder / each.name);
    if (each.is != form::keys_and_json || vocabulary.model != std::string_view("llama")) continue;
    auto by_keys = gguf_tokenizer(vocabulary);
    REQUIRE(by_keys);
    tokenizer_cases::check_rows(*by_keys, folder / each.name);
  }
}

TEST_CASE("writes the vocabulary of a SentencePiece model of unigrams", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  for (const char* const name :
       {"seqio/sentencepiece.model", "google/test_model.model", "transformers-fixtures/spiece.model",
        "transformers-fixtures/test_sentencepiece_with_bytefallback.model"}) {
    INFO(name);
    tokenizer with = loaded(folder / "sentencepiece" / name);
    const auto described = gguf_vocabulary_of(with);
    REQUIRE(described);
    gguf_metadata_builder builder;
    set_gguf_vocabulary(builder, *described);
    tokenizer again = made_of(builder);
    int texts = 0;
    tokenizer_cases::for_each_line(folder / "texts.jsonl", [&](const tokenizer_cases::case_file& line) {
      const std::string text = line.text(line.root(), "text");
      if (*with.encode_ids(text) != *again.encode_ids(text)) FAIL_CHECK(quoted_name(text));
      ++texts;
    });
    CHECK(texts > 500);
  }
}

TEST_CASE("writes the vocabularies of llama.cpp's files as they are", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers/llamacpp");
  for (const std::string name : {"phi-3", "gpt-2", "bert-bge"}) {
    INFO(name);
    const auto file = gguf_file::open((folder / ("ggml-vocab-" + name + ".gguf")).string());
    REQUIRE(file);
    const auto expected = gguf_vocabulary::read(file->metadata());
    REQUIRE(expected);
    const auto made = gguf_vocabulary_of(*gguf_tokenizer(*expected));
    if (!made) FAIL(made.error().message());
    gguf_metadata_builder builder;
    set_gguf_vocabulary(builder, *made);
    const gguf_vocabulary written = vocabulary_of(builder);
    CHECK(written.model == expected->model);
    CHECK(written.tokens == expected->tokens);
    CHECK(written.merges == expected->merges);
    if (name == "phi-3") CHECK(written.scores == expected->scores);
    const auto is_found_in_no_word = [](sentencepiece_type type) {  // which of the two llama.cpp has changed
      return type == sentencepiece_type::control || type == sentencepiece_type::unknown;
    };
    for (std::size_t id = 0; name == "phi-3" && id < written.types.size(); ++id)
      if (written.types[id] != expected->types[id] &&
          !(is_found_in_no_word(written.types[id]) && is_found_in_no_word(expected->types[id])))
        FAIL_CHECK(written.tokens[id]);
    if (name == "gpt-2") CHECK(written.splitter == expected->splitter);
    CHECK(written.adds_begin.value_or(false) == (name != "gpt-2"));
    tokenizer again = made_of(builder);
    tokenizer_cases::check_llama_cpp(folder.parent_path(), name, again, false);
  }
}

TEST_CASE("finds the special tokens and the chat template of a folder for a GGUF file", "[text]") {
  const testing::scratch_folder folder;
  write(folder, "tokenizer.json", R"({"added_tokens": [{"id": 0, "content": "<s>", "special": true},
      {"id": 1, "content": "</s>", "special": true}, {"id": 2, "content": "<|im_end|>", "special": true}],
      "pre_tokenizer": {"type": "WhitespaceSplit"},
      "model": {"type": "WordLevel", "vocab": {"a": 3, "b": 4, "<unk>": 5}, "unk_token": "<unk>"}})");
  write(folder, "tokenizer_config.json", R"({"bos_token": "<s>", "pad_token": {"content": "b"},
      "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"})");
  write(folder, "config.json", R"({"eos_token_id": [1, 2], "pad_token_id": 3, "bos_token_id": 4, "unk_token_id": 77})");
  gguf_metadata_builder builder;
  const auto written = set_gguf_tokenizer(builder, folder.path().string());
  REQUIRE(written);
  CHECK(*written == form::json);
  const gguf_vocabulary vocabulary = vocabulary_of(builder);
  CHECK((vocabulary.begin == 0 && vocabulary.end == 1 && vocabulary.padding == 3 && vocabulary.unknown == -1));
  CHECK(vocabulary.ends() == std::vector<std::int32_t>{1, 2});
  CHECK(vocabulary.types[0] == sentencepiece_type::control);

  const std::string path = folder / "model.gguf";
  REQUIRE(write_gguf(path, std::vector<tensor_to_write>{}, builder.entries()));
  CHECK(*loaded(path).encode_ids("a b c") == std::vector<std::int32_t>{3, 4, 5});
  const auto chat = load_chat_template(path);
  REQUIRE((chat && *chat));
  const chat_turn turn{"user", "hi"};
  const auto text = (*chat)->form.render({&turn, 1}, (*chat)->settings);
  REQUIRE(text);
  CHECK(*text == "<s>hi</s>");
}

TEST_CASE("rejects a tokenizer that a GGUF file cannot hold", "[text]") {
  const testing::scratch_folder folder;
  const auto rejection = [&] {
    gguf_metadata_builder builder;
    const auto made = set_gguf_tokenizer(builder, folder.path().string());
    CHECK(builder.entries().empty());
    return made ? "accepted" : made.error().message();
  };
  CHECK(rejection().find("the folder has no tokenizer") != std::string::npos);
  write(folder, "config.json", R"({"model_type": "esm"})");
  write(folder, "vocab.txt", "<cls>\n<pad>\n<eos>\n<unk>\nA\n");
  CHECK(rejection() == folder.path().string() + ": GGUF has no words for a vocabulary of whole words");
}
