// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/layers/mean_pooling.hpp>
#include <typeformer/layers/unit_length.hpp>

namespace typeformer {

namespace error {
/// A pooling makes one row of all the tokens of a sequence.
template <class Pooling, class Layer> struct pooling_gives_no_row_for_each_sequence : mismatch {};
}  // namespace error

namespace detail {
template <class Layer, class Pooling, class In, class Scope> constexpr auto checked_pooling() {
  using pooled = typeformer::infer<Pooling, In, Scope>;
  if constexpr (!Shape<pooled>) return std::type_identity<pooled>{};
  else if constexpr (pooled::rows_are != axis::sequence)
    return std::type_identity<error::pooling_gives_no_row_for_each_sequence<Pooling, Layer>>{};
  else return std::type_identity<infer_chain<In, Scope, Pooling, unit_length<>>>{};
}
}  // namespace detail

/// One vector of length 1 for each sequence. The similarity of two texts is the product of their vectors, which is the
/// cosine between them (Reimers, Gurevych 2019, arXiv:1908.10084, §3). It is the last layer of an encoder:
/// `bert_body<config, gelu_erf, sentence_embedding<>>`.
///
/// x [rows][width], y [sequences][width]. `Pooling` is `mean_pooling`, `max_pooling`, or `first_token` for the vector of
/// `[CLS]`.
template <class Pooling = mean_pooling> struct sentence_embedding : sequential<Pooling, unit_length<>> {
  template <class In, class Scope>
  using infer = typename decltype(detail::checked_pooling<sentence_embedding, Pooling, In, Scope>())::type;
};

}  // namespace typeformer
