// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>
#include <typeformer/text/detail/protobuf_reader.hpp>
#include <typeformer/text/llama2c_tokenizer.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <text/tokenizer_cases.hpp>

using namespace typeformer;
using tokenizer_cases::bytes_of;
using tokenizer_cases::case_file;
using tokenizer_cases::check_rows;
using ids_type = std::vector<std::int32_t>;

namespace {

result<tokenizer, tokenizer_error> made_of(const gguf_metadata_builder& builder) {
  const auto entries = builder.entries();
  return gguf_tokenizer(gguf_metadata{"t.gguf", entries});
}
std::string rejection(const gguf_metadata_builder& builder) {
  const auto made = made_of(builder);
  return made ? "accepted" : made.error().message();
}

/// The keys of a vocabulary.
struct vocabulary_keys {
  std::vector<std::string> tokens, merges;
  std::vector<std::int32_t> types;
  std::vector<float> scores;

  void add(const std::string& token, std::int32_t type, float score = 0) {
    tokens.push_back(token), types.push_back(type), scores.push_back(score);
  }
  void set(gguf_metadata_builder& builder, std::string_view model) const {
    builder.set("tokenizer.ggml.model", model);
    const auto set_texts = [&](std::string_view key, const std::vector<std::string>& texts) {
      const std::vector<std::string_view> views(texts.begin(), texts.end());
      builder.set(key, std::span<const std::string_view>(views));
    };
    set_texts("tokenizer.ggml.tokens", tokens);
    if (!merges.empty()) set_texts("tokenizer.ggml.merges", merges);
    builder.set("tokenizer.ggml.token_type", std::span<const std::int32_t>(types));
    builder.set("tokenizer.ggml.scores", std::span<const float>(scores));
  }
};

/// The vocabulary of a tokenizer.json as llama.cpp's converters write it; `spelled` changes plain tokens.
template <class Spelled> vocabulary_keys keys_of_json(const std::filesystem::path& file, Spelled spelled) {
  tokenizer_json_events events;
  const std::string text = bytes_of(file);
  REQUIRE(parse_json(text, events));
  const auto& lists = events.lists;
  std::map<std::int64_t, std::pair<std::string, std::int32_t>> tokens;
  for (const auto& each : lists.vocabulary)
    tokens[each.id] = {spelled(std::string(lists.text(each.begin, each.size))), 1};
  const json_tree tree = events.take_tree();
  json_reader json{tree};
  json.for_each(*json.find(json.root(), "added_tokens"), [&](const json_node& each) {
    const std::string content = json.string(each, "content", "");
    const bool is_byte = decoders::byte_of_fallback(content).has_value();
    tokens[json.integer(each, "id", 0)] = {content, is_byte ? 6 : json.boolean(each, "special", false) ? 3 : 4};
  });
  vocabulary_keys keys;
  for (const auto& [id, token] : tokens) keys.add(token.first, token.second);
  for (std::size_t i = 0; i < lists.merges.size(); i += lists.has_pairs ? 2 : 1) {
    const auto merge = [&](std::size_t at) {
      return std::string(lists.text(lists.merges[at].first, lists.merges[at].second));
    };
    keys.merges.push_back(lists.has_pairs ? merge(i) + " " + merge(i + 1) : merge(i));
  }
  return keys;
}
vocabulary_keys keys_of_json(const std::filesystem::path& file) {
  return keys_of_json(file, [](std::string token) { return token; });
}

}  // namespace

TEST_CASE("makes llama.cpp's ids with its GGUF vocabularies", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  for (const std::string name : {"phi-3", "gpt-2", "bert-bge"}) {
    auto with = load_tokenizer((folder / ("llamacpp/ggml-vocab-" + name + ".gguf")).string());
    if (!with) FAIL(with.error().message());
    tokenizer_cases::check_llama_cpp(folder, name, *with, false);
  }
}

TEST_CASE("finds the tokenizer of a folder in its only GGUF file", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  auto with = load_tokenizer(folder.string());
  if (!with) FAIL(with.error().message());
  const std::string bytes = bytes_of(folder / "tok512.bin");
  const auto expected = llama2c_tokenizer::parse(std::as_bytes(std::span(bytes)), 512);
  REQUIRE(expected);
  for (const std::string text :
       {"Once upon a time, there was a \xE2\x80\x9Cllama\xE2\x80\x9D.", "x", "\n\xF0\x9F\x98\x81"})
    CHECK(*with->encode_ids(text) == expected->encode(text, true));
  CHECK(with->decode(*with->encode_ids("Lily said: hello  you.")) == "Lily said: hello  you.");
}

