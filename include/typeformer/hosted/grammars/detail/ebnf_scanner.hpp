// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/hosted/grammars/detail/expression_reader.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/text/joined.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer::detail {

/// Reads names, texts and sets of characters of EBNF. The first problem is kept, with its line.
class ebnf_scanner {
 public:
  explicit ebnf_scanner(std::string_view text) : text_{text} {}
  const std::string& problem() const { return problem_; }

 protected:
  bool ok() const { return problem_.empty(); }
  void fail_at(std::size_t line, std::initializer_list<std::string_view> what) {
    if (ok()) problem_ = joined({"grammar, line ", digits_of(line), ": ", joined(what)});
  }
  void fail(std::string_view what) { fail_at(line_, {what}); }
  bool sees(std::string_view sign) const { return text_.substr(at_).starts_with(sign); }
  bool take(std::string_view sign) { return sees(sign) && (at_ += sign.size(), true); }
  static bool is_hexadecimal(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  /// `#x41` is a character, any other `#` begins a comment.
  bool sees_code() const { return sees("#x") && at_ + 2 < text_.size() && is_hexadecimal(text_[at_ + 2]); }

  void skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        line_ += c == '\n';
        ++at_;
      } else if (c == '#' && !sees_code()) {
        at_ = (std::min)(text_.find('\n', at_), text_.size());
      } else if (sees("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return fail("a comment without end");
        for (; at_ < end + 2; ++at_) line_ += text_[at_] == '\n';
      } else return;
    }
  }

  std::string_view name() {
    const std::size_t begin = at_;
    if (at_ < text_.size() && is_letter(text_[at_]))
      while (at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '-' || text_[at_] == '.' ||
                                    (text_[at_] >= '0' && text_[at_] <= '9')))
        ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string quoted() {
    const char sign = text_[at_++];
    std::string made;
    while (ok() && at_ < text_.size() && text_[at_] != sign && text_[at_] != '\n') {
      const std::size_t size = sign == '"' && text_[at_] == '\\' ? escape_size() : utf8_at(text_, at_).size;
      if (size == 0) return fail("a byte that is not UTF-8"), made;
      if (size > 1 && text_[at_] == '\\') {
        const grammar one = part_of_expression(std::string(text_.substr(at_, size)));
        const bool is_one = ok() && one.what() == grammar::kind::one_of && one.set().ranges().size() == 1 &&
                            one.set().ranges()[0].first == one.set().ranges()[0].last;
        if (!is_one) fail("an escape that is no character");
        else append_utf8(made, one.set().ranges()[0].first);
      } else made += text_.substr(at_, size);
      at_ += size;
    }
    if (ok() && !take({&sign, 1})) fail("a text without end");
    return made;
  }
  std::size_t escape_size() const {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    return (std::min)(kind == 'x' ? std::size_t{4} : kind == 'u' ? std::size_t{6} : std::size_t{2}, text_.size() - at_);
  }
  /// A class, as an expression has them; `#xN` in it is the same as `\uN`.
  grammar set() {
    std::string pattern;
    for (std::string_view rest = up_to(']'); !rest.empty();) {
      std::size_t digits = 0;
      while (rest.starts_with("#x") && digits < 4 && digits + 2 < rest.size() && is_hexadecimal(rest[digits + 2]))
        ++digits;
      if (digits > 0) pattern += "\\u" + std::string(4 - digits, '0') + std::string(rest.substr(2, digits));
      else pattern += rest[0];
      rest.remove_prefix(digits > 0 ? digits + 2 : 1);
    }
    return part_of_expression(pattern);
  }
  grammar code() {
    at_ += 2;
    char32_t value = 0;
    for (; at_ < text_.size() && is_hexadecimal(text_[at_]) && value <= 0x10'FFFF; ++at_)
      value = value * 16 + char32_t(text_[at_] <= '9' ? text_[at_] - '0' : (text_[at_] | 0x20) - 'a' + 10);
    if (value > 0x10'FFFF || (value >= 0xD800 && value < 0xE000)) fail("a code point that is none");
    return grammar::one_of({{value, value}});
  }
  /// From here to a sign that has no backslash before it, or to the end.
  std::string_view up_to(char sign) {
    const std::size_t begin = at_;
    for (++at_; at_ < text_.size() && text_[at_] != sign && text_[at_] != '\n'; ++at_) at_ += text_[at_] == '\\';
    at_ = (std::min)(at_ + 1, text_.size());
    return text_.substr(begin, at_ - begin);
  }
  grammar part_of_expression(const std::string& pattern) {
    auto read = expression_reader{pattern}.read();
    if (!read) return fail(read.error().text), grammar{};
    return std::move(*read);
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;

 private:
  std::string problem_;
};

}  // namespace typeformer::detail
