// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type Width, number Rate, class Generator, class W, class S>
constexpr void execute(dropout_operation<Width, Rate, Generator>, const call<W>& c, block_view<const S> x,
                       random_source from, block_view<S> y) {
  constexpr std::uint32_t threshold = static_cast<std::uint32_t>(Rate.value * 4294967296.0);
  constexpr S kept = S(1 / (1 - Rate.value));
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const index_type elements = x.rows * Width;
  c.workers.for_each((elements + 4095) / 4096, [&](index_type part) {
    for (index_type first = part * 4096; first < elements && first < (part + 1) * 4096; first += 4) {
      const auto words = Generator::block(
          {low(static_cast<std::uint64_t>(first) / 4), from.place, low(from.step), low(from.step >> 32)},
          {low(from.seed), low(from.seed >> 32)});
      for (index_type i = first; i < first + 4 && i < elements; ++i)
        y.data[i] = words[static_cast<std::size_t>(i - first)] < threshold ? S{0} : x.data[i] * kept;
    }
  });
}

}  // namespace typeformer