TEST_CASE("tokenizes with a GGUF vocabulary as with its tokenizer.json", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers/json");
  struct kind {
    const char *name, *splitter;
    std::int32_t begin, end;
  };
  for (const kind& each : {kind{"llama3", "llama-bpe", 0, 1}, kind{"deepseek", "deepseek-coder", -1, -1},
                           kind{"roberta", "roberta-bpe", 0, 2}}) {
    gguf_metadata_builder builder;
    keys_of_json(folder / each.name / "tokenizer.json").set(builder, "gpt2");
    builder.set("tokenizer.ggml.pre", each.splitter);
    if (each.begin >= 0) builder.set("tokenizer.ggml.bos_token_id", each.begin);
    if (each.end >= 0) builder.set("tokenizer.ggml.eos_token_id", std::uint32_t(each.end));
    if (each.end == 2)
      for (const char* const key : {"add_bos_token", "add_eos_token", "add_sep_token"})
        builder.set("tokenizer.ggml." + std::string(key), true);
    if (each.end == 2) builder.set("tokenizer.ggml.mask_token_id", std::int32_t{4});
    auto with = made_of(builder);
    if (!with) FAIL(with.error().message());
    check_rows(*with, folder / each.name);
  }
  const auto without_hashes = [](std::string token) {
    if (token.starts_with("##")) return token.substr(2);
    return token.starts_with('[') && token.ends_with(']') ? token : "\xE2\x96\x81" + token;
  };
  gguf_metadata_builder builder;
  keys_of_json(folder / "bert_uncased/tokenizer.json", without_hashes).set(builder, "bert");
  auto bert = made_of(builder);
  if (!bert) FAIL(bert.error().message());
  check_rows(*bert, folder / "bert_uncased");
  for (const std::string name : {"llama2", "gemma"}) {
    vocabulary_keys keys = keys_of_json(folder / name / "tokenizer.json");
    std::map<std::string, float> ranks;
    for (std::string merge : keys.merges) ranks.emplace(merge.erase(merge.find(' '), 1), -1 - float(ranks.size()));
    for (std::size_t id = 0; id < keys.tokens.size(); ++id)
      if (const auto found = ranks.find(keys.tokens[id]); found != ranks.end()) keys.scores[id] = found->second;
    keys.merges.clear();
    gguf_metadata_builder of_scores;
    keys.set(of_scores, "llama");
    of_scores.set("tokenizer.ggml.add_space_prefix", name == "llama2");
    of_scores.set("tokenizer.ggml.unknown_token_id", std::int32_t{name == "llama2" ? 0 : 3});
    of_scores.set("tokenizer.ggml.bos_token_id", std::int32_t{name == "llama2" ? 1 : 2});
    auto with = made_of(of_scores);
    if (!with) FAIL(with.error().message());
    check_rows(*with, folder / name);
  }
}

TEST_CASE("tokenizes with a GGUF vocabulary of unigrams as with its SentencePiece model", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  const std::string model = bytes_of(folder / "sentencepiece/seqio/sentencepiece.model");
  auto expected = parse_sentencepiece_model(model);
  REQUIRE(expected);
  const auto& pieces = std::get<sentencepiece_model>(expected->parts().model).pieces();
  vocabulary_keys keys;
  for (std::int32_t id = 0; id < expected->vocabulary_size(); ++id)
    keys.add(std::string(*expected->token(id)), std::int32_t(pieces.type(id)), pieces.score(id));
  gguf_metadata_builder builder;
  keys.set(builder, "t5");
  std::string_view rules;
  detail::protobuf_reader fields{model};
  for (detail::protobuf_field field; fields.next(field);) {
    if (field.number != 3) continue;
    detail::protobuf_reader inner{field.bytes};
    for (detail::protobuf_field rule; inner.next(rule);)
      if (rule.number == 2) rules = rule.bytes;
  }
  REQUIRE(rules.size() > 1000);
  std::string array(12, '\0');  // of uint8, and the number of bytes
  for (unsigned i = 0; i < 4; ++i) array[4 + i] = static_cast<char>(rules.size() >> (8 * i) & 0xFFu);
  array += rules;
  builder.set("tokenizer.ggml.precompiled_charsmap", gguf_value(gguf_type::array, std::as_bytes(std::span(array))));
  builder.set("tokenizer.ggml.add_space_prefix", true);
  builder.set("tokenizer.ggml.remove_extra_whitespaces", true);
  auto with = made_of(builder);
  if (!with) FAIL(with.error().message());
  int texts = 0;
  tokenizer_cases::for_each_line(folder / "texts.jsonl", [&](const case_file& line) {
    const std::string text = line.text(line.root(), "text");
    ids_type ids = *expected->encode_ids(text);
    ids.push_back(1);  // the end, which T5 adds
    if (*with->encode_ids(text) != ids) FAIL_CHECK(quoted_name(text));
    ++texts;
  });
  CHECK(texts > 500);
}

