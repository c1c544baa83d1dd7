// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: these_are_not_as_many_scales_as_columns_of_caches<typeformer::number_of_scales<4>, typeformer::number_of_scales<32>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};
constexpr float scales[]{0.1f, 0.1f, 0.1f, 0.1f};

using wrong = tf::session<my_gpt, tf::cache_in<tf::int8<tf::fixed_scales<scales>>>>;  // expect-own-line
