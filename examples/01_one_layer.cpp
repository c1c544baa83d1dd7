// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 1. A layer is a type without state. Its parameters are in `parameters`, and its rows are in an arena whose size the
//    compiler knows.
#include <cmath>
#include <cstdio>

#include <typeformer/session/layer_session.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

using map = tf::linear<2>;  // y = x Wᵀ + b; the number of inputs is inferred
using session = tf::layer_session<map, tf::width<3>, tf::tokens<4>>;

static_assert(tf::layout_of<session::model>.parameters == 2 * 3 + 2);

int main() {
  tf::parameters<session::model> values;
  tf::for_each_tensor(tf::layout_of<session::model>, [&](const tf::parameter_tensor& tensor) {
    const auto name = tensor.name();
    std::printf("%.*s: %td numbers\n", int(name.view().size()), name.view().data(), tensor.size());
    for (tf::index_type i = 0; i < tensor.size(); ++i)
      values.of(tensor)[i] = float(i);  // W = {0 1 2; 3 4 5}, b = {0, 1}
  });

  const tf::weights<session::model> weights{values};  // packed for the processor's matrix product
  session run{weights};
  const float x[] = {1, 0, 0, 1, 1, 1};  // two rows of three numbers; four would fit
  const auto rows = run.run(2, {x, 3});
  if (!rows) return 1;
  const auto& y = *rows;
  for (tf::index_type row = 0; row < 2; ++row)
    std::printf("y[%td] = %g %g\n", row, double(y[row][0]), double(y[row][1]));

  const bool right = y[0][0] == 0 && y[0][1] == 4 && y[1][0] == 3 && y[1][1] == 13;
  return right ? 0 : 1;
}
