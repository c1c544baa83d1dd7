// SPDX-License-Identifier: BSL-1.0
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <support/catch.hpp>
#include <support/shared_data.hpp>

#include "texts.hpp"

namespace {

namespace fs = std::filesystem;

/// A separate folder for what the program writes.
struct place {
  fs::path folder = fs::temp_directory_path() / ("typeformer_import_" + std::to_string(std::rand()));
  place() { fs::create_directories(folder); }
  ~place() { fs::remove_all(folder); }

  std::string text_of(const char* name) const {
    std::ifstream file(folder / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Returns the exit code. The output is in `out` and `err`.
  int run(const std::string& arguments) const {
    const std::string command = "cd '" + folder.string() + "' && '" TYPEFORMER_IMPORT "' " + arguments + " >out 2>err";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

const std::string gpt2 = "'" TYPEFORMER_SOURCE_DIR "/tests/golden/models/gpt2'";

}  // namespace

TEST_CASE("writes one header and prints nothing: typeformer-import") {
  const place here;
  CHECK(here.run(gpt2 + " --name tiny") == 0);
  CHECK(here.text_of("out").empty());
  CHECK(here.text_of("err").empty());
  check_text(here.text_of("tiny.hpp"), {.begins = "// tiny: typeformer::gpt2 by a config.json.", .ends = ">;\n"});
  CHECK(here.run(gpt2 + " -o other.hpp --context 16") == 0);
  check_text(here.text_of("other.hpp"), {.holds = "struct gpt2 : "});
  check_text(here.text_of("other.hpp"), {.holds = "context<16>"});
}

TEST_CASE("reads a GGUF file without a configuration: stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const std::string file = (folder / "stories260K.gguf").string();
  const place here;
  CHECK(here.run("'" + file + "' --name tale") == 0);
  CHECK(here.text_of("err").empty());
  check_text(here.text_of("tale.hpp"), {.begins = "// tale: typeformer::llama by a GGUF file."});
  check_text(here.text_of("tale.hpp"),
             {.holds = "typeformer::load<tale, typeformer::model_file>(\"stories260K.gguf\");"});
  check_text(here.text_of("tale.hpp"),
             {.holds = ".layers = 5, .width = 64, .heads = 8, .key_value_heads = 4, .hidden = 172"});
  CHECK(here.run("'" + file + "'") == 0);
  check_text(here.text_of("stories260k.hpp"), {.holds = "struct stories260k : "});
}

TEST_CASE("prints one sentence, returns 1 and keeps the old header for what cannot be imported") {
  const place here;
  std::ofstream(here.folder / "old.hpp") << "old";
  const auto fails = [&](const std::string& arguments, const std::string& sentence) {
    CHECK(here.run(arguments + " -o old.hpp") == 1);
    check_text(here.text_of("err"), {.begins = "typeformer-import: ", .holds = sentence});
    const std::string printed = here.text_of("err");
    CHECK(std::count(printed.begin(), printed.end(), '\n') == 1);
    CHECK(here.text_of("old.hpp") == "old");
    CHECK(here.text_of("out").empty());
  };
  fails("nowhere", "nowhere/config.json: there is no such file");
  fails(gpt2 + " --context 33", "expected no more than the model's 32");
  fs::create_directories(here.folder / "broken");
  std::ofstream(here.folder / "broken/config.json") << "{\"model_type\": \"gpt2\", \"unheard\": \"of\\nit\"}";
  fails("broken", "key \"unheard\" = \"of\\nit\" is not supported");
  std::ofstream(here.folder / "broken/config.json") << "weights";
  fails("broken", "invalid JSON");
  CHECK(here.run(gpt2 + " -o nowhere/header.hpp") == 1);
  check_text(here.text_of("err"), {.holds = "nowhere/header.hpp: cannot be "});
  CHECK_FALSE(fs::exists(here.folder / "nowhere"));
  fs::create_symlink("old.hpp", here.folder / "link.hpp");
  CHECK(here.run(gpt2 + " -o link.hpp") == 1);
  check_text(here.text_of("err"),
             {.ends = "link.hpp: cannot be replaced: expected a regular file or none, found a symbolic link\n"});
  CHECK(fs::is_symlink(here.folder / "link.hpp"));
  REQUIRE(::mkfifo((here.folder / "pipe.hpp").c_str(), 0600) == 0);
  CHECK(here.run(gpt2 + " -o pipe.hpp") == 1);
  CHECK(fs::is_fifo(here.folder / "pipe.hpp"));
}

TEST_CASE("writes weights for flash, and says for an encoder what runs it: --embed") {
  const place here;
  const std::string models = TYPEFORMER_SOURCE_DIR "/tests/golden/models/";
  CHECK(here.run("'" + models + "roberta' --name tiny --embed --format int8 --lanes 4 --golden '4, 2 7'") == 0);
  CHECK(here.text_of("err").empty());
  const std::string image = here.text_of("tiny_image.hpp");
  check_text(image, {.begins = "// tiny in flash, with weights of type typeformer::int8<>."});
  check_text(image, {.holds = "typeformer::forward_pass<tiny, typeformer::reads<tiny_weights>"});
  check_text(image, {.holds = "lanes = 4;"});
  check_text(image, {.holds = "golden_input[] = {4, 2, 7};"});
  const std::string weights = here.text_of("tiny_weights.S");
  check_text(weights, {.holds = "  .global tiny_words\ntiny_words:\n  .long 0x"});
  const std::string words = "words = " + std::to_string(std::count(weights.begin(), weights.end(), 'x')) + ";";
  check_text(image, {.holds = words});

  CHECK(here.run("'" + models + "gpt2' --name tiny --embed --golden 'once upon'") == 1);
  check_text(here.text_of("err"), {.holds = "--golden takes ids, such as \"1 17 3\""});
  CHECK(here.run("'" + models + "gpt2' --name tiny --embed --compiler no_such_compiler") == 1);
  check_text(here.text_of("err"), {.holds = "the compiler no_such_compiler cannot be started: "});
}

TEST_CASE("reads the modules of a folder of sentence-transformers") {
  const place here;
  const auto write = [&](const fs::path& name, const std::string& text) {
    fs::create_directories((here.folder / name).parent_path());
    std::ofstream(here.folder / name) << text;
  };
  const auto entry = [](const std::string& kind, const std::string& path) {
    return R"({"idx": 0, "name": "0", "path": ")" + path + R"(", "type": "sentence_transformers.models.)" + kind +
           "\"}";
  };
  const auto fails = [&](const std::string& sentence) {
    CHECK(here.run("it -o old.hpp") == 1);
    check_text(here.text_of("err"), {.begins = "typeformer-import: it/", .holds = sentence});
  };
  const std::string three = entry("Transformer", "") + "," + entry("Pooling", "1_Pooling") + ",";
  write("it/config.json", R"({"model_type": "bert", "architectures": ["BertModel"], "num_hidden_layers": 2})");
  write("it/1_Pooling/config.json", R"({"word_embedding_dimension": 768, "pooling_mode_mean_tokens": true})");
  write("it/modules.json", "[" + three + entry("Normalize", "2_Normalize") + "]");
  CHECK(here.run("it") == 0);
  check_text(here.text_of("it.hpp"), {.holds = "struct it : typeformer::bert_body<"});
  check_text(here.text_of("it.hpp"), {.holds = "typeformer::sentence_embedding<typeformer::mean_pooling>> {};"});

  write("it/modules.json", "[" + entry("Transformer", "0_Transformer") + "," + entry("Pooling", "1_Pooling") + "]");
  write("it/1_Pooling/config.json", R"({"pooling_mode": "cls"})");
  fails("0_Transformer/config.json: there is no such file");
  fs::rename(here.folder / "it/config.json",
             (fs::create_directories(here.folder / "it/0_Transformer"), here.folder / "it/0_Transformer/config.json"));
  CHECK(here.run("it") == 0);
  check_text(here.text_of("it.hpp"), {.holds = "typeformer::first_token> {};"});
  // The stack alone is meant, whatever it was trained for.
  write("it/0_Transformer/config.json", R"({"model_type": "bert", "architectures": ["BertForMaskedLM"]})");
  CHECK(here.run("it") == 0);
  check_text(here.text_of("it.hpp"), {.holds = "typeformer::first_token> {};"});

  write("it/0_Transformer/config.json", R"({"model_type": "gpt2"})");
  fails("modules.json asks for an encoder without a head");
  write("it/1_Pooling/config.json", R"({"pooling_mode_lasttoken": true})");
  fails("the pooling is not supported: expected mean, cls or max, found lasttoken");
  write("it/1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true})");
  fails("found several of them");
  write("it/modules.json", "[" + three + entry("Dense", "2_Dense") + "]");
  write("it/1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true})");
  fails("the modules are not supported: expected Transformer, Pooling and, if need be, Normalize, found \"Dense\"");
  write("it/modules.json", "[" + entry("Transformer", "../elsewhere") + "]");
  fails("found \"../elsewhere\"");
  write("it/modules.json", "[" + entry("Transformer", "") + "]");
  fails("found no Pooling");
}

TEST_CASE("explains its usage: typeformer-import") {
  const place here;
  CHECK(here.run("--help") == 0);
  check_text(here.text_of("out"), {.begins = "typeformer-import DIR"});
}
