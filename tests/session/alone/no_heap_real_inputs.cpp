// SPDX-License-Identifier: BSL-1.0
// Models of features and images run and train in static memory: while `armed`, every allocation ends the program. They
// do so on a stack of as many bytes as `stack_bytes` says.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <support/armed_heap.hpp>
#include <support/catch.hpp>
#include <support/small_stack.hpp>

#include <typeformer/typeformer.hpp>

namespace {

using namespace typeformer;

template <class Mask> using wide_block = pre_norm_block<self_attention<heads<8>, Mask>, feed_forward<1024, gelu_tanh>>;
struct stream : decoder_only<feature_embedding<channels<96>, width<512>, class_token>, learned_positions<context<40>>,
                             repeat<2, wide_block<causal>>, classifier<300>> {};
struct vision
    : encoder_only<patch_embedding<image<3, 64, 64>, patch<16, 16>, width<512>, class_token>,
                   learned_positions<context<17>>, repeat<2, wide_block<bidirectional>>, mean_pooling, linear<4>> {};

template <class M> inline std::array<float, std::size_t(layout_of<M>.parameters)> values;
template <class M> inline const canonical_weights<M> weights{values<M>};
template <class M> inline std::array<float, std::size_t(layout_of<M>.parameters)> gradients;

template <std::size_t N> void fill(std::array<float, N>& numbers, float largest) {
  std::uint32_t word = 1;
  for (float& number : numbers) {
    word = word * 1664525u + 1013904223u;
    number = (static_cast<float>(word >> 8) / 16777216.0f - 0.5f) * largest;
  }
}

int succeeded = 0;

void* run_stream(void*) {
  static session<stream, storage::in_place, reads<canonical>, tokens<8>> run{weights<stream>};
  static forward_pass<stream, storage::in_place, reads<canonical>> whole{weights<stream>};
  static std::array<float, 21 * 96> rows;
  fill(rows, 2);
  armed = true;
  const std::span<const float> all{rows};
  succeeded += bool(run.prefill(all.first(20 * 96)));  // three passes, with the class token
  const auto last = run.decode(all.subspan(20 * 96));
  succeeded += bool(last);
  succeeded += !run.decode(all.first(95));  // rejected, still without an allocation
  const auto at_once = whole.run(all);
  succeeded += bool(at_once);
  armed = false;
  for (std::size_t i = 0; last && at_once && i < 300; ++i)
    if (std::abs((*last)[i] - (*at_once)[21][i]) > 1e-4f) succeeded = -1;
  return nullptr;
}
void* run_vision(void*) {
  static forward_pass<vision, storage::in_place, reads<canonical>> run{weights<vision>};
  static std::array<float, 3 * 64 * 64> picture;
  fill(picture, 2);
  armed = true;
  const auto y = run.run(std::span<const float>{picture});
  succeeded += bool(y) && std::isfinite((*y)[0][3]) && (*y)[0][3] != 0;
  armed = false;
  return nullptr;
}
float first_loss = 0, last_loss = 0;
void* learn_vision(void*) {
  static training_pass<vision, sequence_regression<huber<1.0>>, storage::in_place> pass;
  static std::array<float, 3 * 64 * 64> picture;
  fill(picture, 2);
  static const std::array<float, 4> targets{1, -1, 0.5f, 0};
  static std::array<std::int32_t, 17> positions;
  static const std::array<index_type, 2> first_row{0, 17};
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = std::int32_t(i);
  armed = true;
  token_batch batch;
  batch.sequences = 1;
  batch.rows = 17;
  batch.first_row = first_row.data();
  batch.positions = positions.data();
  batch.images = picture.data();
  batch.image_values = 3 * 64 * 64;
  batch.sequence_targets = targets.data();
  batch.sequence_outputs = 4;
  set_mean_scales<sequence_regression<huber<1.0>>>(batch);
  for (int step = 0; step < 10; ++step) {
    gradients<vision>.fill(0);
    const auto loss = pass.run(values<vision>.data(), gradients<vision>.data(), batch);
    if (!loss) break;
    (step == 0 ? first_loss : last_loss) = *loss;
    for (std::size_t i = 0; i < values<vision>.size(); ++i) values<vision>[i] -= 0.01f * gradients<vision>[i];
  }
  armed = false;
  return nullptr;
}

template <class M, class Use> int on_its_stack(void* (*work)(void*)) {
  // Threads need a part of their stack themselves.
  REQUIRE(run_on_stack(small_stack(std::size_t(stack_bytes<M, Use>) + 16 * 1024), work, nullptr));
  return succeeded;
}

}  // namespace

TEST_CASE("reads features and images without heap, on a small stack") {
  fill(values<stream>, 0.1f);
  fill(values<vision>, 0.1f);
  CHECK(on_its_stack<stream, decoding>(run_stream) == 4);
  CHECK(on_its_stack<vision, evaluating>(run_vision) == 5);
}
TEST_CASE("trains a regression of images without heap, on a small stack") {
  fill(values<vision>, 0.1f);
  on_its_stack<vision, training_with<sequence_regression<huber<1.0>>>>(learn_vision);
  CHECK(last_loss > 0);
  CHECK(last_loss < first_loss / 2);
}
TEST_CASE("has the memory that footprint says: models of real values") {
  STATIC_REQUIRE(sizeof(session<stream, storage::in_place, reads<canonical>>) ==
                 footprint<stream, decoding>::ram_bytes);
  STATIC_REQUIRE(sizeof(session<stream, batch<3>, storage::in_place, reads<canonical>>) ==
                 footprint<stream, decoding_with<batch<3>>>::ram_bytes);
  STATIC_REQUIRE(sizeof(forward_pass<vision, storage::in_place, reads<canonical>>) ==
                 footprint<vision, evaluating>::ram_bytes);
  // Features of one sequence are not copied; those of several are.
  STATIC_REQUIRE(footprint<stream, decoding_with<batch<3>, tokens<8>>>::tables_bytes >= 3 * 8 * 96 * 4);
  STATIC_REQUIRE(footprint<stream, decoding_with<tokens<8>>>::tables_bytes < 8 * 96);
}
