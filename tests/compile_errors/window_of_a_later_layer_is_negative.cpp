// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::sliding_windows<&.*back.*>, typeformer::self_attention<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

constexpr tf::index_type back_of(tf::index_type layer) { return 2 - layer; }
struct wrong_model
    : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::self_attention<tf::heads<2>, tf::sliding_windows<back_of>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
