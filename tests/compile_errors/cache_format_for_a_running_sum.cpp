// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: no_cache_of_this_model_can_have_the_format<typeformer::bf16, summing>
#include <typeformer/typeformer.hpp>
#include "../support/running_sum.hpp"

namespace tf = typeformer;

struct summing
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::named<"mixer", tf::testing::running_sum<>>>, tf::tied_head> {};

using wrong = tf::session<summing, tf::cache_in<tf::bf16>>;  // expect-own-line
