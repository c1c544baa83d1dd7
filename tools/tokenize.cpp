// SPDX-License-Identifier: BSL-1.0
// typeformer-tokenize: texts to token ids, or ids to texts, one JSON object a line.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/hosted/tokenizers/json_quoted.hpp>
#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace {

namespace tf = typeformer;
using outcome = tf::result<std::string, tf::tokenizer_error>;

struct settings {
  std::string tokenizer;
  bool decodes = false, without_special = false;
};

tf::failure<tf::tokenizer_error> rejected(const std::string& what) { return {{what}}; }

/// The answer to one line, which has the id of its object.
outcome answer(tf::tokenizer& with, const settings& how, const std::string& line) {
  const auto tree = tf::parse_json_tree(line, "line");
  if (!tree) return rejected(tree.error().message());
  tf::json_reader json{*tree};
  if (json.root().kind != tf::json_kind::object) return rejected("expected an object");
  std::string made = "{";
  if (const auto* const id = json.find(json.root(), "id")) {
    if (id->kind == tf::json_kind::text) made += "\"id\":" + tf::json_quoted(json.text(*id)) + ",";
    else if (id->kind == tf::json_kind::integer) made += "\"id\":" + std::to_string(id->integer) + ",";
    else return rejected("id: expected a text or an integer");
  }
  if (how.decodes) {
    std::vector<std::int32_t> ids;
    const auto* const list = json.require(json.root(), "ids", tf::json_kind::array);
    if (list != nullptr) json.for_each(*list, [&](const tf::json_node& each) { ids.push_back(json.id(each)); });
    if (!json.ok()) return rejected(json.problem());
    return made + "\"text\":" + tf::json_quoted(with.decode(ids, how.without_special)) + "}";
  }
  const auto* const text = json.require(json.root(), "text", tf::json_kind::text);
  if (text == nullptr) return rejected(json.problem());
  const auto ids = with.encode_ids(json.text(*text), !how.without_special);
  if (!ids) return rejected(ids.error().message());
  made += "\"ids\":[";
  for (const std::int32_t& id : *ids) (made += &id == ids->data() ? "" : ",") += std::to_string(id);
  return made + "]}";
}

int stop(const std::string& sentence) {
  std::fprintf(stderr, "typeformer-tokenize: %s\n", tf::printable(sentence).c_str());
  return 1;
}

int run(const settings& how) {
  auto with = tf::load_tokenizer(how.tokenizer);
  if (!with) return stop(with.error().message());
  std::size_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    if (line.empty()) continue;
    const auto made = answer(*with, how, line);
    if (!made) return stop("line " + std::to_string(number) + ": " + made.error().message());
    std::cout << *made << '\n';
  }
  std::cout.flush();
  return std::cout && !std::cin.bad() ? 0 : stop("the output cannot be written, or the input cannot be read");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    settings how;
    CLI::App app{
        "Token ids of texts. Reads JSON lines {\"id\", \"text\"} and writes {\"id\", \"ids\"}; --decode does the "
        "reverse."};
    app.add_option("tokenizer", how.tokenizer,
                   "A folder with a tokenizer, or its file: tokenizer.json, a SentencePiece .model, vocab.json beside "
                   "merges.txt, vocab.txt, a .gguf")
        ->required();
    app.add_flag("--decode", how.decodes, "Read {\"id\", \"ids\"} and write {\"id\", \"text\"}");
    app.add_flag("--no-special", how.without_special, "Add no special tokens, or leave them out of texts");
    CLI11_PARSE(app, argc, argv);
    std::ios::sync_with_stdio(false);
    return run(how);
  } catch (const std::exception& cause) {
    return stop(cause.what());
  }
}
