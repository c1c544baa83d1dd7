// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: head_has_rows_of_something_else<typeformer::rows<.*2>, typeformer::rows<.*2>,
// typeformer::token_and_sequence_heads<typeformer::tied_head, typeformer::classifier<2>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::token_and_sequence_heads<tf::tied_head, tf::classifier<2>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
