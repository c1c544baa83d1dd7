// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer {

struct nothing {};

/// What layers pass down to the layers after them: the token table for a tied head, the rotary table and the bias of
/// distances for attention, what the encoder made for cross-attention, whether earlier segments are remembered.
template <class TokenTable = nothing, class Rotary = nothing, class PositionBias = nothing, class Memory = nothing,
          class Recurrence = nothing>
struct scope {
  TokenTable token_table{};
  Rotary rotary{};
  PositionBias position_bias{};
  Memory memory{};
  Recurrence recurrence{};
};

/// What an encoder made of its text, and where the gradient of that adds up.
template <class States> struct encoder_memory {
  States states{};
  States gradient{};
};

/// Attention sees tokens of the segments before, too.
struct segment_recurrence {};

template <class T, class R, class B, class M, class C, class Table>
constexpr scope<Table, R, B, M, C> with_token_table(scope<T, R, B, M, C> s, Table table) {
  return {table, s.rotary, s.position_bias, s.memory, s.recurrence};
}
template <class T, class R, class B, class M, class C, class Rotary>
constexpr scope<T, Rotary, B, M, C> with_rotary(scope<T, R, B, M, C> s, Rotary rotary) {
  return {s.token_table, rotary, s.position_bias, s.memory, s.recurrence};
}
template <class T, class R, class B, class M, class C, class Bias>
constexpr scope<T, R, Bias, M, C> with_position_bias(scope<T, R, B, M, C> s, Bias bias) {
  return {s.token_table, s.rotary, bias, s.memory, s.recurrence};
}
template <class T, class R, class B, class M, class C, class Memory>
constexpr scope<T, R, B, Memory, C> with_memory(scope<T, R, B, M, C> s, Memory memory) {
  return {s.token_table, s.rotary, s.position_bias, memory, s.recurrence};
}
template <class T, class R, class B, class M, class C, class Recurrence>
constexpr scope<T, R, B, M, Recurrence> with_recurrence(scope<T, R, B, M, C> s, Recurrence recurrence) {
  return {s.token_table, s.rotary, s.position_bias, s.memory, recurrence};
}

}  // namespace typeformer
