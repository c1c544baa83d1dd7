// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: weights_are_of_another_model<typeformer::.*weights<other(, float)?>, m>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

using embedding = tf::token_embedding<tf::vocabulary<11>, tf::width<8>>;
using block = tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<16, tf::gelu_tanh>>;
template <tf::index_type Vocabulary>
struct model : tf::decoder_only<tf::token_embedding<tf::vocabulary<Vocabulary>, tf::width<8>>,
                                tf::learned_positions<tf::context<8>>, block, tf::tied_head> {};
struct m : model<11> {};
struct other : model<10> {};

using wrong = tf::session<m, tf::reads<tf::weights<other>>>;  // expect-own-line
