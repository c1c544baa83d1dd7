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

TEST_CASE("explains its usage: typeformer-import") {
  const place here;
  CHECK(here.run("--help") == 0);
  check_text(here.text_of("out"), {.begins = "typeformer-import DIR"});
}
