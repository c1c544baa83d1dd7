// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: type_is_no_model<int>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

using wrong = tf::session<int>;  // expect-own-line
