// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/grammars/code_points.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer::detail {

/// Reads a regular expression by recursive descent. The first problem is kept.
class expression_reader {
 public:
  explicit expression_reader(std::string_view pattern) : pattern_{pattern} {}

  result<grammar, grammar_error> read() {
    take('^');
    grammar whole = choice(0);
    if (problem_.empty() && at_ < pattern_.size()) fail("a ')' without '('");
    if (problem_.empty()) return result<grammar, grammar_error>(std::move(whole));
    return failure{grammar_error{joined(
        {"regular expression ", quoted_name(pattern_.substr(0, 200)), ", byte ", digits_of(at_), ": ", problem_})}};
  }

 private:
  static constexpr int deepest = 200;
  static constexpr std::uint32_t most_repeated = 10'000;

  bool ok() const { return problem_.empty(); }
  void fail(std::string_view what) {
    if (ok()) problem_ = joined({what, " is not supported or not valid"});
  }
  bool sees(char sign) const { return at_ < pattern_.size() && pattern_[at_] == sign; }
  bool take(char sign) { return sees(sign) && (++at_, true); }
  char32_t next() {
    if (at_ >= pattern_.size()) return fail("this end"), U'\0';
    const utf8_step step = utf8_at(pattern_, at_);
    if (step.size == 0) return fail("a byte that is not UTF-8"), U'\0';
    at_ += step.size;
    return step.code_point;
  }

  grammar choice(int depth) {
    if (depth > deepest) return fail("a group that is nested so deeply"), grammar{};
    std::vector<grammar> parts{sequence(depth)};
    while (ok() && take('|')) parts.push_back(sequence(depth));
    return parts.size() == 1 ? std::move(parts[0]) : grammar::choice(std::move(parts));
  }
  grammar sequence(int depth) {
    std::vector<grammar> parts;
    while (ok() && at_ < pattern_.size() && !sees('|') && !sees(')')) {
      if (sees('$') && at_ + 1 == pattern_.size() && depth == 0) {
        ++at_;
        break;
      }
      grammar part = repeated(atom(depth));
      parts.push_back(std::move(part));
    }
    return parts.size() == 1 ? std::move(parts[0]) : grammar::sequence(std::move(parts));
  }

  grammar atom(int depth) {
    if (take('(')) {
      if (take('?') && !take(':')) return fail("a group that begins with (?"), grammar{};
      grammar inner = choice(depth + 1);
      if (ok() && !take(')')) fail("a '(' without ')'");
      return inner;
    }
    if (sees('*') || sees('+') || sees('?') || sees('{')) return fail("a quantifier of nothing"), grammar{};
    if (sees('^') || sees('$')) return fail("an anchor inside of an expression"), grammar{};
    if (take('[')) return grammar::one_of(set());
    if (take('.')) return grammar::one_of(code_points{{'\n', '\n'}}.complement());
    code_points one;
    if (take('\\')) escape(one, nullptr);
    else if (const char32_t c = next(); ok()) one.add(c, c);
    return grammar::one_of(std::move(one));
  }

  grammar repeated(grammar what) {
    while (ok()) {
      std::uint32_t least = 0, most = grammar::without_end;
      if (take('*')) least = 0;
      else if (take('+')) least = 1;
      else if (take('?')) most = 1;
      else if (take('{')) bounds(least, most);
      else break;
      take('?');
      if (sees('*') || sees('+') || sees('?')) fail("a quantifier of a quantifier");
      what = grammar::repeat(std::move(what), least, most);
      if (sees('{')) fail("a quantifier of a quantifier");
    }
    return what;
  }
  void bounds(std::uint32_t& least, std::uint32_t& most) {
    const bool has_least = count(least);
    most = least;
    if (take(',') && !count(most)) most = grammar::without_end;
    if (!has_least || !take('}') || most < least) fail("a number of repetitions");
  }
  bool count(std::uint32_t& value) {
    const std::size_t begin = at_;
    for (value = 0; at_ < pattern_.size() && pattern_[at_] >= '0' && pattern_[at_] <= '9'; ++at_)
      if (value = value * 10 + static_cast<std::uint32_t>(pattern_[at_] - '0'); value > most_repeated)
        return fail("so many repetitions"), false;
    return at_ > begin;
  }

  code_points set() {
    code_points items;
    const bool is_negated = take('^');
    for (bool is_first = true; ok() && (is_first || !sees(']')); is_first = false) {
      if (at_ >= pattern_.size()) return fail("a '[' without ']'"), items;
      if (pattern_.substr(at_).starts_with("[:")) fail("a POSIX class");
      char32_t first = 0, last = 0;
      if (!one_of_class(items, first)) continue;
      last = first;
      if (sees('-') && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        take('-');
        if (!one_of_class(items, last)) fail("a range that ends in a class");
      }
      if (last < first) fail("a range in reverse");
      if (ok()) items.add(first, last);
    }
    take(']');
    return is_negated ? items.complement() : items;
  }
  /// Reads a character of a class, or adds a class like `\d` and returns false.
  bool one_of_class(code_points& items, char32_t& one) {
    if (take('\\')) return escape(items, &one);
    one = next();
    return true;
  }

  /// What follows a backslash. A single character goes to `one`, if that is wanted.
  bool escape(code_points& set, char32_t* one) {
    const auto single = [&](char32_t c) {
      if (one != nullptr) *one = c;
      else set.add(c, c);
      return true;
    };
    const auto all = [&](const code_points& named, bool is_negated) {
      set.add(is_negated ? named.complement() : named);
      return false;
    };
    const char32_t c = next();
    switch (c) {
      case 'd':
      case 'D': return all({{'0', '9'}}, c == 'D');
      case 'w':
      case 'W': return all({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, c == 'W');
      case 's':
      case 'S': return all({{'\t', '\r'}, {' ', ' '}}, c == 'S');
      case 'n': return single('\n');
      case 'r': return single('\r');
      case 't': return single('\t');
      case 'f': return single('\f');
      case 'v': return single('\v');
      case '0': return single('\0');
      case 'x': return single(hexadecimal(2));
      case 'u': return single(hexadecimal(4));
      default:
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80)
          fail("this escape");
        return single(c);
    }
  }
  char32_t hexadecimal(int digits) {
    char32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      const char32_t digit = next();
      const std::size_t worth = digit < 0x80
                                    ? std::string_view("0123456789abcdef")
                                          .find(static_cast<char>(digit >= 'A' && digit <= 'F' ? digit + 32 : digit))
                                    : std::string_view::npos;
      if (worth == std::string_view::npos) return fail("a code point"), U'\0';
      value = value * 16 + static_cast<char32_t>(worth);
    }
    return value;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace typeformer::detail
