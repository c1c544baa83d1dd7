// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: options_contradict_one_another<typeformer::storage::owned, typeformer::storage::in_place, my_gpt
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

using wrong = tf::session<my_gpt, tf::storage::owned, tf::storage::in_place>;  // expect-own-line
