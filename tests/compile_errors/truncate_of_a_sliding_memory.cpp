// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: a_memory_that_slides_cannot_be_rewound<summing>
#include <typeformer/typeformer.hpp>

#include "../support/running_sum.hpp"

namespace tf = typeformer;

struct summing
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
                       tf::relative_positions<tf::context<128>, tf::memory_length<64>>,
                       tf::repeat<2, tf::named<"mixer", tf::testing::running_sum<tf::state_traits{.slides = true}>>>,
                       tf::tied_head> {};

void forget(tf::session<summing>& s) {
  s.truncate(0, 1);  // expect-own-line
}
