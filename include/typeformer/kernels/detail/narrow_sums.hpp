// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/narrow_view.hpp>
#include <typeformer/simd/narrow_words.hpp>

/// Products of one row and a matrix in a narrow format, on targets without vectors.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// A part of the inputs. The sums of all but the last part are kept in y.
struct part_of_inputs {
  index_type word, words;
  bool is_last;
};

struct output_range {
  index_type first, end;
};

/// The sums of a part of the inputs, added to those of the parts before it, which have the bits of y.
template <class Format>
TYPEFORMER_NOINLINE void narrow_sums(output_range outputs, part_of_inputs part,
                                     const typename simd::narrow_words<Format>::multiplicand* x, narrow_view<Format> w,
                                     float* y) {
  using product = simd::narrow_words<Format>;
  using pack = simd::pack<float>;
  const index_type words = w.order.words_of_output();
  const float* weights = w.data + outputs.first * words + part.word;
  float* const end = y + outputs.end;
  index_type step = 1;
  for (y += outputs.first; y < end; y += 2, weights += 2 * words) {
    if (y + 1 == end) step = 0;  // the last one is computed twice
    typename product::sum sums[] = {product::zero(), product::zero()};
    if (part.word > 0) {
      sums[0] = product::of_bits(pack(y[0]));
      sums[1] = product::of_bits(pack(y[step]));
    }
    product::add_two_dots(part.words, x, weights, weights + step * words, sums);
    product::bits(sums[0]).store(y);
    product::bits(sums[1]).store(y + step);
  }
}

/// From the sums of all inputs to the numbers that are meant.
template <class Format>
void narrow_results(output_range outputs, float scale, narrow_view<Format> w, const float* bias, float* y) {
  using product = simd::narrow_words<Format>;
  using pack = simd::pack<float>;
  for (index_type output = outputs.first; output < outputs.end; ++output) {
    float of_output = 1;
    if constexpr (Format::has_scales) of_output = w.data[w.order.scale(output)];
    const pack result =
        product::result(product::of_bits(pack(y[output])), scale, pack(of_output), simd::detail::word_vector{});
    (bias ? result + pack(bias[output]) : result).store(y + output);
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
