// SPDX-License-Identifier: BSL-1.0
// How far norms in float are from those in double, which docs/numbers.md states.
#include <cmath>

#include <support/kernel_cases.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/rms_norm_back.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr index_type rows = 6;

/// Which number of each row is far from the others.
enum class outlier { none, first, middle };

/// The results of a norm and its backward pass, and the greatest difference to those in double as a share of the greatest
/// number.
template <class S> struct norm_results {
  std::vector<S> y, dx, dweight;
};
struct norm_errors {
  double y = 0, dx = 0, dweight = 0;

  void take(const norm_results<float>& got, const norm_results<double>& exact) {
    const auto fraction = [](const std::vector<float>& a, const std::vector<double>& b) {
      double difference = 0, greatest = 0;
      for (std::size_t i = 0; i < b.size(); ++i) {
        difference = std::max(difference, std::abs(double(a[i]) - b[i]));
        greatest = std::max(greatest, std::abs(b[i]));
      }
      return difference / greatest;
    };
    y = std::max(y, fraction(got.y, exact.y));
    dx = std::max(dx, fraction(got.dx, exact.dx));
    dweight = std::max(dweight, fraction(got.dweight, exact.dweight));
  }
};

template <class S> struct norm_inputs {
  index_type width;
  std::vector<S> x, weight, dy;

  norm_inputs(index_type columns, double mean, outlier which) : width{columns} {
    const auto in_float = [](index_type count, unsigned seed, double shift) {
      auto numbers = normal_numbers<float>(count, seed);
      for (float& number : numbers) number += static_cast<float>(shift);
      return numbers;
    };
    auto rows_of_x = in_float(rows * width, 1, mean);
    for (index_type row = 0; row < rows && which != outlier::none; ++row)
      rows_of_x[std::size_t(row * width + (which == outlier::first ? 0 : width / 2))] += 1000;
    x.assign(rows_of_x.begin(), rows_of_x.end());
    const auto of_columns = in_float(width, 2, 0), gradient = in_float(rows * width, 3, 0);
    weight.assign(of_columns.begin(), of_columns.end());
    dy.assign(gradient.begin(), gradient.end());
  }
  norm_results<S> results() const {
    return {std::vector<S>(x.size()), std::vector<S>(x.size()), std::vector<S>(weight.size())};
  }

  template <bool Reference> norm_results<S> layer_norm() const {
    auto to = results();
    std::vector<S> statistics(std::size_t(2 * rows));
    if constexpr (Reference) {
      reference::layer_norm<S>(rows, width, rows_of(x, width), weight.data(), nullptr, S(1e-5f), rows_of(to.y, width),
                               statistics.data());
      reference::layer_norm_back<S>(rows, width, rows_of(x, width), statistics.data(), weight.data(),
                                    rows_of(dy, width), rows_of(to.dx, width), to.dweight.data(), nullptr);
    } else {
      kernels::layer_norm<S>(rows, width, rows_of(x, width), weight.data(), nullptr, S(1e-5f), rows_of(to.y, width),
                             statistics.data(), inline_workers{});
      kernels::layer_norm_back<S>(rows, width, rows_of(x, width), statistics.data(), weight.data(), rows_of(dy, width),
                                  rows_of(to.dx, width), to.dweight.data(), nullptr, inline_workers{});
    }
    return to;
  }
  template <bool Reference> norm_results<S> rms_norm() const {
    auto to = results();
    std::vector<S> inverse(rows);
    if constexpr (Reference) {
      reference::rms_norm<S>(rows, width, rows_of(x, width), weight.data(), S(1e-5f), rows_of(to.y, width),
                             inverse.data());
      reference::rms_norm_back<S>(rows, width, rows_of(x, width), inverse.data(), weight.data(), rows_of(dy, width),
                                  rows_of(to.dx, width), to.dweight.data());
    } else {
      kernels::rms_norm<S>(rows, width, rows_of(x, width), weight.data(), S(1e-5f), rows_of(to.y, width),
                           inverse.data(), inline_workers{});
      kernels::rms_norm_back<S>(rows, width, rows_of(x, width), inverse.data(), weight.data(), rows_of(dy, width),
                                rows_of(to.dx, width), to.dweight.data(), inline_workers{});
    }
    return to;
  }
};

