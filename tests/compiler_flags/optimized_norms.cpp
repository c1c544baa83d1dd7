// SPDX-License-Identifier: BSL-1.0
// Norms of widths that the compiler knows: at -O3 it must find nothing to warn about.
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/rms_norm_back.hpp>
#include <typeformer/kernels/softmax.hpp>

namespace tf = typeformer;

struct operands {
  tf::index_type rows;
  const float *x, *weight, *bias, *dy;
  float *y, *statistics, *dx, *dweight, *dbias;
};

namespace {

template <tf::index_type Width> __attribute__((noinline)) void normalize(const operands& o) {
  const tf::rows_view<const float> x{o.x, Width}, dy{o.dy, Width};
  const tf::rows_view<float> y{o.y, Width}, dx{o.dx, Width};
  const tf::inline_workers workers;
  tf::kernels::layer_norm<float>(o.rows, Width, x, o.weight, o.bias, 1e-6f, y, o.statistics, workers);
  tf::kernels::layer_norm_back<float>(o.rows, Width, x, o.statistics, o.weight, dy, dx, o.dweight, o.dbias, workers);
  tf::kernels::rms_norm<float>(o.rows, Width, x, o.weight, 1e-6f, y, o.statistics, workers);
  tf::kernels::rms_norm_back<float>(o.rows, Width, x, o.statistics, o.weight, dy, dx, o.dweight, workers);
  tf::kernels::softmax<float>(o.rows, Width, x, y, workers);
}
template <tf::index_type... Widths> void normalize_all(const operands& o) { (normalize<Widths>(o), ...); }

}  // namespace

void normalize_rows(const operands& o);
void normalize_rows(const operands& o) { normalize_all<1, 2, 3, 4, 8, 12, 16, 17, 20, 24, 32, 64, 100, 768>(o); }
