// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/published_splitters.hpp>
#include <typeformer/text/regular_expression.hpp>
#include <typeformer/text/unicode.hpp>

namespace typeformer {

/// What a step of a tokenizer searches for: a text, characters of a kind, a regular expression, or one of the published
/// expressions for which there is a function.
class text_pattern {
 public:
  using character_test = bool (*)(char32_t);

  explicit text_pattern(std::string text) : kind_{std::move(text)} {}
  explicit text_pattern(character_test test) : kind_{test} {}
  explicit text_pattern(published_splitter splitter) : kind_{splitter} {}

  static result<text_pattern, tokenizer_error> expression(std::string_view pattern) noexcept {
    if (const auto known = published_splitter::of(pattern)) return text_pattern{*known};
    auto parsed = regular_expression::parse(pattern);
    if (!parsed) return failure{parsed.error()};
    return text_pattern{shared_expression{
        std::make_shared<const sourced_expression>(sourced_expression{std::move(*parsed), std::string(pattern)})}};
  }

  /// Calls `visit(begin, end, is_match)` for all parts of a text in order, matches and what is between them. Returns
  /// false if a regular expression would take too long.
  template <class Visit> bool for_each_part(std::string_view text, Visit&& visit) const {
    return std::visit([&](const auto& kind) { return parts(kind, text, visit); }, kind_);
  }
  /// The function that this is, or null.
  const published_splitter* as_published_splitter() const { return std::get_if<published_splitter>(&kind_); }
  const character_test* as_character_test() const { return std::get_if<character_test>(&kind_); }
  /// The text that it searches for, or null.
  const std::string* as_text() const { return std::get_if<std::string>(&kind_); }
  /// Its regular expression; empty: it is none.
  std::string_view source() const {
    if (const published_splitter* const splitter = as_published_splitter()) return splitter->source();
    const shared_expression* const expression = std::get_if<shared_expression>(&kind_);
    return expression ? std::string_view{(*expression)->source} : std::string_view{};
  }

 private:
  struct sourced_expression {
    regular_expression program;
    std::string source;
  };
  using shared_expression = std::shared_ptr<const sourced_expression>;  // copies of a tokenizer share it

  explicit text_pattern(shared_expression expression) : kind_{std::move(expression)} {}

  template <class Visit> static bool parts(const published_splitter& splitter, std::string_view text, Visit& visit) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = splitter.end_of_word(text, at);
      visit(at, end, true);
      at = end;
    }
    return true;
  }
  template <class Visit> static bool parts(const std::string& wanted, std::string_view text, Visit& visit) {
    std::size_t done = 0;
    while (!wanted.empty() && done < text.size()) {
      const std::size_t at = text.find(wanted, done);
      if (at == text.npos) break;
      if (done < at) visit(done, at, false);
      done = at + wanted.size();
      visit(at, done, true);
    }
    if (done < text.size()) visit(done, text.size(), false);
    return true;
  }
  template <class Visit> static bool parts(character_test is_wanted, std::string_view text, Visit& visit) {
    std::size_t done = 0;
    visit_characters(text, [&](char32_t c, std::size_t at, std::size_t size) {
      if (!is_wanted(c)) return;
      if (done < at) visit(done, at, false);
      done = at + size;
      visit(at, done, true);
    });
    if (done < text.size()) visit(done, text.size(), false);
    return true;
  }
  template <class Visit> static bool parts(const shared_expression& wanted, std::string_view text, Visit& visit) {
    std::size_t done = 0, from = 0, cost = regular_expression::allowed_cost(text.size());
    while (from <= text.size()) {
      const auto found = wanted->program.find(text, from, cost);
      if (!found) break;
      if (found->begin == found->end) {  // an empty match separates, except after a match
        if (found->begin < text.size() && found->begin > done) visit(done, found->begin, false), done = found->begin;
        from = found->begin + (found->begin < text.size() ? character_at(text, found->begin).size : 1);
        continue;
      }
      if (done < found->begin) visit(done, found->begin, false);
      visit(found->begin, found->end, true);
      done = from = found->end;
    }
    if (done < text.size()) visit(done, text.size(), false);
    return cost > 0;
  }

  std::variant<std::string, character_test, published_splitter, shared_expression> kind_;
};

}  // namespace typeformer
