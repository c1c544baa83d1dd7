// SPDX-License-Identifier: BSL-1.0
// If all weights are zero, a score is its bias alone, which the attention's probabilities show.
#include <cmath>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/objectives/masked_lm.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

template <class Mask, typeformer::index_type Heads>
using alibi_block = repeat<2, pre_norm_block<self_attention<heads<Heads>, Mask>, feed_forward<12, gelu_tanh>>>;
template <typeformer::index_type Heads> using alibi_start = token_embedding<vocabulary<11>, width<8 * Heads>>;

template <typeformer::index_type Heads, class... Options>
struct alibi_encoder
    : encoder_only<alibi_start<Heads>, alibi_positions<context<24>, heads<Heads>, Options...>,
                   alibi_block<bidirectional, Heads>, masked_lm_head<gelu_erf, layer_norm<>, tied_head>> {};
template <class Mask>
struct alibi_decoder
    : decoder_only<alibi_start<2>, alibi_positions<context<24>, heads<2>>, alibi_block<Mask, 2>, tied_head> {};

/// Checks ln(p(query, key) / p(query, query)) = -slope |query - key| for all keys that `sees` lets a query see.
template <class M, class Input, class Sees>
void check_slopes(const Input& input, typeformer::index_type length, std::vector<double> slopes, Sees sees) {
  parameters<M> zeros;
  std::fill_n(zeros.data(), zeros.size(), 0.0f);
  const weights<M> packed{zeros};
  forward_pass<M, observing> forward{packed};
  int seen = 0;
  double worst = 0;
  const auto look = [&](observation what, loop_place, rows_view<const float> rows, typeformer::index_type) {
    if (what != observation::attention_probabilities) return;
    ++seen;
    for (std::size_t head = 0; head < slopes.size(); ++head)
      for (typeformer::index_type i = 0; i < length; ++i) {
        const float* const row = rows[i] + typeformer::index_type(head) * length;
        for (typeformer::index_type j = 0; j < length && sees(i, i); ++j)
          if (sees(i, j))
            worst =
                std::max(worst, std::abs(std::log(double(row[j] / row[i])) + slopes[head] * double(std::abs(i - j))));
          else worst = std::max(worst, double(row[j]));
      }
  };
  REQUIRE(forward.run(input, look));
  CHECK(seen == 2);
  CHECK(worst < 1e-5);
}

std::vector<std::int32_t> ids_of(typeformer::index_type length) {
  return std::vector<std::int32_t>(std::size_t(length), 3);
}

}  // namespace

TEST_CASE("subtracts the same for keys ahead and behind: ALiBi in an encoder") {
  const auto all = [](auto, auto) { return true; };
  for (const typeformer::index_type length : {1, 2, 7, 17, 24})
    check_slopes<alibi_encoder<2>>(std::span<const std::int32_t>(ids_of(length)), length, {1 / 16., 1 / 256.}, all);
  check_slopes<alibi_encoder<3>>(std::span<const std::int32_t>(ids_of(19)), 19, {1 / 16., 1 / 256., 1 / 4.}, all);
}

TEST_CASE("has other slopes: ALiBi with another exponent and a factor") {
  const auto all = [](auto, auto) { return true; };
  const auto check = [&]<class M>(std::vector<double> slopes, M*) {
    check_slopes<M>(std::span<const std::int32_t>(ids_of(19)), 19, slopes, all);
  };
  // Hugging Face's build_mpt_alibi_tensor(3, 19, 6): 1 / 2^(6/4 · k) for k = 2, 4, 1.
  check({1 / 8., 1 / 64., 0.35355339059327379}, static_cast<alibi_encoder<3, bias_exponent<6>>*>(nullptr));
  check({0.5 / 16., 0.5 / 256.}, static_cast<alibi_encoder<2, slope_factor<0.5>>*>(nullptr));
}

TEST_CASE("subtracts the same in both directions with padding on either side: ALiBi") {
  const auto ids = ids_of(7);
  for (const std::vector<std::uint8_t>& valid :
       {std::vector<std::uint8_t>{0, 0, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 0, 0, 0}}) {
    const padded_tokens padded{ids, valid, 7};
    check_slopes<alibi_encoder<2>>(padded, 7, {1 / 16., 1 / 256.},
                                   [&](auto i, auto j) { return valid[std::size_t(i)] && valid[std::size_t(j)]; });
  }
}

TEST_CASE("sees only earlier keys: ALiBi in a decoder") {
  check_slopes<alibi_decoder<causal>>(std::span<const std::int32_t>(ids_of(20)), 20, {1 / 16., 1 / 256.},
                                      [](auto i, auto j) { return j <= i; });
}

TEST_CASE("obeys the laws: an encoder with ALiBi") { check_verdict(examine_model<alibi_encoder<1>, masked_lm>()); }
TEST_CASE("obeys the laws: a prefix language model with ALiBi") {
  check_verdict(examine_model<alibi_decoder<causal_after_prefix>>());
}
