// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include <typeformer/hosted/tokenizers/json_quoted.hpp>
#include <typeformer/hosted/tokenizers/load_chat_template.hpp>
#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <text/tokenizer_cases.hpp>

using namespace typeformer;
using tokenizer_cases::bytes_of;
using ids_type = std::vector<std::int32_t>;

namespace {

class made_folder {
 public:
  made_folder() { std::filesystem::create_directories(path_); }
  ~made_folder() { std::filesystem::remove_all(path_); }
  made_folder(const made_folder&) = delete;

  void write(const char* name, const std::string& bytes) const {
    std::ofstream{path_ / name, std::ios::binary} << bytes;
  }
  void set_class(const std::string& name, const std::string& more = "") const {
    write("tokenizer_config.json", R"({"tokenizer_class":")" + name + "\"" + more + "}");
  }
  std::string path() const { return path_.string(); }
  tokenizer loaded() const {
    auto with = load_tokenizer(path());
    if (!with) FAIL(with.error().message());
    return std::move(*with);
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("typeformer-families-" + std::to_string(::getpid()));
};

ids_type ids_of(const made_folder& folder, std::string_view text) {
  tokenizer with = folder.loaded();
  const auto ids = with.encode_ids(text);
  REQUIRE(ids);
  CHECK(with.encode(text)->ids == *ids);
  return *ids;
}
ids_type pair_of(const made_folder& folder) { return folder.loaded().encode_pair("Hello a", "is the")->ids; }

/// The vocabulary of a byte-level tokenizer.json in the two files that were usual before.
void write_vocabulary(const made_folder& folder, const std::filesystem::path& file) {
  tokenizer_json_events events;
  REQUIRE(parse_json(bytes_of(file), events));
  const auto& lists = events.lists;
  std::string vocabulary = "{", merges = "#version: 0.2\n";
  for (const auto& each : lists.vocabulary)
    vocabulary += (vocabulary.size() > 1 ? "," : "") + json_quoted(lists.text(each.begin, each.size)) + ":" +
                  std::to_string(each.id);
  for (std::size_t i = 0; i + 1 < lists.merges.size(); i += 2)
    ((merges += lists.text(lists.merges[i].first, lists.merges[i].second)) += ' ') +=
        std::string(lists.text(lists.merges[i + 1].first, lists.merges[i + 1].second)) + "\n";
  REQUIRE(lists.has_pairs);
  folder.write("vocab.json", vocabulary + "}");
  folder.write("merges.txt", merges);
}

const std::string hello = "Hello world, this is \xC3\x89 a test!";

}  // namespace

// The ids are those of transformers 4.49's tokenizers that are written in Python.

TEST_CASE("adds RoBERTa's and BART's tokens to texts of vocab.json and merges.txt", "[text]") {
  TYPEFORMER_NEEDS_SHARED(shared, "tokenizers/json/roberta/tokenizer.json");
  const made_folder folder;
  write_vocabulary(folder, shared);
  const ids_type bare = ids_of(folder, hello),
                 expected{0, 44, 438, 83, 978, 16, 382, 339, 225, 132, 236, 264, 262, 400, 5, 2};
  CHECK(bare == ids_type(expected.begin() + 1, expected.end() - 1));
  folder.set_class("RobertaTokenizerFast");
  CHECK(ids_of(folder, hello) == expected);
  CHECK(pair_of(folder) == ids_type{0, 44, 438, 83, 264, 2, 2, 276, 272, 2});
  CHECK(ids_of(folder, "Hello <mask>")[4] == 4);  // the mask takes the space before it
  std::filesystem::remove(folder.path() + "/tokenizer_config.json");
  folder.write("config.json", R"({"model_type":"bart"})");
  CHECK(ids_of(folder, hello) == expected);
}

