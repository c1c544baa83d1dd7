// SPDX-License-Identifier: BSL-1.0
#include <filesystem>
#include <fstream>
#include <string>

#include <support/catch.hpp>
#include <typeformer/hosted/data/text_file.hpp>

namespace tf = typeformer;

TEST_CASE("rejects files that are not text", "[text]") {
  const auto path = (std::filesystem::temp_directory_path() / "typeformer-text-file").string();
  const auto read = [&](const std::string& content) {
    std::ofstream{path, std::ios::binary} << content;
    const auto text = tf::read_text(path);
    return text ? "read " + *text : text.error().message().substr(path.size());
  };
  CHECK(read("für") == "read für");
  CHECK(read("") == ": the file is empty: expected a text");
  CHECK(read(std::string("ab\0c", 4)) == ": the file is binary: expected a text, found a zero byte at byte 2");
  CHECK(read("ab\xC3(") == ": the text is not UTF-8: found an invalid sequence at byte 2");
  std::filesystem::remove(path);
  CHECK_FALSE(tf::read_text(path));
  CHECK_FALSE(tf::read_text(std::filesystem::temp_directory_path().string()));
}
