// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::two_sided<typeformer::attention_chunks<2> ?>, typeformer::self_attention<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::self_attention<tf::heads<2>, tf::bidirectional, tf::two_sided<tf::attention_chunks<2>>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
