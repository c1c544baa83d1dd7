// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_has_no_walk<my_embedding>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_embedding {
  static constexpr tf::index_type vocabulary = 11;
  using shape = tf::token_rows<8>;
};
struct my_model : tf::decoder_only<my_embedding, tf::learned_positions<tf::context<8>>, tf::untied_head> {};
using wrong = tf::session<my_model>;  // expect-own-line
