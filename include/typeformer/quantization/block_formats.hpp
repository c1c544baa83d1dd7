// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>

#include <typeformer/quantization/q4_0.hpp>
#include <typeformer/quantization/q4_1.hpp>
#include <typeformer/quantization/q4_k.hpp>
#include <typeformer/quantization/q5_0.hpp>
#include <typeformer/quantization/q5_1.hpp>
#include <typeformer/quantization/q5_k.hpp>
#include <typeformer/quantization/q6_k.hpp>
#include <typeformer/quantization/q8_0.hpp>

/// The block formats of ggml that are read, each as functions of one block's bytes.
namespace typeformer::quantization {

/// `F::decode` turns `F::bytes` bytes at any alignment into `F::elements` numbers.
template <class F>
concept BlockFormat = requires(const std::byte* block, float* x) {
  { F::elements } -> std::convertible_to<int>;
  { F::bytes } -> std::convertible_to<int>;
  F::decode(block, x);
};

/// `F::encode` is the inverse, as ggml's reference rounds.
template <class F>
concept EncodableBlockFormat = BlockFormat<F> && requires(const float* x, std::byte* block) { F::encode(x, block); };

static_assert(EncodableBlockFormat<q4_0> && EncodableBlockFormat<q4_1> && EncodableBlockFormat<q5_0> &&
              EncodableBlockFormat<q5_1> && EncodableBlockFormat<q8_0>);
static_assert(BlockFormat<q4_k> && BlockFormat<q5_k> && BlockFormat<q6_k>);

}  // namespace typeformer::quantization
