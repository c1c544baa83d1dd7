// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/layers/frame_convolution.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/neighboring_rows.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

namespace detail {

/// Calls f(frame, first number of its window) for each frame that a window of a row reads, where `at(row)` is the
/// address of a row's frames. A frame that is not there is null.
template <class Windows, class At, class F>
constexpr void for_each_frame(index_type row, index_type before, index_type after, At at, F f) {
  constexpr index_type frames = Windows::frames, channels = Windows::channels;
  for (index_type output = 0; output < Windows::outputs; ++output)
    for (index_type k = 0; k < Windows::kernel; ++k) {
      const index_type frame = output * Windows::stride + k - 1;  // the window's middle is frame output · stride
      const index_type of_row = frame < 0 ? before : frame < frames ? row : after;
      const index_type place = frame < 0 ? frames - 1 : frame < frames ? frame : 0;
      f(of_row < 0 ? nullptr : at(of_row) + place * channels, output * Windows::inputs + k);
    }
}

/// The windows of all rows, or the frames, as rows of a matrix product.
template <class S> constexpr rows_view<S> each_in_a_row(block_view<S> x, index_type size) { return {x.data, size}; }

}  // namespace detail

template <class Windows, class W, class S>
constexpr void execute(gather_frames_operation<Windows>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  for_each_row_with_neighbors(c.batch_of(x.rows_are), [&](index_type row, index_type before, index_type after) {
    detail::for_each_frame<Windows>(
        row, before, after, [&](index_type of) { return x[of]; },
        [&](const S* frame, index_type first) {
          for (index_type i = 0; i < Windows::channels; ++i)
            y[row][first + i * Windows::kernel] = frame ? frame[i] : S{0};
        });
  });
}
template <class Windows, class W, class S>
constexpr void execute(gather_frames_back_operation<Windows>, const call<W>& c, block_view<const S> dy,
                       block_view<S> dx) {
  for (index_type i = 0; i < dx.rows * Windows::frames * Windows::channels; ++i) dx.data[i] = S{0};
  for_each_row_with_neighbors(c.batch_of(dx.rows_are), [&](index_type row, index_type before, index_type after) {
    detail::for_each_frame<Windows>(
        row, before, after, [&](index_type of) { return dx[of]; },
        [&](S* dframe, index_type first) {
          for (index_type i = 0; dframe && i < Windows::channels; ++i)
            dframe[i] += dy[row][first + i * Windows::kernel];
        });
  });
}

template <class Windows, index_type Width, class W, class S, class Weight>
constexpr void execute(convolve_frames_operation<Windows, Width>, const call<W>& c, block_view<const S> x,
                       Weight weight, const S* bias, block_view<S> y) {
  kernels::linear<S>(x.rows * Windows::outputs, detail::each_in_a_row(x, Windows::inputs), weight, bias,
                     detail::each_in_a_row(y, Width), c.workers);
}
template <class Windows, index_type Width, class W, class S>
constexpr void execute(first_frames_back_operation<Windows, Width>, const call<W>& c, block_view<const S> x,
                       block_view<const S> dy, row_major_view<S> dweight, S* dbias) {
  kernels::linear_weight_gradient<S>(x.rows * Windows::outputs, detail::each_in_a_row(x, Windows::inputs),
                                     detail::each_in_a_row(dy, Width), dweight, dbias, c.workers);
}
template <class Windows, index_type Width, class W, class S>
constexpr void execute(convolve_frames_back_operation<Windows, Width>, const call<W>& c, block_view<const S> x,
                       row_major_view<const S> weight, block_view<const S> dy, block_view<S> dx,
                       row_major_view<S> dweight, S* dbias) {
  execute(first_frames_back_operation<Windows, Width>{}, c, x, dy, dweight, dbias);
  kernels::linear_input_gradient<S>(x.rows * Windows::outputs, detail::each_in_a_row(dy, Width), weight,
                                    detail::each_in_a_row(dx, Windows::inputs), c.workers);
}

}  // namespace typeformer
