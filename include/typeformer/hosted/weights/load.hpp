// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/weights/check_checkpoint.hpp>
#include <typeformer/hosted/weights/read_checkpoint.hpp>
#include <typeformer/hosted/weights/read_packed.hpp>
#include <typeformer/parameters/checked_file_names.hpp>
#include <typeformer/parameters/weights.hpp>

namespace typeformer {

/// Files that models are loaded from: `checkpoint_file`, `model_file`, or one of your own.
template <class File>
concept OpenedByPath = std::derived_from<File, model_tensors> && requires(const std::string& path) {
  { File::open(path) } -> std::same_as<result<File, file_error>>;
};

namespace detail {

/// With what the names of a model's body begin, without the dot after it; empty if all its tensors are of the body.
inline std::string_view body_of(const file_names& names) {
  std::string_view body = names.optional_prefix;
  if (body.ends_with('.')) body.remove_suffix(1);
  return body;
}

/// Opens a file for a model with these names.
template <class File> result<File, file_error> open_model(const std::string& path, const file_names& names) {
  if constexpr (requires { File::open(path, rotary_order::adjacent, std::string_view{}); })
    return File::open(path, names.rotates_adjacent_pairs ? rotary_order::adjacent : rotary_order::half_split,
                      body_of(names));
  else return File::open(path);
}

template <class File>
result<void, file_error> load_into(const std::string& path, const parameter_layout& layout, const file_names& names,
                                   float* canonical, accepted_numbers accepts) {
  auto file = open_model<File>(path, names);
  if (!file) return failure{file.error()};
  const std::vector<file_tensor> wanted = file_tensors_of(layout, names);
  if (auto checked = check_checkpoint(*file, wanted, names); !checked) return checked;
  return read_checkpoint(*file, wanted, names, canonical, accepts);
}

template <class File>
result<void, file_error> load_packed_into(const std::string& path, const parameter_layout& layout,
                                          const file_names& names, float* weights, accepted_numbers accepts) {
  auto file = open_model<File>(path, names);
  if (!file) return failure{file.error()};
  const std::vector<file_tensor> wanted = file_tensors_of(layout, names);
  if (auto checked = check_checkpoint(*file, wanted, names); !checked) return checked;
  return read_packed(*file, wanted, names, layout, weights, accepts);
}

TYPEFORMER_RARE inline file_error no_memory_for(const std::string& path, std::int64_t count) {
  return {path, {}, "no memory for the parameters", joined({digits_of(count), " floats"}), {}};
}

}  // namespace detail

// Function objects, because with a function that is constrained by the model g++'s message about a wrong one is too
// long.
template <NamedInFiles M, OpenedByPath File> struct parameter_loader {
  result<parameters<M>, file_error> operator()(const std::string& path,
                                               accepted_numbers accepts = accepted_numbers::finite) const {
    parameters<M> values;
    if (!values.available()) return failure{detail::no_memory_for(path, parameters<M>::count)};
    if (auto loaded = detail::load_into<File>(path, layout_of<M>, file_names_of<M>(), values.data(), accepts); !loaded)
      return failure{loaded.error()};
    return values;
  }
};
template <NamedInFiles M, OpenedByPath File> struct weight_loader {
  result<weights<M>, file_error> operator()(const std::string& path,
                                            accepted_numbers accepts = accepted_numbers::finite) const {
    weights<M> values;
    if (!values.available()) return failure{detail::no_memory_for(path, layout_of<M>.parameters)};
    if (auto loaded = detail::load_packed_into<File>(path, layout_of<M>, file_names_of<M>(), values.data(), accepts);
        !loaded)
      return failure{loaded.error()};
    return values;
  }
};

/// Canonical parameters from a safetensors file, a sharded one (`….index.json`) or a folder of either.
///
/// F32, F16, BF16 and F64 tensors are read by the model's Hugging Face names. A tensor that is missing, superfluous,
/// misshaped or of another type is an error that names it. So is a number that is not finite, unless a second argument
/// is `accepted_numbers::any`. A file that is shortened meanwhile is an error, too.
///
/// With `model_file` (`hosted/formats/model_file.hpp`) as the second type GGUF files and llama2c's are read as well.
template <NamedInFiles M, OpenedByPath File = checkpoint_file>
inline constexpr parameter_loader<M, File> load_parameters{};

/// Weights for sessions, from the same files with the same checks. Needs no second copy of the parameters.
template <NamedInFiles M, OpenedByPath File = checkpoint_file> inline constexpr weight_loader<M, File> load{};

}  // namespace typeformer
