// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include <typeformer/foundation/config.hpp>
#include <typeformer/simd/pack.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// With fewer elements, waking another worker costs more than it saves.
inline constexpr index_type elements_per_part = 8192;

/// Calls f(first_row, row_count) for blocks that cover all rows, on as many workers as the work justifies.
template <class W, class F>
TYPEFORMER_ALWAYS_INLINE void for_each_row_block(index_type rows, index_type width, const W& workers, F&& f) {
  if (workers.count() <= 1) return f(index_type{0}, rows);
  const index_type worth = rows * width / elements_per_part;
  const index_type parts = (std::min)({static_cast<index_type>(workers.count()), rows, worth});
  if (parts <= 1) return f(index_type{0}, rows);
  workers.for_each(parts, [&](index_type part) {
    const index_type first = rows * part / parts;
    f(first, rows * (part + 1) / parts - first);
  });
}

/// Calls f(column, n) for whole packs of columns with n = lanes, then once for the rest if there is one.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_pack(index_type width, F&& f) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  index_type column = 0;
  for (; column + lanes <= width; column += lanes) f(column, std::integral_constant<index_type, lanes>{});
  if (column < width) f(column, width - column);
}

template <class N> TYPEFORMER_ALWAYS_INLINE simd::pack<float> load(const float* from, N n) {
  if constexpr (std::is_same_v<N, index_type>) return simd::pack<float>::load_partial(from, n);
  else return simd::pack<float>::load(from);
}
template <class N> TYPEFORMER_ALWAYS_INLINE void store(simd::pack<float> x, float* to, N n) {
  if constexpr (std::is_same_v<N, index_type>) x.store_partial(to, n);
  else x.store(to);
}

inline constexpr float lane_numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/// x in the first n lanes, `other` in the rest.
template <class N> TYPEFORMER_ALWAYS_INLINE simd::pack<float> first_lanes(simd::pack<float> x, N n, float other) {
  using pack = simd::pack<float>;
  if constexpr (std::is_same_v<N, index_type>)
    return select(pack::load(lane_numbers) < pack(static_cast<float>(n)), x, pack(other));
  else return x;
}

/// The sum over the columns of the packs of f(column, n). Lanes from n on are ignored. Independent sums hide the latency.
template <std::size_t Sums, class F>
TYPEFORMER_ALWAYS_INLINE std::array<float, Sums> sums_over(index_type width, F&& f) {
  using pack = simd::pack<float>;
  constexpr index_type lanes = pack::lanes;
  constexpr std::integral_constant<index_type, lanes> all{};
  constexpr index_type chain_count = TYPEFORMER_VECTOR_REGISTERS >= 16 ? 4 : 2;
  pack sums[Sums][std::size_t(chain_count)];
  for (auto& chains : sums)
    for (pack& chain : chains) chain = pack(0.0f);
  const auto add = [&](index_type chain, const std::array<pack, Sums>& terms) __attribute__((always_inline)) {
    TYPEFORMER_UNROLL
    for (std::size_t s = 0; s < Sums; ++s) sums[s][chain] = sums[s][chain] + terms[s];
  };
  // Ends are counted in packs: with sums of columns, g++ 12 at -O3 warns of an overflow in a loop that never runs.
  const index_type packs = width / lanes, groups = packs / chain_count;
  for (index_type group = 0; group < groups; ++group) {
    TYPEFORMER_UNROLL
    for (index_type i = 0; i < chain_count; ++i) add(i, f((chain_count * group + i) * lanes, all));
  }
  for (index_type p = chain_count * groups; p < packs; ++p) add(0, f(p * lanes, all));
  if (const index_type column = packs * lanes; column < width) {
    std::array<pack, Sums> terms = f(column, width - column);
    for (pack& term : terms) term = first_lanes(term, width - column, 0.0f);
    add(1, terms);
  }
  std::array<float, Sums> total;
  for (std::size_t s = 0; s < Sums; ++s) {
    pack of_chains = sums[s][0] + sums[s][1];
    if constexpr (chain_count == 4) of_chains = of_chains + (sums[s][2] + sums[s][3]);
    total[s] = sum(of_chains);
  }
  return total;
}
template <class F> TYPEFORMER_ALWAYS_INLINE float sum_over(index_type width, F&& f) {
  return sums_over<1>(
      width, [&](index_type i, auto n) __attribute__((always_inline)) { return std::array{f(i, n)}; })[0];
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
