// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer {

struct nothing {};

/// What layers pass down to the layers after them: the token table for a tied head, the rotary table for attention.
template <class TokenTable = nothing, class Rotary = nothing> struct scope {
  TokenTable token_table{};
  Rotary rotary{};
};

template <class T, class R, class Table> constexpr scope<Table, R> with_token_table(scope<T, R> s, Table table) {
  return {table, s.rotary};
}
template <class T, class R, class Rotary> constexpr scope<T, Rotary> with_rotary(scope<T, R> s, Rotary rotary) {
  return {s.token_table, rotary};
}

}  // namespace typeformer
