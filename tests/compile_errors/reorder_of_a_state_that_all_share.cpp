// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: this_state_cannot_move_to_another_sequence<.*"blocks\.\*\.mixer\.state".*, summing>
#include <typeformer/typeformer.hpp>

#include "../support/running_sum.hpp"

namespace tf = typeformer;

template <tf::index_type Width> using shared = tf::rows<tf::axis::once, Width>;

struct summing
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::named<"mixer", tf::testing::running_sum<tf::state_traits{}, shared>>>,
                       tf::tied_head> {};

void swap(tf::session<summing, tf::batch<2>>& s) {
  const tf::index_type from[] = {1, 0};
  s.reorder(from);  // expect-own-line
}
