// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/feature_embedding.hpp>
#include <typeformer/layers/frame_convolution.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// y = Function(conv₂(Function(conv₁(x)))) for frames of real values, such as those of a spectrogram; the first layer of
/// an encoder. Both convolutions have a kernel of 3 and zeros beyond the first and the last frame; the second has a
/// stride of 2, so that a row of y is for two frames (Radford et al. 2022, arXiv:2212.04356, §2.2).
///
/// x [rows][2 frames][channels], which is [frames][channels] as it lies in memory, W₁ [width][channels · 3], W₂
/// [width][width · 3], b₁, b₂ [width], y [rows][width]. The weights are those of convolutions [outputs][inputs][3],
/// flattened. A model that reads features one by one cannot begin with it: a row depends on the frames after it. Rows
/// that are not valid are as if they were not there. Cost: 12 · channels · width + 6 · width² FLOPs per row.
template <class Channels, class Width, class Function> struct convolved_features {
  static constexpr const char* name = "convolved_features";
  static constexpr index_type frames_in_a_row = 2,
                              channels_of_a_frame = argument_value<typeformer::channels<1>, Channels>;
  /// Of a row, as a batch and a session count them.
  static constexpr index_type channels = frames_in_a_row * channels_of_a_frame;
  static constexpr index_type vocabulary = 0, width = argument_value<typeformer::width<1>, Width>;
  static constexpr bool has_class_token = false, sees_later_tokens = true;
  using checked_options = both_checks<check_arguments<convolved_features, expects<typeformer::channels<1>, Channels>,
                                                      expects<typeformer::width<1>, Width>>,
                                      detail::checked_function<Function, convolved_features>>;
  template <axis RowsAre> using shape_of = rows<RowsAre, width>;
  using shape = shape_of<axis::token>;

 private:
  using first =
      detail::frame_convolution<frame_windows<channels_of_a_frame, frames_in_a_row, frames_in_a_row>, width, Function>;
  using second = detail::frame_convolution<frame_windows<width, frames_in_a_row, 1>, width, Function>;

 public:
  template <axis RowsAre, class Scope> struct trace_of {
    ref<shape_of<RowsAre>> y;
    typename first::template trace_of<RowsAre> of_first;
    typename second::template trace_of<RowsAre> of_second;
    Scope scope;
  };

  template <axis RowsAre = axis::token, class Walk, class Scope> static constexpr auto walk(Walk& c, Scope s) {
    const auto x = c.template make<rows<RowsAre, channels>>();
    c.run(load_features_operation<channels, false>{}, c.template input<token_features<channels>, RowsAre>(), out(x));
    c.enter(name);
    const auto of_first = first::walk(c, x, "first");
    const auto of_second = second::walk(c, of_first.y, "second");
    c.leave();
    return trace_of<RowsAre, Scope>{of_second.y, of_first, of_second, s};
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    first::walk_back_to_parameters(c, t.of_first, second::walk_back(c, t.of_second, dy));
  }
};

}  // namespace typeformer
