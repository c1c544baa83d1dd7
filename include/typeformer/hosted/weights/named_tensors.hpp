// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>
#include <string>
#include <string_view>

#include <typeformer/hosted/formats/model_tensors.hpp>
#include <typeformer/hosted/weights/file_tensors.hpp>
#include <typeformer/parameters/name_pattern.hpp>

namespace typeformer::detail {

/// The tensors of an opened checkpoint by the names of the rules, also if the file leaves the prefix out, has older
/// endings of names or has the table of a tied head only under the head's name.
class named_tensors {
 public:
  named_tensors(const model_tensors& file, const file_names& names)
      : file_{file}, names_{names}, prefix_{names.optional_prefix} {
    has_prefix_ = prefix_.empty();
    for (const stored_tensor& tensor : file.tensors()) has_prefix_ = has_prefix_ || tensor.name.starts_with(prefix_);
  }
  const stored_tensor* find(std::string_view full) const {
    std::string_view name = full;
    if (!has_prefix_ && name.starts_with(prefix_)) name.remove_prefix(prefix_.size());
    const stored_tensor* const found = file_.find(name);
    return found ? found : find_otherwise(full, name);
  }
  bool reads_as(std::string_view pattern, std::string_view name) const {
    if (!has_prefix_ && pattern.starts_with(prefix_)) pattern.remove_prefix(prefix_.size());
    return matches(pattern, name);
  }

 private:
  TYPEFORMER_RARE const stored_tensor* find_otherwise(std::string_view full, std::string_view name) const {
    for (const auto& [ending, older] : names_.older_endings)
      if (ending && name.ends_with(ending)) {
        const std::string_view beginning = name.substr(0, name.size() - std::string_view(ending).size());
        if (const stored_tensor* const found = file_.find(joined({beginning, older}))) return found;
      }
    const auto& [head, table] = names_.copy_of_the_table;
    return head && name_in_file(names_, table) == full ? file_.find(head) : nullptr;
  }

  const model_tensors& file_;
  const file_names& names_;
  std::string_view prefix_;
  bool has_prefix_ = false;
};

TYPEFORMER_RARE inline bool reads_as_any(const named_tensors& source, std::span<const char* const> patterns,
                                         std::string_view name) {
  for (const char* const pattern : patterns)
    if (pattern && source.reads_as(pattern, name)) return true;
  return false;
}
TYPEFORMER_RARE inline bool is_ignored(const named_tensors& source, const file_names& names, std::string_view name) {
  return reads_as_any(source, names.ignored, name);
}

}  // namespace typeformer::detail
