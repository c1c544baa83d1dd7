// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/feature_embedding.hpp>
#include <typeformer/layers/patch_grid.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/shape/class_rows.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

/// Moments of a time series.
template <index_type N> struct series_length {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
/// Moments of each patch of a time series.
template <index_type N> struct patch_length {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
/// From one patch to the next.
template <index_type N> struct patch_step {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

/// Kind of the options that scale each channel of a time series by its own numbers.
struct series_scaling;
struct without_scaling {
  using option_kind = series_scaling;
};
/// Each channel becomes (x − mean) / √(variance + 1e-5) (Kim et al. 2022, "Reversible instance normalization", eq. 2).
struct standardized {
  using option_kind = series_scaling;
  static constexpr double smallest = 1e-5;
};
/// Each channel becomes x / mean |x|, with a mean of at least 1e-10.
struct divided_by_mean {
  using option_kind = series_scaling;
  static constexpr double smallest = 1e-10;
};

template <class Grid, class Scaling, class_row_layout Learned> struct load_series_operation {
  /// Mean or variance of each channel, and its numbers scaled.
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t) {
    return std::is_same_v<Scaling, without_scaling> ? 0 : 4 * sequences * Grid::image::height * Grid::image::width;
  }
};

namespace error {
/// No patch fits into the time series.
template <class Length, class Patch, class Layer> struct patch_is_longer_than_the_series : mismatch {};
}  // namespace error

/// y = x Wᵀ + b for the patches x of each channel of a time series, one channel after the other: channels are
/// independent of one another and share their weights (Nie et al. 2023, arXiv:2211.14730, §3.1). The last patch ends
/// with the series; what is left over before the first one is not read.
///
/// series [sequences][length][channels], W [width][patch length], b [width], y [sequences · channels · patches][width].
/// Options: `patch_step<S>`, the patch's length otherwise; `class_token`, a row before the patches of each channel;
/// `standardized` or `divided_by_mean`. The layers after it keep channels apart by `attention_chunks` and
/// `position_period` of `rows_of_channel` rows. Cost: 2 · patch length · width FLOPs per patch.
template <class Channels, class Length, class PatchLength, class Width, class... Options> struct series_embedding {
  static constexpr const char* name = "series_embedding";
  static constexpr index_type series_channels = argument_value<typeformer::channels<1>, Channels>,
                              length = argument_value<series_length<1>, Length>,
                              patch_length = argument_value<typeformer::patch_length<1>, PatchLength>,
                              width = argument_value<typeformer::width<1>, Width>,
                              step = chosen<patch_step<patch_length>, Options...>::value;

 private:
  static constexpr bool fits = patch_length > 0 && step > 0 && patch_length <= length;

 public:
  /// A row of this image is a channel.
  using grid = patch_grid<image<1, series_channels, length>, patch<1, patch_length>, patch_stride<1, step>, true,
                          fits ? (length - patch_length) % step : 0>;
  static constexpr index_type class_count = chosen<without_class_token, Options...>::count;
  static constexpr index_type patches = grid::patches, rows_of_channel = grid::in_a_row + class_count,
                              rows_of_image = series_channels * rows_of_channel, vocabulary = 0,
                              image_values = series_channels * length;
  static constexpr class_row_layout class_rows{class_count, rows_of_channel};
  static constexpr bool has_class_token = class_count > 0;
  using scaling = chosen<without_scaling, Options...>;
  using checked_options = both_checks<
      check_arguments<series_embedding, expects<typeformer::channels<1>, Channels>, expects<series_length<1>, Length>,
                      expects<typeformer::patch_length<1>, PatchLength>, expects<typeformer::width<1>, Width>>,
      both_checks<
          check_options<series_embedding,
                        known_options<patch_step<1>, class_token, without_class_token, series_scaling>, Options...>,
          std::conditional_t<fits, nothing,
                             error::patch_is_longer_than_the_series<Length, PatchLength, series_embedding>>>>;
  template <axis RowsAre> using shape_of = rows<RowsAre, width>;
  using shape = shape_of<axis::token>;

  template <class Walk, class Scope> static constexpr auto walk(Walk& c, Scope s) {
    c.enter(name);
    const auto t =
        projection::template walk<axis::token>(c, load_series_operation<grid, scaling, class_rows>{},
                                               c.template input<sequence_images<1, length, series_channels>>(), s);
    c.leave();
    return t;
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    projection::walk_back(c, t, dy);
  }

 private:
  using projection = detail::projected_rows<patch_length, width, class_rows>;
};

}  // namespace typeformer
