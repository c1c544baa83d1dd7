// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>

#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// An input that a walk reads by `c.input<I>()`: the type of its elements, how many each row has, what a row belongs
/// to, and where it lies in a batch (null: the batch does not have it).
template <class I>
concept Input = requires(const token_batch& batch) {
  typename I::element;
  { I::name } -> std::convertible_to<const char*>;
  { I::width } -> std::convertible_to<index_type>;
  { I::rows_are } -> std::convertible_to<axis>;
  { I::of(batch) } -> std::convertible_to<const typename I::element*>;
};

template <class T>
concept NoInput = !Input<T>;

/// An input as an argument of operations. Its rows are those of `RowsAre`: tokens of the target or of the source.
template <Input I, axis RowsAre = I::rows_are> struct input_ref {
  using input = I;
  using element = typename I::element;
  static constexpr index_type width = I::width;
  static constexpr axis rows_are = RowsAre;
};

namespace detail {
template <class Element, index_type Width, axis RowsAre> struct rows_of_input {
  using element = Element;
  static constexpr index_type width = Width;
  static constexpr axis rows_are = RowsAre;
};
}  // namespace detail

/// The id of each token.
struct token_ids : detail::rows_of_input<std::int32_t, 1, axis::token> {
  static constexpr const char* name = "ids";
  static constexpr const element* of(const token_batch& batch) { return batch.ids; }
};
/// The position of each token in its text.
struct token_positions : detail::rows_of_input<std::int32_t, 1, axis::token> {
  static constexpr const char* name = "positions";
  static constexpr const element* of(const token_batch& batch) { return batch.positions; }
};
/// The segment (token type) of each token. A batch without segments has only segment 0.
struct token_segments : detail::rows_of_input<std::int32_t, 1, axis::token> {
  static constexpr const char* name = "segments";
  static constexpr const element* of(const token_batch& batch) { return batch.segments; }
};
/// `Channels` numbers for each token but class tokens: sensor readings, spectrogram rows. See `for_each_feature_row`.
template <index_type Channels> struct token_features : detail::rows_of_input<float, Channels, axis::token> {
  static constexpr const char* name = "features";
  static constexpr const float* of(const token_batch& batch) { return batch.features; }
};
/// An image for each sequence, [channels][height][width].
template <index_type Channels, index_type Height, index_type Width>
struct sequence_images : detail::rows_of_input<float, Channels * Height * Width, axis::sequence> {
  static constexpr const char* name = "images";
  static constexpr const float* of(const token_batch& batch) { return batch.images; }
};

/// The label of a row that has no target.
inline constexpr std::int32_t no_label = -100;

// Targets of objectives. Each kind has a scale, by which its losses are multiplied: 1 / their count gives the mean.

/// The class of each token; −100 is no class.
struct token_labels : detail::rows_of_input<std::int32_t, 1, axis::token> {
  static constexpr const char* name = "labels";
  static constexpr const element* of(const token_batch& batch) { return batch.labels; }
  static constexpr const double* scale_of(const token_batch& batch) { return &batch.loss_scale; }
};
/// The class of each sequence; −100 is no class.
struct sequence_labels : detail::rows_of_input<std::int32_t, 1, axis::sequence> {
  static constexpr const char* name = "sequence labels";
  static constexpr const element* of(const token_batch& batch) { return batch.sequence_labels; }
  static constexpr const double* scale_of(const token_batch& batch) { return &batch.sequence_loss_scale; }
};
/// The first and last token of each sequence's answer; −100 is no answer.
struct answer_spans : detail::rows_of_input<std::int32_t, 2, axis::sequence> {
  static constexpr const char* name = "answer spans";
  static constexpr const element* of(const token_batch& batch) { return batch.answer_spans; }
  static constexpr const double* scale_of(const token_batch& batch) { return &batch.answer_loss_scale; }
};
/// `Outputs` real numbers for each token; a NaN in the first means none.
template <index_type Outputs> struct token_targets : detail::rows_of_input<float, Outputs, axis::token> {
  static constexpr const char* name = "targets";
  static constexpr const float* of(const token_batch& batch) { return batch.targets; }
  static constexpr const double* scale_of(const token_batch& batch) { return &batch.target_loss_scale; }
};
/// `Outputs` real numbers for each sequence; a NaN in the first means none.
template <index_type Outputs> struct sequence_targets : detail::rows_of_input<float, Outputs, axis::sequence> {
  static constexpr const char* name = "sequence targets";
  static constexpr const float* of(const token_batch& batch) { return batch.sequence_targets; }
  static constexpr const double* scale_of(const token_batch& batch) { return &batch.sequence_target_loss_scale; }
};

/// The scale of the losses of a kind of targets.
template <Input Targets> struct loss_scale_of : detail::rows_of_input<double, 1, axis::once> {
  static constexpr const char* name = "loss scale";
  static constexpr const double* of(const token_batch& batch) { return Targets::scale_of(batch); }
};

/// A place in a walk that draws random numbers, as an argument of operations. It is a number that is the same in every
/// walk of the same layers.
struct random_site {
  int id = -1;
};

/// What an operation draws from at a `random_site`: the words of a counter-based generator. The key is made of the
/// seed, the step, the site and the iterations of the loops around it.
struct random_source {
  std::uint64_t seed = 0, step = 0;
  std::uint32_t place = 0;  ///< the site, and the iteration of each of two loops, packed
};

/// What a site draws from in one call, for given iterations of the two outer loops.
constexpr random_source random_source_of(const token_batch& batch, random_site site, const index_type* iteration) {
  const auto packed = [](auto number) { return static_cast<std::uint32_t>(number & 0xFFF); };
  return {batch.random_seed, batch.random_step,
          static_cast<std::uint32_t>(site.id) << 24 | packed(iteration[0]) << 12 | packed(iteration[1])};
}

}  // namespace typeformer
