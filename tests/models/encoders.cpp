// SPDX-License-Identifier: BSL-1.0
// Encoders whose stacks are not BERT's. What they compute is judged by cases of other implementations (tests/golden).
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/models/deberta_v2.hpp>
#include <typeformer/models/esm.hpp>
#include <typeformer/models/modernbert.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/masked_lm.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

struct small_modernbert
    : modernbert<modernbert_config{.layers = 3,
                                   .width = 8,
                                   .heads = 2,
                                   .hidden = 6,
                                   .vocabulary = 11,
                                   .context = 8,
                                   .local_attention = 2,
                                   .global_theta = 100,
                                   .local_theta = 10,
                                   .epsilon = 1e-2,
                                   .padding_id = no_id},
                 gelu_erf, global_every<2>, mean_pooling,
                 dense_transform<gelu_erf, layer_norm<epsilon<1e-2>, without_bias>, without_bias>, classifier<3>> {};

inline constexpr deberta_v2_config small_deberta_config{.layers = 2,
                                                        .width = 8,
                                                        .heads = 2,
                                                        .embedding_width = 6,
                                                        .hidden = 12,
                                                        .vocabulary = 11,
                                                        .context = 8,
                                                        .segments = 2,
                                                        .position_buckets = 2,
                                                        .has_learned_positions = true,
                                                        .padding_id = no_id};
struct small_deberta : deberta_v2<small_deberta_config, gelu_erf, masked_lm_head_of<small_deberta_config, gelu_erf>> {};

inline constexpr esm_config small_esm_config{.layers = 2,
                                             .width = 8,
                                             .heads = 2,
                                             .hidden = 12,
                                             .vocabulary = 11,
                                             .context = 8,
                                             .mask_id = 4,
                                             .norms_embedding = true,
                                             .padding_id = no_id};
struct small_esm : esm<small_esm_config, masked_lm_head_of<small_esm_config, gelu_erf>> {};

}  // namespace

TEST_CASE("obeys the laws: a small ModernBERT that classifies sequences") {
  check_verdict(examine_model<small_modernbert, sequence_classification>());
}
TEST_CASE("obeys the laws: a small DeBERTa") {
  check_verdict(examine_model<small_deberta, masked_lm>(), {.training = 60});
}
TEST_CASE("obeys the laws: a small ESM") { check_verdict(examine_model<small_esm, masked_lm>(), {.training = 26}); }
