// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <iterator>
#include <type_traits>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// What the narrow formats of weights share.
struct narrow_format {
  static constexpr bool narrows_table(index_type rows, index_type columns) { return rows * columns >= 16384; }
};

/// Format of weights: bfloat16, in products with float32 sums. Where the processor multiplies bfloat16 (AVX-512 BF16),
/// activations are rounded to it, too; elsewhere they stay float32.
struct bf16 : narrow_format {
  using matrices = bf16;
  using tables = bf16;
  using caches = bf16;
  static constexpr index_type inputs_in_word = 2;  ///< of 32 bits
  static constexpr bool has_scales = false;
  static constexpr index_type words_of_cache(index_type numbers, index_type) { return (numbers + 1) / 2; }
};

/// One scale for each output of a matrix, or for each row of a table.
struct per_channel {};

/// Format of weights: 8 bits, w = scale · q with q in -127..127. In products each row of activations is quantized to 8
/// bits by a scale of its own, and sums are int32: they are the same on every target.
template <class Scale = per_channel> struct int8 : narrow_format {
  using matrices = int8;
  using tables = int8;
  using caches = int8;
  static constexpr index_type inputs_in_word = 4;
  static constexpr bool has_scales = true;  ///< one for each output
  static constexpr index_type words_of_cache(index_type numbers, index_type numbers_of_scale) {
    return (numbers + 3) / 4 + numbers / numbers_of_scale;
  }
};

/// One scale for each column of the keys and values of each layer, from an array of floats with static storage duration:
/// [layers][heads * head_width] for keys, then for values. `cache_scales` measures them.
template <const auto& Scales> struct fixed_scales {
  static constexpr index_type count = index_type(std::size(Scales));
  static const float* data() { return std::data(Scales); }
};

/// Format of a cache: 8 bits, and no memory for scales. Numbers beyond 127 scales are cut off; one that is no number
/// becomes 0.
template <const auto& Scales> struct int8<fixed_scales<Scales>> {
  using caches = int8;
  using scales = fixed_scales<Scales>;
  static constexpr index_type words_of_cache(index_type numbers, index_type) { return (numbers + 3) / 4; }
};

/// Consecutive inputs of an output that share a scale.
template <index_type Inputs> struct groups_of {
  static_assert(Inputs > 0 && Inputs % 32 == 0, "a group has whole registers of activations");
  static constexpr index_type inputs = Inputs;
};
/// w = scale · (q - zero), where zero is the middle of the range of q.
struct symmetric {
  static constexpr index_type groups_of_scale_word = 2;
};
/// w = scale · q + lowest
struct asymmetric {
  static constexpr index_type groups_of_scale_word = 1;
};

/// Format of weights: 4 bits, q in 0..15, with a scale for each group of inputs of an output, as bfloat16: 4.5 bits for a
/// number (symmetric) or 5 (asymmetric, which also has the lowest number) in groups of 32. Groups of activations are
/// quantized to 8 bits, each with a scale of its own; sums of a group are integers. Tables are int8.
template <class Groups = groups_of<32>, class Range = symmetric> struct int4 : narrow_format {
  using matrices = int4;
  using tables = int8<>;
  static constexpr index_type inputs_in_word = 8;
  static constexpr bool has_scales = false;  ///< they lie among the words
  static constexpr index_type group = Groups::inputs;
  static constexpr index_type block = group * Range::groups_of_scale_word;  ///< inputs of one word of scales
  static constexpr bool is_symmetric = Range::groups_of_scale_word == 2;
  static constexpr int zero = 8, most = 15;
};

/// Format of weights: 8 bits, with a scale for each group of inputs of an output, as bfloat16: 8.5 bits for a number in
/// groups of 32. Activations are quantized in groups, too. It loses less than one scale an output, where activations
/// have a few large numbers.
template <index_type Inputs> struct int8<groups_of<Inputs>> : narrow_format {
  using matrices = int8;
  using tables = int8;
  static constexpr index_type inputs_in_word = 4;
  static constexpr bool has_scales = false;
  static constexpr index_type group = Inputs;
  static constexpr index_type block = 2 * group;
  static constexpr bool is_symmetric = true;
  static constexpr int zero = 128, most = 255;
};

template <class Format>
concept GroupedFormat = requires { Format::group; };

/// A format for matrices alone: tables, such as those of tokens, stay float32. Of a table that is the head, too, the
/// head reads float32 then.
template <class Format> struct with_wide_tables : Format {
  static constexpr bool narrows_table(index_type, index_type) { return false; }
};

/// Whether weights have this format. A format that these are given with other arguments is none.
template <class Type> inline constexpr bool is_number_format = std::is_base_of_v<narrow_format, Type>;
template <> inline constexpr bool is_number_format<narrow_format> = false;
template <class Scale> inline constexpr bool is_number_format<int8<Scale>> = std::is_same_v<Scale, per_channel>;
template <index_type Inputs> inline constexpr bool is_number_format<int8<groups_of<Inputs>>> = true;
template <class Groups, class Range> inline constexpr bool is_number_format<int4<Groups, Range>> = false;
template <index_type Inputs> inline constexpr bool is_number_format<int4<groups_of<Inputs>, symmetric>> = true;
template <index_type Inputs> inline constexpr bool is_number_format<int4<groups_of<Inputs>, asymmetric>> = true;
template <class Format> inline constexpr bool is_number_format<with_wide_tables<Format>> = is_number_format<Format>;

}  // namespace typeformer
