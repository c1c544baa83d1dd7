// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer::detail {

/// Whether source `s` of several can be taken.
constexpr result<void, inference_error> check_source(const capacities& reserved, index_type sequences, index_type s,
                                                     index_type length) {
  using problem = inference_error::problem;
  if (sequences > reserved.batch) return rejected(problem::too_many_sequences, 0, sequences, reserved.batch);
  if (length < 1) return rejected(problem::no_tokens, s, length, 1);
  if (length > reserved.source) return rejected(problem::too_many_tokens, s, length, reserved.source);
  return {};
}
constexpr result<void, inference_error> check_source(const capacities& reserved, index_type sequences, index_type s,
                                                     std::span<const std::int32_t> ids, index_type vocabulary) {
  const auto checked = check_source(reserved, sequences, s, index_type(ids.size()));
  return checked ? check_ids(s, ids, vocabulary) : checked;
}

/// The error says that it is in the source.
constexpr result<void, inference_error> in_source(const result<void, inference_error>& taken) {
  if (taken) return taken;
  inference_error error = taken.error();
  error.in_source = true;
  return failure{error};
}

}  // namespace typeformer::detail
