// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/text/decode_stream.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/tokenizer.hpp>

#include <support/catch.hpp>

/// What tokenizers of other implementations made of texts.
namespace tokenizer_cases {

inline std::string bytes_of(const std::filesystem::path& path) {
  const auto bytes = typeformer::bytes_of_regular_file(path.string(), std::uint64_t{1} << 31);
  if (!bytes) FAIL(path.string() << ": " << bytes.error());
  return *bytes;
}

class case_file {
 public:
  struct from_text {};
  explicit case_file(const std::filesystem::path& path) : case_file(from_text{}, bytes_of(path)) {}
  case_file(from_text, const std::string& json) : tree_{parsed(json)}, fields_{tree_} {}

  const typeformer::json_node& root() const { return fields_.root(); }
  bool has(const typeformer::json_node& object, std::string_view name) const {
    return fields_.find(object, name) != nullptr;
  }
  std::string text(const typeformer::json_node& object, std::string_view name) const {
    return std::string(fields_.text(field(object, name)));
  }
  std::vector<std::int32_t> numbers(const typeformer::json_node& object, std::string_view name) const {
    std::vector<std::int32_t> list;
    fields_.for_each(field(object, name), [&](const auto& each) { list.push_back(std::int32_t(each.integer)); });
    return list;
  }
  std::vector<typeformer::text_range> ranges(const typeformer::json_node& object, std::string_view name) const {
    std::vector<typeformer::text_range> list;
    fields_.for_each(field(object, name), [&](const auto& each) {
      std::vector<std::size_t> ends;
      fields_.for_each(each, [&](const auto& end) { ends.push_back(std::size_t(end.integer)); });
      list.push_back({ends.at(0), ends.at(1)});
    });
    return list;
  }
  template <class Visit> void for_each(std::string_view name, Visit visit) const {
    fields_.for_each(field(root(), name), visit);
  }

 private:
  static typeformer::json_tree parsed(std::string_view json) {
    auto tree = typeformer::parse_json_tree(json, "cases");
    if (!tree) FAIL(tree.error().message());
    return std::move(*tree);
  }
  const typeformer::json_node& field(const typeformer::json_node& object, std::string_view name) const {
    const auto* const found = fields_.find(object, name);
    if (found == nullptr) FAIL("no field " << name);
    return *found;
  }

  typeformer::json_tree tree_;
  typeformer::json_reader fields_;
};

/// Calls `visit(case_file of a line)` for each line.
template <class Visit> void for_each_line(const std::filesystem::path& path, Visit visit) {
  std::istringstream lines{bytes_of(path)};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) visit(case_file{case_file::from_text{}, line});
}

inline std::string streamed(const typeformer::tokenizer& with, std::span<const std::int32_t> ids) {
  typeformer::decode_stream stream{with, false};
  std::string text;
  for (const std::int32_t id : ids) text += stream.step(id);
  return text + stream.finish();
}

/// llama.cpp's texts, one after the other with a separator, and their ids, one line each.
inline void check_llama_cpp(const std::filesystem::path& folder, const std::string& name, typeformer::tokenizer& with,
                            bool adds_special) {
  INFO(name);
  const std::string separator = "\n__ggml_vocab_test__\n", texts = bytes_of(folder / ("llamacpp/" + name + ".inp"));
  std::istringstream expected{bytes_of(folder / ("llamacpp/" + name + ".out"))};
  int lines = 0;
  for (std::size_t begin = 0; begin < texts.size(); ++lines) {
    const std::size_t end = std::min(texts.find(separator, begin), texts.size());
    const std::string text = texts.substr(begin, end - begin);
    std::string line;
    if (!std::getline(expected, line)) break;
    std::istringstream numbers{line};
    std::vector<std::int32_t> ids;
    for (std::int32_t id = 0; numbers >> id;) ids.push_back(id);
    if (*with.encode_ids(text, adds_special) != ids) FAIL_CHECK(typeformer::quoted_name(text));
    begin = end + separator.size();
  }
  CHECK(lines > 40);
}

/// Compares with what Hugging Face's tokenizers made with the tokenizer.json.
inline void check_rows(typeformer::tokenizer& with, const std::filesystem::path& folder, bool judges_types = true) {
  INFO(folder.filename().string());
  const case_file file{folder / "expected.json"};
  int rows = 0;
  file.for_each("rows", [&](const typeformer::json_node& row) {
    const std::string text = file.text(row, "text");
    if (*with.encode_ids(text) != file.numbers(row, "ids")) FAIL_CHECK(typeformer::quoted_name(text));
    if (*with.encode_ids(text, false) != file.numbers(row, "plain_ids"))
      FAIL_CHECK("plain: " << typeformer::quoted_name(text));
    ++rows;
  });
  CHECK(rows > 100);
  file.for_each("pairs", [&](const typeformer::json_node& row) {
    const auto pair = with.encode_pair(file.text(row, "first"), file.text(row, "second"));
    REQUIRE(pair);
    CHECK(pair->ids == file.numbers(row, "ids"));
    if (judges_types) CHECK(pair->type_ids == file.numbers(row, "type_ids"));
  });
}

}  // namespace tokenizer_cases
