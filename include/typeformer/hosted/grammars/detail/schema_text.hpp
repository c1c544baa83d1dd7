// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/grammars/json_grammar.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer::detail {

/// The values of a schema, references between them, and the place of the first problem.
class schema_text {
 protected:
  explicit schema_text(const json_tree& tree) : tree_{tree} {}

  /// A step down in the schema, for messages, while it lives.
  class place {
   public:
    place(schema_text& of, std::string_view step) : of_{of}, size_{of.place_.size()} {
      (of.place_ += '/') += printable(step, 100);
    }
    ~place() { of_.place_.resize(size_); }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

   private:
    schema_text& of_;
    std::size_t size_;
  };

  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  void fail(std::string_view what) {
    if (ok()) problem_ = joined({"JSON schema, at #", place_, ": ", what});
  }

  const json_node& root() const { return tree_.nodes.front(); }
  std::string_view key_of(const json_node& node) const { return tree_.texts.view(node.key); }
  std::string_view text_of(const json_node& node) const { return tree_.texts.view(node.text); }
  template <class Visit> void for_each(const json_node& parent, Visit visit) const {
    tree_.for_each_child(parent, visit);
  }
  const json_node* find(const json_node& object, std::string_view key) const {
    const json_node* found = nullptr;
    if (object.kind == json_kind::object)
      for_each(object, [&](const json_node& each) { found = key_of(each) == key ? &each : found; });
    return found;
  }

  std::string spelled(const json_node& value) const {
    switch (value.kind) {
      case json_kind::null: return "null";
      case json_kind::boolean: return value.integer != 0 ? "true" : "false";
      case json_kind::integer: return exact_text(value.integer);
      case json_kind::number: return exact_text(value.number);
      case json_kind::text: return json_grammar::quoted(text_of(value));
      default: break;
    }
    const bool is_object = value.kind == json_kind::object;
    std::string text;
    for_each(value, [&](const json_node& each) {
      text += text.empty() ? "" : ", ";
      if (is_object) (text += json_grammar::quoted(key_of(each))) += ": ";
      text += spelled(each);
    });
    return is_object ? joined({"{", text, "}"}) : joined({"[", text, "]"});
  }

  /// What a reference within the schema refers to (RFC 6901), or null after a failure.
  const json_node* resolve(const json_node& reference) {
    const std::string_view whole = reference.kind == json_kind::text ? text_of(reference) : std::string_view{};
    if (!whole.starts_with('#')) return fail("expected a reference that begins with #"), nullptr;
    const json_node* at = &root();
    for (std::string_view rest = whole.substr(1); at != nullptr && !rest.empty();) {
      if (!rest.starts_with('/')) return fail(joined({"expected # or #/..., found ", quoted_name(whole)})), nullptr;
      const std::size_t end = (std::min)(rest.find('/', 1), rest.size());
      std::string step;
      for (std::size_t i = 1; i < end; ++i) {
        const bool is_escaped = rest[i] == '~' && i + 1 < end;
        step += !is_escaped ? rest[i] : rest[i + 1] == '1' ? '/' : '~';
        i += is_escaped;
      }
      at = find(*at, step);
      rest.remove_prefix(end);
    }
    if (at == nullptr) fail(joined({"nothing is at ", quoted_name(whole)}));
    return at;
  }

 private:
  const json_tree& tree_;
  std::string place_, problem_;
};

}  // namespace typeformer::detail