TEST_CASE("finds the tokens that a folder adds to its vocabulary", "[text]") {
  TYPEFORMER_NEEDS_SHARED(shared, "tokenizers/json/qwen2/tokenizer.json");
  const made_folder folder;
  write_vocabulary(folder, shared);
  folder.write("added_tokens.json", R"({"<|im_start|>":7,"<tool>":1203})");
  folder.set_class("Qwen2Tokenizer", R"(,"added_tokens_decoder":{"1300":{"content":"<|im_start|>","special":true},
      "1301":{"content":"<|im_end|>","special":true,"rstrip":true}})");
  const ids_type hi = ids_of(folder, "hi"), found = ids_of(folder, "<|im_start|>hi<|im_end|>\n<tool>");
  ids_type expected{1300};
  expected.insert(expected.end(), hi.begin(), hi.end());
  expected.insert(expected.end(), {1301, 1203});
  CHECK(found == expected);
  CHECK(folder.loaded().decode(found, true) == "hi<tool>");
  CHECK(ids_of(folder, "e\xCC\x81") == ids_of(folder, "\xC3\xA9"));  // NFC
  CHECK(ids_of(folder, "12").size() == 2);                           // digits are split
  folder.write("added_tokens.json", R"({"<tool>":-3})");
  CHECK(load_tokenizer(folder.path()).error().message().find("added_tokens.json: id: expected a number") !=
        std::string::npos);
}

TEST_CASE("numbers the pieces of a SentencePiece model as their family does", "[text]") {
  TYPEFORMER_NEEDS_SHARED(shared, "tokenizers/sentencepiece/transformers-fixtures");
  const made_folder folder;
  folder.write("sentencepiece.bpe.model", bytes_of(shared / "test_sentencepiece.model"));
  folder.set_class("XLMRobertaTokenizer");
  CHECK(ids_of(folder, hello) == ids_type{0, 157, 87, 21, 892, 4, 67, 47, 8, 3, 11, 171, 383, 147, 2});
  CHECK(pair_of(folder) == ids_type{0, 157, 87, 21, 11, 2, 2, 47, 6, 2});
  CHECK(*folder.loaded().id_of("<mask>") == 1001);
  folder.set_class("MBartTokenizer", R"(,"src_lang":"en_XX")");
  CHECK(ids_of(folder, hello) == ids_type{157, 87, 21, 892, 4, 67, 47, 8, 3, 11, 171, 383, 147, 2, 1004});
  CHECK(pair_of(folder) == ids_type{157, 87, 21, 11, 47, 6, 2, 1004});
  folder.set_class("MBart50Tokenizer");
  CHECK(ids_of(folder, hello) == ids_type{1004, 157, 87, 21, 892, 4, 67, 47, 8, 3, 11, 171, 383, 147, 2});
  CHECK(folder.loaded().vocabulary_size() == 1054);
  folder.set_class("CamembertTokenizer");
  CHECK(ids_of(folder, hello) == ids_type{5, 160, 90, 24, 895, 7, 70, 50, 11, 3, 14, 174, 386, 150, 6});
  CHECK(pair_of(folder) == ids_type{5, 160, 90, 24, 14, 6, 6, 50, 9, 6});
  folder.set_class("T5Tokenizer");
  CHECK(ids_of(folder, hello) == ids_type{156, 86, 20, 891, 3, 66, 46, 7, 0, 10, 170, 382, 146, 2});
  CHECK(pair_of(folder) == ids_type{156, 86, 20, 10, 2, 46, 5, 2});
  CHECK(*folder.loaded().id_of("<extra_id_0>") == 1099);
  folder.set_class("MBartTokenizer", R"(,"src_lang":"xx_XX")");
  CHECK(load_tokenizer(folder.path()).error().message().find("\"xx_XX\" is not in the vocabulary") !=
        std::string::npos);
  folder.write("sentencepiece.bpe.model", bytes_of(shared / "test_sentencepiece_no_bos.model"));
  folder.set_class("PegasusTokenizer");
  CHECK(pair_of(folder) == ids_type{249, 204, 122, 112, 149, 108, 1});
}

