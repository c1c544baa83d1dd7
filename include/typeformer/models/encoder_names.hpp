// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/composition/token_and_sequence_heads.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/shape/shape.hpp>

/// What the presets of encoders share about names in files, which depend on the last layers: `classifier` after a
/// pooling and `classifier` of tokens have different names in most families.
namespace typeformer {

/// Rules of two tables, those of the first one before those of the second.
template <std::size_t N, std::size_t M>
constexpr std::array<file_tensor_rule, N + M> joined_rules(const file_tensor_rule (&first)[N],
                                                           const file_tensor_rule (&second)[M]) {
  std::array<file_tensor_rule, N + M> rules{};
  for (std::size_t i = 0; i < N; ++i) rules[i] = first[i];
  for (std::size_t i = 0; i < M; ++i) rules[N + i] = second[i];
  return rules;
}

namespace detail {

template <class Layer> inline constexpr bool is_classifier = false;
template <index_type Classes> inline constexpr bool is_classifier<classifier<Classes>> = true;

template <class Layer> inline constexpr bool is_pair_of_heads = false;
template <class Tokens, class... Sequences>
inline constexpr bool is_pair_of_heads<token_and_sequence_heads<Tokens, Sequences...>> = true;

template <class Layer> constexpr bool pools_tokens() {
  using pooled = typename decltype(declared_output<Layer, token_rows<2>, scope<>>())::type;
  if constexpr (requires { pooled::rows_are; }) return pooled::rows_are == axis::sequence;
  else return false;
}

}  // namespace detail

/// Whether the last layers of an encoder classify sequences: a pooling, and later a classifier.
template <class... Layers>
inline constexpr bool classifies_sequences =
    (detail::is_classifier<Layers> || ...) && (detail::pools_tokens<Layers>() || ...);

/// The names of a head that classifies sequences by their first token in most families.
inline constexpr file_tensor_rule dense_classifier_tensors[] = {
    where_present({.file = "classifier.dense.", .leaves = {"pooler.dense."}}),
    where_present({.file = "classifier.out_proj.", .leaves = {"classifier."}}),
};

}  // namespace typeformer
