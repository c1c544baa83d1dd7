// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: batches_are_empty<0, 8>
#include <typeformer/hosted.hpp>

using wrong = typeformer::causal_windows<0, 8>;  // expect-own-line
