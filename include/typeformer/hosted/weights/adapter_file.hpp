// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/weights/chosen_tensors.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/write_checkpoint.hpp>
#include <typeformer/parameters/named_like.hpp>
#include <typeformer/text/number_text.hpp>

namespace typeformer {

namespace detail {

inline constexpr std::string_view alpha_key = "lora_alpha";

/// The alpha by which a model multiplies its updates, as a text; empty if it has none.
template <class M> std::string alpha_text() {
  if constexpr (requires { M::adapter::alpha_value; }) return exact_text(double(M::adapter::alpha_value));
  else return {};
}

TYPEFORMER_RARE inline result<void, file_error> save_chosen(const std::string& path,
                                                            const std::vector<file_tensor>& tensors,
                                                            const std::string& alpha, const float* canonical) {
  if (tensors.empty()) return failure{file_error{path, {}, "the model has no tensor to be saved"}};
  const std::pair<std::string_view, std::string_view> said{alpha_key, alpha};
  return write_checkpoint(path, tensors, canonical, {&said, alpha.empty() ? 0u : 1u});
}

/// Errors: the file has another alpha than the model's, or none.
TYPEFORMER_RARE inline result<void, file_error> check_alpha(const std::string& path, const checkpoint_file& file,
                                                            const std::string& alpha) {
  if (alpha.empty()) return {};
  bool is_said = false;
  for (const safetensors_file& part : file.files())
    for (const auto& [key, text] : part.metadata()) {
      if (key != alpha_key) continue;
      if (number_in<double>(text) != number_in<double>(alpha))
        return failure{file_error{path, {}, "was trained with another alpha", alpha, text}};
      is_said = true;
    }
  if (is_said) return {};
  return failure{file_error{path, {}, joined({"its metadata lack ", alpha_key}), alpha, "no such key"}};
}

TYPEFORMER_RARE inline result<void, file_error> load_chosen(const std::string& path,
                                                            const std::vector<file_tensor>& wanted,
                                                            const file_names& names, const std::string& alpha,
                                                            float* canonical) {
  auto file = checkpoint_file::open(path);
  if (!file) return failure{file.error()};
  if (auto checked = check_checkpoint(*file, wanted, names); !checked) return checked;
  if (auto checked = check_alpha(path, *file, alpha); !checked) return checked;
  return read_checkpoint_whole(*file, wanted, names, canonical);
}

}  // namespace detail

/// Writes what fine-tuning has added to a body: the low-rank updates, and with `head_and_adapter_parameters` also the
/// heads. The body stays in its own file. Adapters have the names of the model's parameters, heads those of its family.
///
/// Errors: those of `write_safetensors`; nothing to save.
template <NamedInFiles M, class Saves = adapter_parameters>
result<void, file_error> save_adapters(const std::string& path, const parameters<M>& values, const Saves& saves = {}) {
  if (!values.available()) return failure{detail::no_memory_for(path, parameters<M>::count)};
  const std::vector<leaf> chosen = chosen_leaves(layout_of<M>, saves);
  return detail::save_chosen(path, file_tensors_of(layout_of_leaves(chosen), file_names_of<M>()),
                             detail::alpha_text<M>(), values.data());
}

/// Reads them again, onto the body that `values` holds.
///
/// Everything is checked before anything is changed. A tensor that is missing, superfluous, misshaped (another rank),
/// of another type or not finite is an error that names it. So is another alpha than the model's, or none: updates are
/// multiplied by it, and no tensor shows it. Files that are converted from another library need its alpha in the
/// metadata, as `lora_alpha`.
template <NamedInFiles M, class Loads = adapter_parameters>
result<void, file_error> load_adapters(const std::string& path, parameters<M>& values, const Loads& loads = {}) {
  if (!values.available()) return failure{detail::no_memory_for(path, parameters<M>::count)};
  const std::vector<leaf> chosen = chosen_leaves(layout_of<M>, loads);
  constexpr file_names names = file_names_of<M>();
  return detail::load_chosen(path, file_tensors_of(layout_of_leaves(chosen), names), names, detail::alpha_text<M>(),
                             values.data());
}

}  // namespace typeformer
