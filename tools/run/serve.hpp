// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/hosted/tokenizers/json_quoted.hpp>

#include "text_model.hpp"

namespace running {

/// Answers requests, one JSON object a line, with one JSON object a line; see docs/run.md. A request that cannot be
/// answered is answered with an `error`.
class json_server {
 public:
  /// `otherwise` is what a request does not say.
  json_server(text_model& model, text_request otherwise, std::ostream& out)
      : model_{model}, otherwise_{std::move(otherwise)}, out_{out} {}

  void run(std::istream& in) {
    for (std::string line; out_ && std::getline(in, line);)
      if (line.find_first_not_of(" \t\r") != line.npos) answer(line);
  }

  void answer(const std::string& line) {
    id_.clear();
    const auto tree = tf::parse_json_tree(line, "request");
    if (!tree) return say_error(tree.error().message());
    tf::json_reader json{*tree};
    streams_ = wants_ids_ = false;
    const text_request request = read(json);
    if (!json.ok()) return say_error(json.problem());
    if (model_.is_encoder()) {
      const auto read = model_.read(request);
      if (!read) return say_error(read.error());
      return say(json_of(*read) + (wants_ids_ ? "," + ids_of(*read) : ""));
    }
    const auto written = model_.write(request, [&](const std::string& piece) {
      if (streams_) say("\"piece\":" + tf::json_quoted(piece));
    });
    if (!written) return say_error(written.error());
    say("\"text\":" + tf::json_quoted(written->text) + ",\"tokens\":" + std::to_string(written->tokens) +
        ",\"ended\":" + tf::json_quoted(written->ended));
  }

 private:
  /// One line, at once: the other program waits for it.
  void say(const std::string& fields) { out_ << "{" << id_ << fields << "}" << std::endl; }
  void say_error(const std::string& sentence) { say("\"error\":" + tf::json_quoted(sentence)); }

  /// Every key must be known: a misspelled one would change nothing unnoticed.
  text_request read(tf::json_reader& json) {
    text_request made = otherwise_;
    bool has_text = false;
    if (json.root().kind != tf::json_kind::object) json.reject("expected an object");
    if (!json.ok()) return made;
    json.for_each(json.root(), [&](const tf::json_node& node) {
      const std::string_view key = json.key(node);
      const auto is = [&](std::string_view name) { return key == name; };
      if (is("id")) read_id(json, node);
      else if (is("prompt") || is("text")) has_text = true, made.text = text(json, node);
      else if (is("pair")) made.pair = text(json, node);
      else if (is("messages")) has_text = true, read_turns(json, node, made);
      else if (is("system")) made.system = text(json, node);
      else if (is("chat")) made.is_turn = flag(json, node);
      else if (is("stream")) streams_ = flag(json, node);
      else if (is("ids")) wants_ids_ = flag(json, node);
      else if (is("tokens")) made.how.tokens = whole(json, node, 1);
      else if (is("top_k")) made.how.top_k = whole(json, node, 0);
      else if (is("seed")) made.how.seed = static_cast<std::uint64_t>(whole(json, node, 0));
      else if (is("temperature")) made.how.temperature = number(json, node);
      else if (is("top_p")) made.how.top_p = number(json, node);
      else if (is("stop")) read_stops(json, node, made.how.stops);
      else json.reject("the key " + tf::quoted_name(key) + " is not known");
    });
    if (!has_text) json.reject("expected a \"prompt\", a \"text\" or \"messages\"");
    return made;
  }
  void read_id(tf::json_reader& json, const tf::json_node& node) {
    if (node.kind == tf::json_kind::text) id_ = "\"id\":" + tf::json_quoted(json.text(node)) + ",";
    else if (node.kind == tf::json_kind::integer) id_ = "\"id\":" + std::to_string(node.integer) + ",";
    else json.expected("id", "a text or an integer", name_of(node.kind));
  }
  static std::string ids_of(const encoder_answer& answer) {
    std::string list = "\"ids\":[";
    for (const std::int32_t& id : answer.ids) (list += &id == answer.ids.data() ? "" : ",") += std::to_string(id);
    return list += "]";
  }
  static void read_turns(tf::json_reader& json, const tf::json_node& node, text_request& made) {
    if (node.kind != tf::json_kind::array) return json.expected("messages", "an array", name_of(node.kind));
    json.for_each(node, [&](const tf::json_node& turn) {
      const auto* const role = json.require(turn, "role", tf::json_kind::text);
      const auto* const content = json.require(turn, "content", tf::json_kind::text);
      if (role != nullptr && content != nullptr)
        made.turns.push_back({std::string(json.text(*role)), std::string(json.text(*content))});
    });
    if (made.turns.empty()) json.reject("messages: expected at least one");
  }
  static void read_stops(tf::json_reader& json, const tf::json_node& node, std::vector<std::string>& stops) {
    stops.clear();
    if (node.kind == tf::json_kind::text) return stops.push_back(text(json, node));
    if (node.kind != tf::json_kind::array) return json.expected("stop", "a text or a list", name_of(node.kind));
    json.for_each(node, [&](const tf::json_node& each) { stops.push_back(text(json, each)); });
  }

  static std::string text(tf::json_reader& json, const tf::json_node& node) {
    if (node.kind == tf::json_kind::text) return std::string(json.text(node));
    return json.expected(json.key(node), "a text", name_of(node.kind)), std::string{};
  }
  static bool flag(tf::json_reader& json, const tf::json_node& node) {
    if (node.kind != tf::json_kind::boolean) json.expected(json.key(node), "true or false", name_of(node.kind));
    return node.integer != 0;
  }
  static std::int64_t whole(tf::json_reader& json, const tf::json_node& node, std::int64_t least) {
    if (node.kind == tf::json_kind::integer && node.integer >= least) return node.integer;
    json.expected(json.key(node), "a whole number from " + std::to_string(least) + " on", shown(node));
    return least;
  }
  static double number(tf::json_reader& json, const tf::json_node& node) {
    if (node.kind == tf::json_kind::integer) return static_cast<double>(node.integer);
    if (node.kind != tf::json_kind::number) json.expected(json.key(node), "a number", name_of(node.kind));
    return node.number;
  }
  static std::string shown(const tf::json_node& node) {
    return node.kind == tf::json_kind::integer ? std::to_string(node.integer) : std::string(name_of(node.kind));
  }

  text_model& model_;
  text_request otherwise_;
  std::ostream& out_;
  std::string id_;
  bool streams_ = false, wants_ids_ = false;
};

}  // namespace running
