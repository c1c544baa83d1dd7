// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: caches_do_not_have_this_format<typeformer::int4
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

using wrong = tf::session<my_gpt, tf::cache_in<tf::int4<>>>;  // expect-own-line
