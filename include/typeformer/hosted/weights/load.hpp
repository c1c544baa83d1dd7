// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <typeformer/hosted/weights/check_checkpoint.hpp>
#include <typeformer/hosted/weights/read_checkpoint.hpp>
#include <typeformer/parameters/checked_file_names.hpp>
#include <typeformer/parameters/weights.hpp>

namespace typeformer {

namespace detail {

inline result<void, file_error> load_into(const std::string& path, const parameter_layout& layout,
                                          const file_names& names, float* canonical, accepted_numbers accepts) {
  auto file = open_checkpoint(path, names);
  if (!file) return failure{file.error()};
  const std::vector<file_tensor> wanted = file_tensors_of(layout, names);
  if (auto checked = check_checkpoint(*file, wanted, names); !checked) return checked;
  return read_checkpoint(*file, wanted, names, canonical, accepts);
}

TYPEFORMER_RARE inline file_error no_memory_for(const std::string& path, std::int64_t count) {
  return {path, {}, "no memory for the parameters", std::to_string(count) + " floats", {}};
}

}  // namespace detail

// Function objects, because with a function that is constrained by the model g++'s message about a wrong one is too
// long.
template <NamedInFiles M> struct parameter_loader {
  result<parameters<M>, file_error> operator()(const std::string& path,
                                               accepted_numbers accepts = accepted_numbers::finite) const {
    parameters<M> values;
    if (!values.available()) return failure{detail::no_memory_for(path, parameters<M>::count)};
    if (auto loaded = detail::load_into(path, layout_of<M>, file_names_of<M>(), values.data(), accepts); !loaded)
      return failure{loaded.error()};
    return values;
  }
};
template <NamedInFiles M> struct weight_loader {
  result<weights<M>, file_error> operator()(const std::string& path,
                                            accepted_numbers accepts = accepted_numbers::finite) const {
    weights<M> values;
    if (!values.available()) return failure{detail::no_memory_for(path, layout_of<M>.parameters)};
    if (auto loaded = detail::load_into(path, layout_of<M>, file_names_of<M>(), values.data(), accepts); !loaded)
      return failure{loaded.error()};
    if (!values.pack_in_place()) return failure{detail::no_memory_for(path, layout_of<M>.parameters)};
    return values;
  }
};

/// Canonical parameters from a safetensors file, a sharded one (`….index.json`), a GGUF file, a `.bin` file of llama2.c,
/// or a folder (see `checkpoint_file`).
///
/// Tensors of float types and of the block formats in `quantization/` are read by the model's Hugging Face names. A tensor that is missing, superfluous,
/// misshaped or of another type is an error that names it. So is a number that is not finite, unless a second argument
/// is `accepted_numbers::any`. A file that is shortened meanwhile is an error, too.
template <NamedInFiles M> inline constexpr parameter_loader<M> load_parameters{};

/// Weights for sessions, from the same files with the same checks. Needs no second copy of the parameters.
template <NamedInFiles M> inline constexpr weight_loader<M> load{};

}  // namespace typeformer
