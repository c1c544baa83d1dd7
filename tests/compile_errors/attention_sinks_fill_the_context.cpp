// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: less_context_is_asked_for_than_memory_and_prompt_need<typeformer::context<16>, typeformer::context<20>, small>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::rotary_positions<tf::context<32>, tf::rotary_width<8>>, tf::self_attention<>,
                                tf::tied_head> {};

using wrong = tf::session<small, tf::context<16>, tf::tokens<8>, tf::attention_sinks<12>>;  // expect-own-line
