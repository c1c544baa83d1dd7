// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: wrong_template_argument<typeformer::tokens<4>, typeformer::width<1>, typeformer::layer_norm<>
#include <typeformer/typeformer.hpp>

#include <typeformer/session/layer_session.hpp>

namespace tf = typeformer;

using wrong = tf::layer_session<tf::layer_norm<>, tf::tokens<4>, tf::width<8>>;  // expect-own-line
