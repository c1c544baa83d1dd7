// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: this_state_cannot_be_rewound<.*"blocks\.\*\.mixer\.state".*, summing>
#include <typeformer/generation/generate_speculatively.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/typeformer.hpp>
#include "../support/running_sum.hpp"

namespace tf = typeformer;

struct summing
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::named<"mixer", tf::testing::running_sum<>>>, tf::tied_head> {};

using large = tf::session<summing, tf::all_logits>;

auto speculate(large& l, tf::session<summing>& s, const tf::generation_request& request,
               const tf::sampling<tf::top_k>& sampler, tf::speculation_workspace workspace, tf::philox& generator) {
  return tf::generate_speculatively(l, s, request, 3, sampler, workspace, generator,  // expect-own-line
                                    [](std::int32_t) { return true; });
}
