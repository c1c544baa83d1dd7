// SPDX-License-Identifier: BSL-1.0
#include <numeric>
#include <vector>

#include <support/catch.hpp>

#include <typeformer/kernels/pack_panels.hpp>

namespace typeformer {
namespace {

template <class Scalar> std::vector<Scalar> count_up(index_type n) {
  std::vector<Scalar> v(static_cast<std::size_t>(n));
  std::iota(v.begin(), v.end(), Scalar{1});
  return v;
}

template <class Scalar> void check_packing(index_type outputs, index_type inputs, index_type panel_width) {
  CAPTURE(outputs, inputs, panel_width);
  const auto matrix = count_up<Scalar>(outputs * inputs);
  const row_major_view<const Scalar> w{matrix.data(), outputs, inputs};
  std::vector<Scalar> transposed(matrix.size()), again(matrix.size()), from_transposed(matrix.size());
  for (index_type output = 0; output < outputs; ++output)
    for (index_type input = 0; input < inputs; ++input)
      transposed[static_cast<std::size_t>(input * outputs + output)] = w(output, input);

  std::vector<Scalar> panels(matrix.size() + 1, Scalar{-1});  // one more: nothing is written behind the matrix
  kernels::pack_panels(w, panels.data(), panel_width);
  CHECK(panels.back() == Scalar{-1});
  const panel_view<const Scalar> packed{panels.data(), outputs, inputs, panel_width};
  index_type misplaced = 0;
  for (index_type output = 0; output < outputs; ++output)
    for (index_type input = 0; input < inputs; ++input) misplaced += packed(output, input) != w(output, input);
  CHECK(misplaced == 0);

  kernels::unpack_panels(packed, again.data());
  CHECK(again == matrix);
  kernels::pack_panels_transposed(outputs, inputs, transposed.data(), from_transposed.data(), panel_width);
  panels.pop_back();
  CHECK(from_transposed == panels);
}

constexpr bool packs_in_constant_evaluation() {
  const float matrix[6] = {1, 2, 3, 4, 5, 6};
  float panels[6] = {}, again[6] = {};
  kernels::pack_panels(row_major_view<const float>{matrix, 3, 2}, panels, 2);
  kernels::unpack_panels(panel_view<const float>{panels, 3, 2, 2}, again);
  return panels[0] == 1 && panels[1] == 3 && panels[2] == 2 && panels[3] == 4 && panels[4] == 5 && panels[5] == 6 &&
         again[1] == 2 && again[5] == 6;
}
static_assert(packs_in_constant_evaluation());

}  // namespace

TEST_CASE("packs every weight where panel_view reads it, and unpacks it") {
  for (const index_type outputs : {1, 2, 7, 16, 17, 28, 48, 49, 96, 172, 513})
    for (const index_type inputs : {1, 3, 15, 16, 33, 64})
      for (const index_type panel_width : {kernels::native_panel_width, index_type{1}, index_type{5}}) {
        check_packing<float>(outputs, inputs, panel_width);
        check_packing<double>(outputs, inputs, panel_width);
      }
}

}  // namespace typeformer
