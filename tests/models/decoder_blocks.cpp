// SPDX-License-Identifier: BSL-1.0
// Decoders whose blocks are not GPT-2's or Llama's. What they compute is judged by cases of other implementations
// (tests/golden).
#include <laws/check_verdict.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/falcon.hpp>
#include <typeformer/models/gemma3_text.hpp>
#include <typeformer/models/olmo2.hpp>
#include <typeformer/models/opt.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

/// Branches of small weights have small outputs, whose norms are too curved for differences if ε is small.
constexpr double norm_epsilon = 0.5;

struct small_gemma3 : gemma3_text<gemma3_text_config{.layers = 3,
                                                     .width = 8,
                                                     .heads = 2,
                                                     .key_value_heads = 1,
                                                     .head_width = 6,
                                                     .hidden = 12,
                                                     .vocabulary = 11,
                                                     .context = 8,
                                                     .theta = 100,
                                                     .local_theta = 10,
                                                     .epsilon = norm_epsilon,
                                                     .scores_over_root_of = 5,
                                                     .logit_cap = 3},
                                  gelu_tanh, sliding_windows<alternating_windows<3>>> {};
struct small_falcon : falcon<falcon_config{.layers = 2,
                                           .width = 16,
                                           .heads = 4,
                                           .key_value_heads = 2,
                                           .hidden = 12,
                                           .vocabulary = 11,
                                           .context = 8,
                                           .theta = 100,
                                           .parallel_norms = 2}> {};
struct small_olmo2 : olmo2<olmo2_config{.layers = 2,
                                        .width = 8,
                                        .heads = 2,
                                        .hidden = 12,
                                        .vocabulary = 11,
                                        .context = 8,
                                        .theta = 100,
                                        .epsilon = norm_epsilon}> {};
struct small_opt : opt<opt_config{.layers = 2,
                                  .width = 8,
                                  .heads = 2,
                                  .embedding_width = 6,
                                  .hidden = 12,
                                  .vocabulary = 11,
                                  .context = 8,
                                  .norms_first = false},
                       gelu_tanh> {};

}  // namespace

TEST_CASE("obeys the laws: norms on both sides of the branches, and rotations by kind of layer") {
  check_verdict(examine_model<small_gemma3>());
}
TEST_CASE("obeys the laws: parallel branches with a norm each") { check_verdict(examine_model<small_falcon>()); }
TEST_CASE("obeys the laws: norms at the end of the branches") { check_verdict(examine_model<small_olmo2>()); }
TEST_CASE("obeys the laws: projections between a narrow table and the stream") {
  check_verdict(examine_model<small_opt>());
}
