// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include <typeformer/dispatch/dispatched.hpp>

/// A model as the rest of the program sees it: nothing of it depends on an instruction set.
class reader {
 public:
  virtual ~reader() = default;
  /// The logits of the token after `ids`, until the next call; empty after an error.
  virtual std::span<const float> read(std::span<const std::int32_t> ids) = 0;
};

struct reader_functions {
  std::unique_ptr<reader> (*make)();
};
TYPEFORMER_DECLARE_DISPATCHED(readers, reader_functions);
