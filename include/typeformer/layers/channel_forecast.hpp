// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/feature_embedding.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/series_embedding.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// Moments that a forecast predicts.
template <index_type N> struct forecast_length {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

/// A linear map of each of `Chunks` parts of a row, with the same weights.
template <index_type Chunks, index_type Inputs, index_type Outputs> struct chunked_linear_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Chunks * Inputs * Outputs; }
};
template <index_type Chunks, index_type Inputs, index_type Outputs> struct chunked_linear_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Chunks * Inputs * Outputs; }
};
/// From [channels][moments] of scaled numbers to [moments][channels] of numbers of the series.
template <index_type Channels, index_type Length, index_type Moments, class Scaling> struct unscale_operation {
  static constexpr std::int64_t flops(std::int64_t sequences) { return 2 * sequences * Channels * Moments; }
};
template <index_type Channels, index_type Length, index_type Moments, class Scaling> struct unscale_back_operation {
  static constexpr std::int64_t flops(std::int64_t sequences) { return sequences * Channels * Moments; }
};

namespace error {
/// The rows before a forecast are the channels side by side.
template <class Width, class Channels, class Layer> struct width_is_not_a_multiple_of_the_channels : mismatch {};
}  // namespace error

/// The next moments of a time series: z = x Wᵀ + b for the part x of each channel, with shared weights, and then y, z on
/// the scale of the series that the model read (Nie et al. 2023, arXiv:2211.14730, §3.1). `Scaling` is that of its
/// `series_embedding`.
///
/// x [sequences][channels · inputs], W [moments][inputs], b [moments], y [sequences][moments · channels], where the
/// numbers of a moment follow one another. Learned by `sequence_regression`. Cost: 2 · channels · inputs · moments FLOPs
/// per sequence.
template <class Channels, class Length, class Moments, class Scaling = without_scaling> struct channel_forecast {
  static constexpr index_type channel_count = argument_value<channels<1>, Channels>,
                              length = argument_value<series_length<1>, Length>,
                              moments = argument_value<forecast_length<1>, Moments>;
  using checked_options =
      check_arguments<channel_forecast, expects<channels<1>, Channels>, expects<series_length<1>, Length>,
                      expects<forecast_length<1>, Moments>, expects<series_scaling, Scaling>>;
  template <class In>
  using infer = std::conditional_t<
      In::rows_are == axis::sequence && In::width % channel_count == 0, sequence_rows<channel_count * moments>,
      error::width_is_not_a_multiple_of_the_channels<typeformer::width<In::width>, Channels, channel_forecast>>;

  template <class X> struct trace_of {
    static constexpr index_type inputs = X::width / channel_count;
    ref<sequence_rows<channel_count * moments>> y;
    X x;
    parameter<parameter_kind::matrix, moments, inputs> weight;
    parameter<parameter_kind::vector, moments, 1> bias;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    constexpr index_type inputs = X::width / channel_count;
    const auto weight = c.template param<parameter_kind::matrix, moments, inputs>(named_rows{"weight", moments});
    const auto bias = c.template param<parameter_kind::vector, moments, 1>(named_rows{"bias", moments});
    const auto scaled = c.template make<sequence_rows<channel_count * moments>>();
    c.run(chunked_linear_operation<channel_count, inputs, moments>{}, x, weight, bias, out(scaled));
    const auto y = c.template make<sequence_rows<channel_count * moments>>();
    c.run(unscale_operation<channel_count, length, moments, Scaling>{}, scaled,
          c.template input<sequence_images<1, length, channel_count>>(), out(y));
    return trace_of<X>{y, x, weight, bias};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr X walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const auto dscaled = c.template make<typename DY::shape>();
    c.run(unscale_back_operation<channel_count, length, moments, Scaling>{}, dy,
          c.template input<sequence_images<1, length, channel_count>>(), out(dscaled));
    const X dx = c.template make<typename X::shape>();
    c.run(chunked_linear_back_operation<channel_count, trace_of<X>::inputs, moments>{}, t.x, t.weight, dscaled, out(dx),
          gradient_of(t.weight), gradient_of(t.bias));
    return dx;
  }
};

}  // namespace typeformer
