// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: less_context_is_asked_for_than_memory_and_prompt_need<typeformer::context<100>, typeformer::context<128>, caching>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct caching : tf::gopher<tf::gopher_config{
                     .layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 64, .memory = 64}> {};

using wrong = tf::session<caching, tf::context<100>>;  // expect-own-line
