// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <ctime>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/template_interpreter.hpp>
#include <typeformer/text/detail/template_nodes.hpp>
#include <typeformer/text/detail/template_parser.hpp>
#include <typeformer/text/detail/template_tokens.hpp>
#include <typeformer/text/detail/template_value.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// One message of a conversation. The role is `system`, `user` or `assistant`.
struct chat_turn {
  std::string role, content;
};

/// What a template sees beside the turns.
struct chat_settings {
  bool asks_for_an_answer = true;                            ///< the text ends where the assistant begins to speak
  std::vector<std::pair<std::string, std::string>> texts{};  ///< such as `bos_token`
  std::vector<std::pair<std::string, bool>> flags{};         ///< such as `enable_thinking`
  std::tm now{};                                             ///< for templates that say the date
};

/// The text of a conversation, by the template that a model was trained with.
///
/// Templates are programs in Jinja's language. This is the part of it that templates use for turns of plain text: texts,
/// `{{ … }}`, comments, `if`, `for`, `set`, `macro`, `generation`, `break`, `continue`, namespaces, arithmetic,
/// comparisons, `and`, `or`, `not`, `in`, `is`, `if else`, indices, slices, and the functions, tests, filters and
/// methods in `detail/template_*.hpp`. Anything else is an error that names it: a statement when the template is parsed,
/// the rest when it is reached. White space is that of Jinja with `trim_blocks` and `lstrip_blocks`.
///
/// A template is anyone's file: its size, its nesting, its work and its memory are limited. It sees nothing but the
/// turns and the settings.
class chat_template {
 public:
  static constexpr std::size_t longest = std::size_t{1} << 17;  ///< in bytes

  /// Errors: a template that is too long, nested too deeply, not Jinja, or that has a statement which is not supported.
  static result<chat_template, tokenizer_error> parse(std::string_view source) noexcept {
    if (source.size() > longest)
      return rejected("expected at most " + std::to_string(longest) + " bytes, found " + std::to_string(source.size()));
    std::string lines;
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (source[i] != '\r') lines += source[i];
      else if (i + 1 == source.size() || source[i + 1] != '\n') lines += '\n';
    }
    detail::template_lexer lexer{lines};
    if (!lexer.run()) return rejected(lexer.problem());
    detail::template_parser parser{lexer.take()};
    detail::template_program program = parser.run();
    if (!parser.ok()) return rejected(parser.problem());
    return chat_template{std::move(program)};
  }

  /// The text of the turns. Errors: what is not supported; turns that the template rejects, such as roles that do not
  /// alternate; too much work.
  result<std::string, tokenizer_error> render(std::span<const chat_turn> turns,
                                              const chat_settings& settings = {}) const noexcept {
    using value = detail::template_value;
    std::size_t allowed = std::size_t{1} << 26;
    value::elements messages;
    for (const chat_turn& each : turns) {
      messages.push_back(
          value::of(value::members{{"role", value::of(each.role)}, {"content", value::of(each.content)}}));
      allowed += 1024 + 64 * (each.role.size() + each.content.size());
    }
    value list = value::of(std::move(messages));
    if (list.is_too_large()) return rejected("there are too many turns");
    detail::template_interpreter interpreter{*program_, settings.now, allowed};
    interpreter.set("messages", std::move(list));
    interpreter.set("add_generation_prompt", value::of(settings.asks_for_an_answer));
    interpreter.set("tools", value::none());
    interpreter.set("documents", value::none());
    for (const auto& [name, text] : settings.texts) interpreter.set(name, value::of(text));
    for (const auto& [name, flag] : settings.flags) interpreter.set(name, value::of(flag));
    std::string text = interpreter.run();
    if (!interpreter.work().ok()) return rejected(interpreter.work().problem());
    return text;
  }

 private:
  explicit chat_template(detail::template_program program)
      : program_{std::make_shared<const detail::template_program>(std::move(program))} {}

  static failure<tokenizer_error> rejected(const std::string& why) {
    return {tokenizer_error{"the chat template: " + printable(why, 400)}};
  }

  std::shared_ptr<const detail::template_program> program_;
};

}  // namespace typeformer
