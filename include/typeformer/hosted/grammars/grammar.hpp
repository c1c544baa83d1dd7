// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/grammars/code_points.hpp>

namespace typeformer {

/// A set of texts: a regular language that is composed from smaller ones.
///
/// `expression_grammar` makes one from a regular expression, `json_schema_grammar` from a JSON schema. Copies share
/// their parts.
class grammar {
 public:
  enum class kind : std::uint8_t { text, one_of, sequence, choice, list, members };
  static constexpr std::uint32_t without_end = std::numeric_limits<std::uint32_t>::max();

  /// One of the members of an object: at most once, and in the order of the list.
  struct member {
    std::shared_ptr<const grammar> what;
    bool is_required = true;
  };

  /// The text without characters.
  grammar() = default;

  /// No text at all. What needs it is not in the language either.
  static grammar nothing() { return choice({}); }
  /// This text, UTF-8.
  static grammar text(std::string_view text) {
    grammar made{kind::text};
    made.text_ = text;
    return made;
  }
  /// Any one of these characters.
  static grammar one_of(code_points set) {
    grammar made{kind::one_of};
    made.set_ = std::move(set);
    return made;
  }
  static grammar sequence(std::vector<grammar> parts) { return of_parts(kind::sequence, std::move(parts)); }
  static grammar choice(std::vector<grammar> parts) { return of_parts(kind::choice, std::move(parts)); }
  /// `least` to `most` of one grammar, with a separator between them.
  static grammar list(grammar item, grammar separator, std::uint32_t least, std::uint32_t most = without_end) {
    grammar made{kind::list};
    made.members_ = {{std::make_shared<const grammar>(std::move(item))},
                     {std::make_shared<const grammar>(std::move(separator))}};
    made.least_ = least, made.most_ = most;
    return made;
  }
  static grammar repeat(grammar item, std::uint32_t least, std::uint32_t most = without_end) {
    return list(std::move(item), {}, least, most);
  }
  static grammar optional(grammar item) { return repeat(std::move(item), 0, 1); }
  /// The members in their order, with a separator between those that are there. A member that is not required may be
  /// absent.
  static grammar members(std::vector<member> members, grammar separator) {
    grammar made{kind::members};
    made.members_ = std::move(members);
    made.members_.push_back({std::make_shared<const grammar>(std::move(separator))});
    return made;
  }

  kind what() const { return kind_; }
  std::string_view text() const { return text_; }
  const code_points& set() const { return set_; }
  /// Of a sequence or choice: its parts; of a list: item and separator; of members: these, and the separator.
  std::size_t size() const { return members_.size(); }
  const grammar& part(std::size_t i) const { return *members_[i].what; }
  bool is_required(std::size_t i) const { return members_[i].is_required; }
  std::uint32_t least() const { return least_; }
  std::uint32_t most() const { return most_; }

 private:
  explicit grammar(kind what) : kind_{what} {}
  static grammar of_parts(kind what, std::vector<grammar> parts) {
    grammar made{what};
    for (grammar& part : parts) made.members_.push_back({std::make_shared<const grammar>(std::move(part))});
    return made;
  }

  kind kind_ = kind::text;
  std::string text_;
  code_points set_;
  std::vector<member> members_;
  std::uint32_t least_ = 0, most_ = 0;
};

}  // namespace typeformer