TEST_CASE("names what is wrong with a GGUF vocabulary", "[text]") {
  gguf_metadata_builder builder;
  CHECK(rejection(builder) == "the file has no tokenizer: key \"tokenizer.ggml.model\" is missing");
  builder.set("tokenizer.ggml.model", "gpt2");
  CHECK(rejection(builder).find("\"tokenizer.ggml.tokens\" is missing") != std::string::npos);
  vocabulary_keys keys;
  for (const char* const token : {"a", "b", "ab"}) keys.add(token, 1);
  keys.merges = {"a b"};
  keys.set(builder, "gpt2");
  CHECK(rejection(builder) == "accepted");
  builder.set("tokenizer.ggml.pre", "of tomorrow");
  CHECK(rejection(builder) == "key \"tokenizer.ggml.pre\": the splitter \"of tomorrow\" is not supported");
  builder.set("tokenizer.ggml.pre", "gpt-2");
  builder.set("tokenizer.ggml.bos_token_id", std::int32_t{3});
  CHECK(rejection(builder) == "key \"tokenizer.ggml.bos_token_id\": expected the id of one of 3 tokens, found 3");
  builder.set("tokenizer.ggml.bos_token_id", std::uint32_t{0xFFFF'FFFF});
  CHECK(rejection(builder) == "accepted");
  builder.set("tokenizer.ggml.add_bos_token", std::int32_t{1});
  CHECK(rejection(builder).find("\"tokenizer.ggml.add_bos_token\" has the wrong type") != std::string::npos);
  builder.set("tokenizer.ggml.add_bos_token", true);
  keys.merges = {"ab"};
  keys.set(builder, "gpt2");
  CHECK(rejection(builder) == "merge 0: expected two tokens, found \"ab\"");
  keys.types.pop_back();
  keys.set(builder, "gpt2");
  CHECK(rejection(builder) == "key \"tokenizer.ggml.token_type\": expected 3 numbers, one for each token, found 2");
  keys.types.push_back(7);
  keys.set(builder, "gpt2");
  CHECK(rejection(builder) == "key \"tokenizer.ggml.token_type\": token 2: expected a type from 0 to 6");
  keys.types.back() = 1;
  keys.set(builder, "plamo2");
  CHECK(rejection(builder) == "key \"tokenizer.ggml.model\": the model \"plamo2\" is not supported");
  keys.set(builder, "bert");
  CHECK(rejection(builder).find("[UNK], [CLS] and [SEP]") != std::string::npos);
  keys.set(builder, "t5");
  builder.set("tokenizer.ggml.precompiled_charsmap", "x");
  CHECK(rejection(builder) == "key \"tokenizer.ggml.precompiled_charsmap\": expected an array of bytes");
  builder.set("tokenizer.huggingface.json", "{}");
  CHECK(rejection(builder) == "tokenizer.huggingface.json: model: expected an object, found none");
}

TEST_CASE("serves every splitter of byte-level words that it names", "[text]") {
  for (const gguf_splitter& splitter : gguf_splitters) {
    INFO(splitter.name);
    gguf_metadata_builder builder;
    vocabulary_keys keys;
    for (unsigned byte = 0; byte < 256; ++byte) keys.add(byte_alphabet::spelled(std::string(1, char(byte))), 1);
    keys.set(builder, "gpt2");
    builder.set("tokenizer.ggml.pre", splitter.name);
    auto with = made_of(builder);
    if (!with) FAIL(with.error().message());
    const std::string text = "It's 12345 \xC3\xA9t\xC3\xA9 \xE4\xB8\x96\xE7\x95\x8C!\r\n  (x) \xD8\xA7\xD9\x84  ";
    CHECK(with->encode_ids(text)->size() == text.size());
    CHECK(with->decode(*with->encode_ids(text)) == text);
  }
}
