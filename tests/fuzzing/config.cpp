// SPDX-License-Identifier: BSL-1.0
#include <string_view>

#include <import/read_model.hpp>

/// A configuration as typeformer-import reads it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view json{reinterpret_cast<const char*>(bytes), size};
  const auto model = importing::read_model(json, "fuzz", {});
  if (!model && model.error().message().empty()) __builtin_trap();
  return 0;
}
