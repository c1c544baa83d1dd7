// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/version.hpp>
#include <xsimd/config/xsimd_config.hpp>

#include <typeformer/foundation/config.hpp>
#include <typeformer/laws/examine_layer.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/shape/views.hpp>

int main() {
  float values[]{1, 2, 3, 4};
  const typeformer::rows_view<float> rows{values, 2};
  return rows[1][1] == 4 && TYPEFORMER_VERSION_MAJOR >= 0 && BOOST_HANA_MAJOR_VERSION >= 1 &&
                 XSIMD_VERSION_MAJOR >= 8 && typeformer::laws::examine_layer<typeformer::linear<2>, 3>().passed()
             ? 0
             : 1;
}
