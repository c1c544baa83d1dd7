// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/weights/chosen_tensors.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/named_tensors.hpp>
#include <typeformer/parameters/named_like.hpp>

namespace typeformer {

/// The tensors of a pre-trained file and of the model that were read, or not.
struct body_report {
  index_type taken = 0;           ///< tensors of the file that the model has now
  std::vector<std::string> kept;  ///< tensors of the model that did not change
  std::vector<std::string> left;  ///< tensors of the file that the model does not need
};

namespace detail {

TYPEFORMER_RARE inline bool has_prefix(const model_tensors& file, std::string_view prefix) {
  const auto tensors = file.tensors();
  return prefix.empty() || std::any_of(tensors.begin(), tensors.end(),
                                       [&](const stored_tensor& tensor) { return tensor.name.starts_with(prefix); });
}

/// Whether a tensor of a file need not be read: one of a head, or of a layer that a model need not have. A block after
/// the model's last, or a tensor that no rule contains, means that the file's body is of another model.
template <class KeepsItsStart>
TYPEFORMER_RARE bool may_stay_in_file(const model_tensors& file, const file_names& names, std::string_view name,
                                      const KeepsItsStart& keeps) {
  const std::string_view prefix = names.optional_prefix;
  std::vector<std::string_view> numbers;
  for (const std::string& full : {std::string(name), joined({prefix, name})})
    for (int r = 0; r < names.rule_count; ++r)
      if (const file_tensor_rule& rule = names.rules[r]; rule.file && read_numbers(rule.file, full, numbers))
        return (numbers.empty() && rule.pieces == 1) || keeps(put_numbers(rule.leaves[0], numbers, -names.first_block));
  return keeps(name) || (!prefix.empty() && has_prefix(file, prefix) && !name.starts_with(prefix));
}

template <class File, class KeepsItsStart>
TYPEFORMER_RARE result<body_report, file_error> load_body_into(const std::string& path, const parameter_layout& layout,
                                                               const file_names& names, float* canonical,
                                                               const KeepsItsStart& keeps) {
  auto file = open_model<File>(path, names);
  if (!file) return failure{file.error()};
  body_report report;
  const std::vector<leaf> body = chosen_leaves(layout, [&](const parameter_tensor& tensor) {
    const tensor_name name = tensor.name();
    const bool kept = keeps(name.view());
    if (kept) report.kept.emplace_back(name.view());
    return !kept;
  });
  const std::vector<file_tensor> wanted = file_tensors_of(layout_of_leaves(body), names);
  const named_tensors source{*file, names};
  std::vector<const stored_tensor*> used;
  for (const file_tensor& tensor : wanted) {
    const stored_tensor* const found = source.find(tensor.name);
    if (!found && tensor.may_be_absent()) continue;
    if (!found)
      return failure{file_error{path, tensor.name, "is missing", shape_text(tensor.shape()), "no such tensor"}};
    if (auto checked = check_tensor(*found, tensor.shape()); !checked) return failure{checked.error()};
    used.push_back(found);
  }
  for (const stored_tensor& tensor : file->tensors()) {
    if (std::find(used.begin(), used.end(), &tensor) != used.end() || is_ignored(source, names, tensor.name)) continue;
    if (!may_stay_in_file(*file, names, tensor.name, keeps))
      return failure{tensor.error("the model's body has no such tensor", "", shape_text(tensor.shape))};
    report.left.emplace_back(tensor.name);
  }
  report.taken = index_type(used.size());
  if (auto read = read_checkpoint_whole(*file, wanted, names, canonical); !read) return failure{read.error()};
  return report;
}

}  // namespace detail

/// Reads the body of a model from a pre-trained file, sharded or not (see `load`). The heads keep their initial values,
/// and what the file holds for other tasks is not read.
///
/// `keeps(name)` says which tensors of the model the file need not have. Everything is checked before anything is
/// changed. A tensor of the body that is missing, misshaped, of another type or not finite is an error that names it.
/// So is a tensor of the file's body that the model does not have. Needs a second copy of what it reads.
template <NamedInFiles M, OpenedByPath File = checkpoint_file, class KeepsItsStart = head_and_adapter_parameters>
result<body_report, file_error> load_body(const std::string& path, parameters<M>& values,
                                          const KeepsItsStart& keeps = {}) {
  if (!values.available()) return failure{detail::no_memory_for(path, parameters<M>::count)};
  return detail::load_body_into<File>(path, layout_of<M>, file_names_of<M>(), values.data(), keeps);
}

}  // namespace typeformer
