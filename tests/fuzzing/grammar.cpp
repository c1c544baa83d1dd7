// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <typeformer/generation/constrained_text.hpp>
#include <typeformer/hosted/grammars/ebnf_grammar.hpp>
#include <typeformer/hosted/grammars/expression_grammar.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/hosted/grammars/json_schema_grammar.hpp>

/// A regular expression (behind an `e`), rules in EBNF (behind an `r`) or a JSON schema, and a text of its language: there is no dead end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace tf = typeformer;
  if (size == 0 || size > 2000) return 0;
  const std::string_view text{reinterpret_cast<const char*>(bytes + 1), size - 1};
  const auto grammar = bytes[0] == 'e'   ? tf::expression_grammar(text)
                       : bytes[0] == 'r' ? tf::ebnf_grammar(text)
                                         : tf::json_schema_grammar(text);
  if (!grammar) return grammar.error().message().empty() ? __builtin_trap(), 0 : 0;
  static const tf::token_trie vocabulary = [] {
    tf::token_bytes tokens;
    for (int byte = 0; byte < 256; ++byte) tokens.add(std::string(1, static_cast<char>(byte)));
    for (const std::string_view each : {"ab", "\": ", "12", "\xC3\xA9", "\xE6\x97"}) tokens.add(each);
    return tf::token_trie{tokens};
  }();
  auto made = tf::byte_automaton::of(*grammar);
  if (!made || made->size() > 2000) return 0;
  auto automaton = tf::grammar_automaton::of(*made, vocabulary);
  if (!automaton) __builtin_trap();  // every byte is a token
  const tf::index_type least = automaton->tokens_to_end(automaton->start());
  auto text_so_far = tf::constrained_text<tf::grammar_automaton>::of(*automaton, least + 50);
  if (!text_so_far || tf::constrained_text<tf::grammar_automaton>::of(*automaton, least - 1)) __builtin_trap();
  for (std::size_t step = 0;; ++step) {
    std::int32_t chosen = -1;
    std::size_t count = 0;
    text_so_far->for_each_allowed([&](std::int32_t id) {
      if (count++ % (1 + bytes[step % size]) == 0) chosen = id;
    });
    if (chosen < 0) break;
    text_so_far->take(chosen);
  }
  if (!text_so_far->is_complete() || text_so_far->left() < 0) __builtin_trap();
  return 0;
}
