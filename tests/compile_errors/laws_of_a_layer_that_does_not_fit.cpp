// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: attention_width_is_not_a_multiple_of_heads<[^>]*width<8[^>]*>, [^>]*heads<3
#include <typeformer/laws/examine_layer.hpp>
#include <typeformer/layers/self_attention.hpp>

using layer = typeformer::self_attention<typeformer::heads<3>>;
int main() { return typeformer::laws::examine_layer<layer, 8>().passed(); }  // expect-own-line
