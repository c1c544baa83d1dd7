// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: tokens_in_a_narrow_cache_cannot_move<typeformer::attention_sinks<4>, typeformer::bf16, small>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::rotary_positions<tf::context<32>, tf::rotary_width<8>>, tf::self_attention<>,
                                tf::tied_head> {};

using wrong = tf::session<small, tf::tokens<8>, tf::cache_in<tf::bf16>, tf::attention_sinks<4>>;  // expect-own-line