TEST_CASE("adds the tokens of ALBERT, DeBERTa and Llama to texts of SentencePiece models", "[text]") {
  TYPEFORMER_NEEDS_SHARED(shared, "tokenizers/sentencepiece/transformers-fixtures");
  const made_folder folder;
  folder.write("spiece.model", bytes_of(shared / "spiece.model"));
  folder.set_class("AlbertTokenizer");
  CHECK(ids_of(folder, hello) == ids_type{2, 10975, 126, 15, 48, 25, 13, 62, 21, 1289, 187, 3});
  CHECK(pair_of(folder) == ids_type{2, 10975, 21, 3, 25, 14, 3});
  CHECK(folder.loaded().encode_pair("Hello a", "is the")->type_ids == ids_type{0, 0, 0, 0, 1, 1, 1});
  folder.set_class("DebertaV2Tokenizer");
  CHECK(ids_of(folder, hello) == ids_type{2, 13, 1, 7523, 126, 15, 48, 25, 13, 1, 21, 1289, 187, 3});
  folder.write("spiece.model", bytes_of(shared / "test_sentencepiece_with_bytefallback.model"));
  folder.set_class("LlamaTokenizer");
  CHECK(ids_of(folder, hello) == ids_type{1, 366, 354, 294, 1294, 259, 301, 287, 268, 198, 140, 265, 631, 842, 360});
  CHECK(pair_of(folder) == ids_type{1, 366, 354, 294, 265, 1, 287, 261});
  folder.set_class("LlamaTokenizer", R"(,"add_bos_token":false)");
  CHECK(ids_of(folder, hello).front() == 366);
  std::filesystem::remove(folder.path() + "/tokenizer_config.json");
  CHECK(ids_of(folder, hello).front() == 366);
  folder.write("config.json", R"({"model_type":"llama"})");
  CHECK(ids_of(folder, hello).front() == 1);
}

TEST_CASE("reads MPNet's words, ESM's residues and Marian's two files", "[text]") {
  const made_folder folder;
  folder.set_class("EsmTokenizer");
  folder.write("vocab.txt", "<cls>\n<pad>\n<eos>\n<unk>\nL\nA\nG\nV\nK\nM\n<mask>\n");
  CHECK(ids_of(folder, "MKT <mask>L A") == ids_type{0, 9, 8, 3, 10, 4, 5, 2});
  CHECK(folder.loaded().encode_pair("M", "K")->ids == ids_type{0, 9, 2, 8, 2});
  folder.set_class("MPNetTokenizer");
  folder.write("vocab.txt", "<s>\n<pad>\n</s>\n<unk>\n[UNK]\nhello\nwor\n##ld\n[MASK]\n<mask>\n");
  CHECK(ids_of(folder, "Hello <mask> world x") == ids_type{0, 5, 9, 6, 7, 4, 2});
  CHECK(folder.loaded().encode_pair("hello", "world")->ids == ids_type{0, 5, 2, 2, 6, 7, 2});
  std::filesystem::remove(folder.path() + "/vocab.txt");
  TYPEFORMER_NEEDS_SHARED(shared, "tokenizers/sentencepiece/transformers-fixtures/test_sentencepiece.model");
  folder.write("source.spm", bytes_of(shared));
  folder.write("vocab.json", R"({"</s>":0,"<unk>":1,"\u2581the":2,"s":3,"\u2581":4,",":5,"hola":6,"<pad>":7})");
  folder.set_class("MarianTokenizer");
  CHECK(ids_of(folder, "the , the") == ids_type{2, 4, 5, 2, 0});
  CHECK(folder.loaded().decode(ids_type{2, 6, 0}) == "thehola");
  folder.write("vocab.json", R"({"</s>":0,"<unk>":9})");
  CHECK(load_tokenizer(folder.path()).error().message().find("expected ids below 2, found 9") != std::string::npos);
}

TEST_CASE("reads the chat template of a folder's only GGUF file", "[text]") {
  TYPEFORMER_NEEDS_SHARED(shared, "tokenizers/llamacpp/ggml-vocab-phi-3.gguf");
  const made_folder folder;
  folder.write("model.gguf", bytes_of(shared));
  const auto chat = load_chat_template(folder.path());
  REQUIRE(chat);
  REQUIRE(*chat);
  const std::vector<chat_turn> turns{{"user", "Hi"}};
  const auto text = (*chat)->form.render(turns, (*chat)->settings);
  REQUIRE(text);
  CHECK(*text == "<s><|user|>\nHi<|end|>\n<|assistant|>\n");
  folder.write("model.gguf", "GGUF");
  CHECK_FALSE(load_chat_template(folder.path()));
}
