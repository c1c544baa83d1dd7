// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// A number of 32-bit words (FNV-1a over words). Words that differ in one place have different numbers.
inline std::uint32_t checksum_of(const float* words, std::int64_t count) {
  std::uint32_t sum = 0x811c9dc5u;
  for (std::int64_t i = 0; i < count; ++i) {
    std::uint32_t word;
    std::memcpy(&word, words + i, sizeof word);
    sum = (sum ^ word) * 0x01000193u;
  }
  return sum;
}

/// Why a device does not compute what the machine did that wrote its image.
struct self_test_error {
  enum class problem {
    weights_have_changed,  ///< their checksum is another one
    input_was_rejected,    ///< `rejected` says why
    output_has_other_size,
    output_differs  ///< number `place` of the output, by more than the image allows
  };
  problem what = problem::weights_have_changed;
  index_type place = 0;
  inference_error rejected{};

  constexpr error_text message() const {
    switch (what) {
      case problem::weights_have_changed: return error_text("the weights are not those of the image");
      case problem::input_was_rejected: return rejected.message();
      case problem::output_has_other_size: return error_text("the output has another size than that of the image");
      case problem::output_differs: break;
    }
    return error_text("number ").add(place).add(" of the output differs from that of the image");
  }
};

namespace detail {
/// The last row of the output of a session or a forward pass.
template <class M, class Runner>
result<std::span<const float>, inference_error> last_row(Runner& run, std::span<const std::int32_t> ids) {
  if constexpr (requires { run.prefill(ids); }) {
    run.reset();
    const auto logits = run.prefill(ids);
    run.reset();
    if (!logits) return failure{logits.error()};
    return std::span<const float>{logits->data(), logits->size()};
  } else {
    const auto output = run.run(ids);
    if (!output) return failure{output.error()};
    const index_type last = M::output::rows_are == axis::token ? index_type(ids.size()) - 1 : 0;
    return std::span<const float>{(*output)[last], std::size_t(M::output::width)};
  }
}
}  // namespace detail

/// Recomputes the checksum of an image of `typeformer-import --embed`, and its golden output from its golden input with
/// a session, which it resets, or a forward pass. Every change of a single bit of the weights is found.
///
/// Errors: the checksum or the output differs, the session rejects the input. Cost: reading the weights once, and a
/// prompt.
template <class Image, class Runner> result<void, self_test_error> self_test(Runner& run) {
  using problem = self_test_error::problem;
  if (checksum_of(Image::data(), Image::words) != Image::checksum)
    return failure{self_test_error{problem::weights_have_changed}};
  const auto found = detail::last_row<typename Image::model>(run, std::span<const std::int32_t>{Image::golden_input});
  if (!found) return failure{self_test_error{problem::input_was_rejected, 0, found.error()}};
  const std::span<const float> golden{Image::golden_output};
  if (found->size() != golden.size()) return failure{self_test_error{problem::output_has_other_size}};
  for (std::size_t i = 0; i < golden.size(); ++i) {
    const float difference = (*found)[i] - golden[i];
    if (!(difference <= Image::tolerance && -difference <= Image::tolerance))
      return failure{self_test_error{problem::output_differs, index_type(i)}};
  }
  return {};
}

}  // namespace typeformer
