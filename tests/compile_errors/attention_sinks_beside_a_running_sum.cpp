// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: this_state_cannot_drop_tokens<.*"blocks\.\*\.mixer\.state".*, summing>
#include <typeformer/typeformer.hpp>

#include "../support/running_sum.hpp"

namespace tf = typeformer;

struct summing : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
                                  tf::rotary_positions<tf::context<128>, tf::rotary_width<64>>,
                                  tf::repeat<2, tf::named<"mixer", tf::testing::running_sum<>>>, tf::tied_head> {};

using running = tf::session<summing, tf::tokens<8>, tf::attention_sinks<4>>;  // expect-own-line
