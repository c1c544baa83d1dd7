// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer {

struct nothing {};

/// What layers pass down to the layers after them: the token table for a tied head, the rotary table and the bias of
/// distances for attention, what the encoder made for cross-attention.
template <class TokenTable = nothing, class Rotary = nothing, class PositionBias = nothing, class Memory = nothing>
struct scope {
  TokenTable token_table{};
  Rotary rotary{};
  PositionBias position_bias{};
  Memory memory{};
};

/// What an encoder made of its text, and where the gradient of that adds up.
template <class States> struct encoder_memory {
  States states{};
  States gradient{};
};

template <class T, class R, class B, class M, class Table>
constexpr scope<Table, R, B, M> with_token_table(scope<T, R, B, M> s, Table table) {
  return {table, s.rotary, s.position_bias, s.memory};
}
template <class T, class R, class B, class M, class Rotary>
constexpr scope<T, Rotary, B, M> with_rotary(scope<T, R, B, M> s, Rotary rotary) {
  return {s.token_table, rotary, s.position_bias, s.memory};
}
template <class T, class R, class B, class M, class Bias>
constexpr scope<T, R, Bias, M> with_position_bias(scope<T, R, B, M> s, Bias bias) {
  return {s.token_table, s.rotary, bias, s.memory};
}
template <class T, class R, class B, class M, class Memory>
constexpr scope<T, R, B, Memory> with_memory(scope<T, R, B, M> s, Memory memory) {
  return {s.token_table, s.rotary, s.position_bias, memory};
}

}  // namespace typeformer