template <class F> void for_each_case(F&& f) {
  for (const index_type width : {7, 48, 768, 1000, 4096})
    for (const double mean : {0., 1., 100., 1e4})
      for (const outlier which : {outlier::none, outlier::first, outlier::middle}) f(width, mean, which);
}

TEST_CASE("keeps layer norm as close to double as docs/numbers.md states") {
  norm_errors kernel, reference, kernel_without_first;
  for_each_case([&](index_type width, double mean, outlier which) {
    const norm_inputs<float> single{width, mean, which};
    const auto exact = norm_inputs<double>{width, mean, which}.layer_norm<true>();
    kernel.take(single.layer_norm<false>(), exact);
    if (which != outlier::first) kernel_without_first.take(single.layer_norm<false>(), exact);
    reference.take(single.layer_norm<true>(), exact);
  });
  CHECK(kernel_without_first.y < 1e-6);
  CHECK(kernel.y < 1.5e-5);
  CHECK(kernel.dx < 4e-6);
  CHECK(kernel.dweight < 1e-5);
  CHECK(reference.y < 1e-5);
  CHECK(reference.dx < 1e-5);
  CHECK(reference.dweight < 1e-5);
}

TEST_CASE("keeps RMS norm as close to double as docs/numbers.md states") {
  norm_errors kernel, reference;
  for_each_case([&](index_type width, double mean, outlier which) {
    const norm_inputs<float> single{width, mean, which};
    const auto exact = norm_inputs<double>{width, mean, which}.rms_norm<true>();
    kernel.take(single.rms_norm<false>(), exact);
    reference.take(single.rms_norm<true>(), exact);
  });
  CHECK(kernel.y < 1e-6);
  CHECK(kernel.dx < 1e-6);
  CHECK(kernel.dweight < 1e-5);
  CHECK(reference.y < 1e-5);
  CHECK(reference.dx < 1e-5);
  CHECK(reference.dweight < 1e-5);
}

template <class S, class F> void check_constant_row(index_type width, S constant, F&& norm) {
  const std::vector<S> x(std::size_t(width), constant), weight(x.size(), S{3}), bias(x.size(), S{2}), dy(weight);
  std::vector<S> y(x.size()), statistics(2);
  norm(x, weight, bias, y, statistics);
  CHECK(std::all_of(y.begin(), y.end(), [](S value) { return value == S{2}; }));
  std::vector<S> dx(x.size()), dweight(x.size());
  kernels::layer_norm_back<S>(1, width, rows_of(x, width), statistics.data(), weight.data(), rows_of(dy, width),
                              rows_of(dx, width), dweight.data(), nullptr, inline_workers{});
  CHECK(std::all_of(dweight.begin(), dweight.end(), [](S value) { return value == S{0}; }));
}

TEMPLATE_TEST_CASE("gives exactly the bias as layer norm of a constant row", "", float, double) {
  using S = TestType;
  for (const S epsilon : {S(1e-5), S(1e-12)})
    for (const index_type width : {1, 2, 7, 48, 100, 768, 1000, 4096})
      for (const double c : {0.1, -0.3, 1.1, 10.7, 1234.1, 40000.3, 1e-30, -3.3e9}) {
        CAPTURE(width, c, double(epsilon));
        const auto constant = static_cast<S>(c);
        check_constant_row(width, constant, [&](auto& x, auto& weight, auto& bias, auto& y, auto& statistics) {
          kernels::layer_norm<S>(1, width, rows_of(x, width), weight.data(), bias.data(), epsilon, rows_of(y, width),
                                 statistics.data(), inline_workers{});
        });
        check_constant_row(width, constant, [&](auto& x, auto& weight, auto& bias, auto& y, auto& statistics) {
          reference::layer_norm<S>(1, width, rows_of(x, width), weight.data(), bias.data(), epsilon, rows_of(y, width),
                                   statistics.data());
        });
      }
}

}  // namespace
}  // namespace typeformer
