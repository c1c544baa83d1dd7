// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: operation_has_no_execute_for_its_arguments<.*distance_vectors_operation.*table.*distance_embedding
#include <typeformer/models/deberta_v2.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_model
    : tf::deberta_v2<tf::deberta_v2_config{.layers = 1, .width = 64, .heads = 2, .vocabulary = 300, .context = 256}> {};

using narrow = tf::weights<my_model, tf::bf16>;
using wrong = tf::forward_pass<my_model, tf::reads<narrow>>;  // expect-own-line
