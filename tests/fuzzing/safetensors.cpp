// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/safetensors.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace typeformer;
  const auto file = safetensors_file::view({reinterpret_cast<const std::byte*>(bytes), size}, "fuzz");
  if (!file) {
    if (file.error().message().empty()) __builtin_trap();
    return 0;
  }
  for (const stored_tensor& tensor : file->tensors()) {
    std::vector<float> floats(tensor.element_count());
    std::vector<std::int64_t> integers(tensor.element_count());
    const bool read = read_floats(tensor, floats).has_value() || read_integers(tensor, integers).has_value();
    if (read && bytes_of_elements(tensor.dtype, tensor.element_count()) != tensor.bytes.size()) __builtin_trap();
    if (file->find(tensor.name) != &tensor) __builtin_trap();
  }
  return 0;
}
