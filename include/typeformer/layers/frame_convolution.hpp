// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/layers/activation.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// What a convolution of kernel 3 over the frames of a sequence reads for each of its outputs. A row of the stream holds
/// `Frames` frames of `Channels` numbers, and has `Outputs` outputs: one for every (frames / outputs)-th frame, which
/// reads that frame and the ones beside it. Zeros stand before the first frame of a sequence and after the last.
///
/// frames [rows][frames · channels], windows [rows][outputs · channels · 3], each as [channel][frame].
template <index_type Channels, index_type Frames, index_type Outputs> struct frame_windows {
  static constexpr index_type channels = Channels, frames = Frames, outputs = Outputs, kernel = 3,
                              stride = Frames / Outputs, inputs = Channels * kernel, width = Outputs * inputs;
};

template <class Windows> struct gather_frames_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class Windows> struct gather_frames_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Windows::width; }
};
/// The affine map of each window.
template <class Windows, index_type Width> struct convolve_frames_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Windows::width * Width; }
};
/// Gradients of the windows, or only of the parameters.
template <class Windows, index_type Width> struct convolve_frames_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Windows::width * Width; }
};
template <class Windows, index_type Width> struct first_frames_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Windows::width * Width; }
};

namespace detail {

/// y = Function(W · window + b) for each window of `Windows`. W is that of a convolution [width][channels][3], flattened.
template <class Windows, index_type Width, class Function> struct frame_convolution {
  static constexpr index_type output_width = Windows::outputs * Width;
  using weight_parameter = parameter<parameter_kind::matrix, Width, Windows::inputs>;
  using bias_parameter = parameter<parameter_kind::vector, Width, 1>;

  template <axis RowsAre> struct trace_of {
    ref<rows<RowsAre, output_width>> y, linear;
    ref<rows<RowsAre, Windows::width>> windows;
    weight_parameter weight;
    bias_parameter bias;
  };

  template <class Walk, class X> static constexpr auto walk(Walk& c, X x, const char* name) {
    c.enter(name);
    const auto weight = c.template param<parameter_kind::matrix, Width, Windows::inputs>(named_rows{"weight", Width});
    const auto bias = c.template param<parameter_kind::vector, Width, 1>(named_rows{"bias", Width});
    c.leave();
    const auto windows = c.template make<rows<X::rows_are, Windows::width>>();
    c.run(gather_frames_operation<Windows>{}, x, out(windows));
    const auto linear = c.template make<rows<X::rows_are, output_width>>();
    c.run(convolve_frames_operation<Windows, Width>{}, windows, weight, bias, out(linear));
    const auto y = c.template make<rows<X::rows_are, output_width>>(linear);
    c.run(activation_operation<Function, output_width>{}, linear, out(y));
    return trace_of<X::rows_are>{y, linear, windows, weight, bias};
  }

  template <class Walk, axis RowsAre, class DY> static constexpr auto walk_back(Walk& c, trace_of<RowsAre> t, DY dy) {
    const auto dlinear = walk_back_function(c, t, dy);
    const auto dwindows = c.template make<rows<RowsAre, Windows::width>>();
    c.run(convolve_frames_back_operation<Windows, Width>{}, t.windows, t.weight, dlinear, out(dwindows),
          gradient_of(t.weight), gradient_of(t.bias));
    const auto dx = c.template make<rows<RowsAre, Windows::frames * Windows::channels>>();
    c.run(gather_frames_back_operation<Windows>{}, dwindows, out(dx));
    return dx;
  }
  /// Where the frames are those of a batch, which have no gradient.
  template <class Walk, axis RowsAre, class DY>
  static constexpr void walk_back_to_parameters(Walk& c, trace_of<RowsAre> t, DY dy) {
    c.run(first_frames_back_operation<Windows, Width>{}, t.windows, walk_back_function(c, t, dy), gradient_of(t.weight),
          gradient_of(t.bias));
  }

 private:
  template <class Walk, axis RowsAre, class DY>
  static constexpr DY walk_back_function(Walk& c, trace_of<RowsAre> t, DY dy) {
    const DY dlinear = c.template make<typename DY::shape>(dy);
    c.run(activation_back_operation<Function, output_width>{}, t.linear, dy, out(dlinear));
    return dlinear;
  }
};

}  // namespace detail

}  // namespace typeformer
