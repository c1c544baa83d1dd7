// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/layers/scaled_embedding.hpp>
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/session/forward_pass.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

template <class Scaled, class Head>
using stack = decoder_only<token_embedding<vocabulary<11>, width<8>>, Scaled, learned_positions<context<8>>,
                           repeat<2, small_block>, named<"final_norm", layer_norm<>>, Head>;
struct scaled_model : stack<scaled_embedding<>, scaled_logits<tied_head, 0.25>> {};
struct untied_scaled_model : stack<scaled_embedding<scale_factor<0.5>>, scaled_logits<untied_head, 3.0>> {};
struct plain_model : stack<scaled_embedding<scale_factor<1.0>>, untied_head> {};
struct larger_model : stack<scaled_embedding<scale_factor<4.0>>, scaled_logits<untied_head, 2.0>> {};

}  // namespace

TEST_CASE("obeys the laws: scaled_embedding") {
  check_verdict(examine_layer<scaled_embedding<>, 6>());
  check_verdict(examine_layer<scaled_embedding<scale_factor<-0.5>>, 5>());
}
TEST_CASE("obeys the laws: models with scaled embeddings and logits") {
  check_verdict(examine_model<scaled_model>());
  check_verdict(examine_model<untied_scaled_model>());
}

TEST_CASE("scales as if the table or the head were multiplied, exactly for powers of two") {
  static_assert(parameter_count<larger_model> == parameter_count<plain_model>);
  parameters<larger_model> scaled;
  parameters<plain_model> multiplied;
  for (typeformer::index_type i = 0; i < scaled.size(); ++i)
    scaled.data()[i] = multiplied.data()[i] = float((i * 37 + 11) % 101 - 50) / 128;
  for_each_tensor(layout_of<plain_model>, [&](const parameter_tensor& tensor) {
    const auto factor = tensor.name().view() == "head.weight"              ? 2.0f
                        : tensor.name().view() == "token_embedding.weight" ? 4.0f
                                                                           : 1.0f;
    for (typeformer::index_type i = 0; i < tensor.size(); ++i) multiplied.of(tensor)[i] *= factor;
  });
  const canonical_weights<larger_model> scaled_weights{scaled};
  const canonical_weights<plain_model> multiplied_weights{multiplied};
  forward_pass<larger_model, reads<canonical>> one{scaled_weights};
  forward_pass<plain_model, reads<canonical>> other{multiplied_weights};
  const std::int32_t tokens[] = {3, 1, 4, 1, 5};
  const auto a = one.run(tokens), b = other.run(tokens);
  REQUIRE(a);
  REQUIRE(b);
  for (typeformer::index_type i = 0; i < 5 * 11; ++i) CHECK(a->data[i] == b->data[i]);
}
