// SPDX-License-Identifier: BSL-1.0
// README.md shows this model as rejected. It must not compile; check_compiler_text.py compares the text of the error.
#include <typeformer/typeformer.hpp>
namespace tf = typeformer;

// clang-format off
struct seven_heads : tf::decoder_only<
    tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
    tf::learned_positions<tf::context<128>>,
    tf::repeat<4, tf::pre_norm_block<
        tf::self_attention<tf::heads<7>, tf::causal>,
        tf::feed_forward<256, tf::gelu_tanh>>>,
    tf::layer_norm<>,
    tf::tied_head> {};

static_assert(tf::parameter_count<seven_heads> > 0);
