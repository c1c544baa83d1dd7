// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>

#include <laws/check_verdict.hpp>
#include <laws/real_inputs.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/objective_sum.hpp>
#include <typeformer/objectives/regression.hpp>

namespace typeformer::laws {
namespace {

struct vision : small_vision<first_token, classifier<3>> {};
struct vision_without_head : small_vision<mean_pooling, linear<2>> {};
struct spectrogram : small_spectrogram<first_tokens<0, 2>, classifier<3>> {};
struct distilled : small_spectrogram<distilled_classifier<3>> {};
struct series : small_series<standardized, mean_of_rows, classifier<3>> {};
struct series_by_maximum : small_series<without_scaling, maximum_of_rows, linear<2>> {};
struct series_by_class : small_series<divided_by_mean, first_of_rows, linear<2>> {};
struct forecasts : small_series<standardized, all_of_rows,
                                channel_forecast<channels<2>, series_length<5>, forecast_length<3>, standardized>> {};
struct sensor : small_sensor<three_channels_and_class, first_token, classifier<2>> {};
struct pooled_sensor : small_sensor<three_channels, mean_pooling, linear<2>> {};
struct two_heads
    : small_sensor<three_channels_and_class, token_and_sequence_heads<answer_span_head, first_token, classifier<2>>> {};
struct stream : small_stream<three_channels, classifier<3>> {};
struct stream_with_class : small_stream<three_channels_and_class, classifier<3>> {};

/// Each pass sees the last tokens of the pass before, and blocks are recomputed in the backward pass.
template <class Embedding>
struct endless
    : decoder_only<
          Embedding, relative_positions<context<5>, memory_length<3>>,
          repeat<2,
                 checkpoint<pre_norm_block<transformer_xl_attention<heads<2>, causal>, feed_forward<12, gelu_tanh>>>>,
          layer_norm<>, classifier<3>> {};
struct endless_stream : endless<three_channels> {};
struct endless_stream_with_class : endless<three_channels_and_class> {};

}  // namespace

TEST_CASE("obeys the laws: models of images") {
  check_verdict(examine_model<vision, sequence_classification>());
  check_verdict(examine_model<vision_without_head, sequence_regression<>>());
}
TEST_CASE("obeys the laws: models of spectrograms, with two learned rows") {
  check_verdict(examine_model<spectrogram, sequence_classification>());
  check_verdict(examine_model<distilled, sequence_regression<>>());
}
TEST_CASE("obeys the laws: models of time series, whose channels do not see one another") {
  check_verdict(examine_model<series, sequence_classification>());
  check_verdict(examine_model<series_by_maximum, sequence_regression<>>());
  check_verdict(examine_model<series_by_class, sequence_regression<>>());
  check_verdict(examine_model<forecasts, sequence_regression<>>());
}
TEST_CASE("obeys the laws: encoders of features, with a class token and without") {
  check_verdict(
      examine_model<sensor, objective_sum<sequence_classification, sequence_regression<binary_cross_entropy>>>());
  check_verdict(examine_model<pooled_sensor, sequence_regression<huber<0.3>>>());
  check_verdict(examine_model<two_heads, objective_sum<token_regression<>, sequence_classification>>());
}
TEST_CASE("obeys the laws: decoders of features") {
  check_verdict(examine_model<stream, token_classification>());
  check_verdict(examine_model<stream_with_class, token_regression<huber<0.3>>>());
}
TEST_CASE("every law holds for decoders of features with a memory of earlier segments") {
  check_verdict(examine_model<endless_stream, token_classification>());
  check_verdict(examine_model<endless_stream_with_class, token_regression<>>());
}

}  // namespace typeformer::laws
