// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: a_memory_that_slides_cannot_be_rewound<small>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::rotary_positions<tf::context<32>, tf::rotary_width<8>>, tf::self_attention<>,
                                tf::tied_head> {};

void forget(tf::session<small, tf::tokens<8>, tf::attention_sinks<4>>& s) {
  s.truncate(0, 1);  // expect-own-line
}
