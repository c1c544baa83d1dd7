// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/distance_sinusoids.hpp>
#include <typeformer/reference/relative_attention.hpp>

namespace typeformer {
namespace {

using namespace testing;

struct problem {
  attention_extents extents;
  index_type queries, past;
  std::vector<std::uint8_t> key_valid = {};
  bool bidirectional = false;
  index_type width = extents.heads * extents.head_width, keys = past + queries;
  std::vector<double> q = normal_numbers(queries * width, 1), k = normal_numbers(keys * width, 2),
                      v = normal_numbers(keys * width, 3),
                      r = normal_numbers((keys + (bidirectional ? queries - 1 : 0)) * width, 4),
                      content_bias = normal_numbers(width, 5), position_bias = normal_numbers(width, 6),
                      dy = normal_numbers(queries * width, 7), y = std::vector<double>(q.size()),
                      log_sum_exp = std::vector<double>(static_cast<std::size_t>(queries * extents.heads));

  relative_attention_call<double> attend() {
    const relative_attention_call<double> call{queries,
                                               past,
                                               rows_of(q, width),
                                               rows_of(k, width),
                                               rows_of(v, width),
                                               rows_of(r, width),
                                               content_bias.data(),
                                               position_bias.data(),
                                               key_valid.empty() ? nullptr : key_valid.data(),
                                               rows_of(y, width),
                                               rows_of(log_sum_exp, extents.heads),
                                               bidirectional};
    reference::relative_attention(extents, call);
    return call;
  }
};

void check_relative_gradients(problem p) {
  const auto call = p.attend();
  std::vector<double> dq(p.q.size(), 9), dk(p.k.size(), 9), dv(p.v.size(), 9), dr(p.r.size()),
      dcontent(p.content_bias.size()), dposition(dcontent);
  reference::relative_attention_back<double>(p.extents, call, rows_of(p.dy, p.width),
                                             {rows_of(dq, p.width), rows_of(dk, p.width), rows_of(dv, p.width),
                                              rows_of(dr, p.width), dcontent.data(), dposition.data()});
  const auto loss = [&] {
    p.attend();
    return dot(p.y, p.dy);
  };
  check_gradient(p.q, dq, loss);
  check_gradient(p.k, dk, loss);
  check_gradient(p.v, dv, loss);
  check_gradient(p.r, dr, loss);
  check_gradient(p.content_bias, dcontent, loss);
  check_gradient(p.position_bias, dposition, loss);
}

TEST_CASE("matches finite differences: gradients of relative attention") {
  SECTION("a sequence of its own") { check_relative_gradients({{2, 2, 3, 0.6}, 4, 0}); }
  SECTION("after a past") { check_relative_gradients({{1, 1, 4, 0.5}, 3, 5}); }
  SECTION("left padding: the first query sees no key") {
    check_relative_gradients({{2, 2, 3, 0.6}, 4, 0, {0, 1, 0, 1}});
  }
  SECTION("in both directions") { check_relative_gradients({{2, 2, 3, 0.6}, 4, 3, {}, true}); }
  SECTION("in both directions, padded") { check_relative_gradients({{1, 1, 4, 0.5}, 3, 0, {1, 0, 1}, true}); }
}

TEST_CASE("computes relative attention of one query to a key at a distance") {
  const double q[] = {1}, k[] = {2, 5}, v[] = {10, 20}, r[] = {3, 7}, u = 0.5, w = 0.25;
  double y = 0, log_sum_exp = 0, p[2] = {};
  const relative_attention_call<double> call{1,  1,  {q, 1},  {k, 1},  {v, 1},           {r, 1},
                                             &u, &w, nullptr, {&y, 1}, {&log_sum_exp, 1}};
  const attention_extents extents{1, 1, 1, 1};
  reference::relative_attention(extents, call);
  reference::relative_attention_probabilities<double>(extents, call, {p, 2});
  const double first = std::exp(1.5 * 2 + 1.25 * 7), second = std::exp(1.5 * 5 + 1.25 * 3);
  CHECK(p[0] == Approx(first / (first + second)).epsilon(1e-14));
  CHECK(y == Approx((10 * first + 20 * second) / (first + second)).epsilon(1e-14));
  CHECK(log_sum_exp == Approx(std::log(first + second)).epsilon(1e-14));
}

TEST_CASE("looks up a later key under its negative distance in bidirectional relative attention") {
  const double q[] = {1, -2}, k[] = {2, 5}, v[] = {10, 20}, r[] = {11, 3, 7}, u = 0.5, w = 0.25;  // of -1, 0 and 1
  double y[2] = {}, log_sum_exp[2] = {};
  relative_attention_call<double> call{2,  0,  {q, 1},  {k, 1}, {v, 1},           {r, 1},
                                       &u, &w, nullptr, {y, 1}, {log_sum_exp, 1}, true};
  reference::relative_attention(attention_extents{1, 1, 1, 0.1}, call);
  const double itself = std::exp(0.1 * (1.5 * 2 + 1.25 * 3)), ahead = std::exp(0.1 * (1.5 * 5 + 1.25 * 11)),
               back = std::exp(0.1 * (-1.5 * 2 - 1.75 * 7)), last = std::exp(0.1 * (-1.5 * 5 - 1.75 * 3));
  CHECK(y[0] == Approx((10 * itself + 20 * ahead) / (itself + ahead)).epsilon(1e-14));
  CHECK(y[1] == Approx((10 * back + 20 * last) / (back + last)).epsilon(1e-14));
  CHECK(log_sum_exp[0] == Approx(std::log(itself + ahead)).epsilon(1e-14));
}

TEST_CASE("gives zero for a row of relative attention that sees no key") {
  problem p{{1, 1, 2, 1}, 2, 0, {0, 1}};
  p.attend();
  CHECK(p.y[0] == 0);
  CHECK(p.log_sum_exp[0] == -INFINITY);
  CHECK(p.y[2] == p.v[2]);
}

TEST_CASE("orders sinusoids of distances: sines first, then cosines") {
  double y[8] = {};
  reference::distance_sinusoids<double>(2, 4, 3, 100.0, {y, 4});
  const double expected[] = {std::sin(3.0), std::sin(0.3), std::cos(3.0), std::cos(0.3),
                             std::sin(4.0), std::sin(0.4), std::cos(4.0), std::cos(0.4)};
  for (int i = 0; i < 8; ++i) CHECK(y[i] == Approx(expected[i]).epsilon(1e-14));
}

}  // namespace
}  // namespace typeformer
