// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: options_contradict_one_another<typeformer::on_workers<.*my_gpt
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_workers : tf::inline_workers {};
struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

using wrong = tf::session<my_gpt, tf::on_workers<tf::inline_workers>, tf::on_workers<my_workers>>;  // expect-own-line
