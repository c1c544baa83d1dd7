// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 2. Layers compose into layers. A block is two residual branches. It infers its shapes from the width of its input,
//    and the names of its parameters from its composition.
#include <cstdio>
#include <vector>

#include <typeformer/session/layer_session.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct block : tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>, tf::feed_forward<64, tf::gelu_tanh>> {};

constexpr tf::index_type columns = 16, tokens = 6;
using session = tf::layer_session<block, tf::width<columns>, tf::tokens<tokens>>;

// The block keeps the width, so that it can be repeated. A model calls `infer` of every layer.
static_assert(std::is_same_v<tf::infer<block, tf::token_rows<columns>>, tf::token_rows<columns>>);

int main() {
  tf::parameters<session::model> values;
  tf::initialize(values, tf::philox{1});
  const tf::weights<session::model> weights{values};
  session run{weights};

  tf::for_each_tensor(tf::layout_of<session::model>, [](const tf::parameter_tensor& tensor) {
    const auto name = tensor.name();
    std::printf("%-32.*s %4td\n", int(name.view().size()), name.view().data(), tensor.size());
  });
  std::printf("arena: %td floats\n", session::plan::value.arena[0]);

  std::vector<float> x(std::size_t(tokens * columns));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(i * 7 % 11) - 5;
  const auto y = run.run(tokens, {x.data(), columns});
  if (!y) return 1;
  const std::vector<float> before(y->data, y->data + tokens * columns);

  // Causal: the last row does not change earlier rows.
  for (tf::index_type i = 0; i < columns; ++i) x[std::size_t((tokens - 1) * columns + i)] += float(i);
  const auto changed = run.run(tokens, {x.data(), columns});
  if (!changed) return 1;
  bool causal = true, reached = false;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool same = changed->data[i] == before[i];
    if (i < std::size_t((tokens - 1) * columns)) causal = causal && same;
    else reached = reached || !same;
  }
  std::printf("earlier rows %s, the last row %s\n", causal ? "unchanged" : "CHANGED",
              reached ? "changed" : "UNCHANGED");
  return causal && reached ? 0 : 1;
}
