// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/parameters/narrow_weights.hpp>

namespace typeformer {

namespace detail {

/// A file that holds what a model needs, and its tensors in the order of the parameters.
template <class File> struct checked_file {
  File file;
  std::vector<file_tensor> wanted;
};
template <class File>
result<checked_file<File>, file_error> open_checked(const std::string& path, const parameter_layout& layout,
                                                    const file_names& names) {
  auto file = open_model<File>(path, names);
  if (!file) return failure{file.error()};
  std::vector<file_tensor> wanted = file_tensors_of(layout, names);
  if (auto checked = check_checkpoint(*file, wanted, names); !checked) return failure{checked.error()};
  return checked_file<File>{std::move(*file), std::move(wanted)};
}

/// The tensors of a file that have rows of one operand, the first tensor of which is `first`. Their parts are offsets of a
/// buffer that begins with the operand; `size` is that of the buffer, because some have rows of others, too.
struct operand_in_file {
  std::vector<file_tensor> tensors;
  index_type size = 0;

  TYPEFORMER_RARE operand_in_file(const std::vector<file_tensor>& all, const parameter_layout& layout,
                                  const parameter_tensor& first)
      : size{rows_of_operand(layout, first) * first.of->columns} {
    const index_type end = first.offset + size;
    const auto is_within = [&](const file_tensor::part& part) {
      return part.offset >= first.offset && part.offset < end;
    };
    for (const file_tensor& tensor : all) {
      bool has_rows = false;
      for (const file_tensor::part& part : tensor.parts) has_rows = has_rows || is_within(part);
      if (!has_rows) continue;
      for (file_tensor::part& part : tensors.emplace_back(tensor).parts) {
        const index_type elsewhere = size;
        if (!is_within(part)) size += part.rows * tensor.columns;
        part.offset = is_within(part) ? part.offset - first.offset : elsewhere;
      }
    }
  }
};

}  // namespace detail

template <class M, class Format, OpenedByPath File>
  requires NamedInFiles<M>
struct narrow_loader {
  result<weights<M, Format>, file_error> operator()(const std::string& path,
                                                    accepted_numbers accepts = accepted_numbers::finite) const {
    weights<M, Format> values;
    if (!values.available()) return failure{detail::no_memory_for(path, narrow_weights_view<M, Format>::bytes / 4)};
    constexpr file_names names = file_names_of<M>();
    const auto opened = detail::open_checked<File>(path, layout_of<M>, names);
    if (!opened) return failure{opened.error()};
    result<void, file_error> done;
    std::vector<float> operand;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (!done || !is_first_of_operand(layout_of<M>, t)) return;
      const detail::operand_in_file from{opened->wanted, layout_of<M>, t};
      operand.resize(std::size_t(from.size));
      done = read_checkpoint(opened->file, from.tensors, names, operand.data(), accepts);
      if (done) values.narrow(t, operand.data());
    });
    if (!done) return failure{done.error()};
    return values;
  }
};

/// Weights in a narrow format from the files of `load`, with the same checks and errors. Numbers are rounded matrix by
/// matrix as they are read: beside the weights it needs the largest one in float32, and never all parameters.
///
///     const auto narrow = tf::load_narrow<my_model, tf::int8<tf::groups_of<32>>, tf::model_file>("model-q8_0.gguf");
///
/// The numbers of BF16 files are kept in `bf16`. The groups of `int8<groups_of<32>>` and `int4<>` are the blocks of GGUF's
/// Q8_0 and Q4_0; only their scales are rounded, from binary16 to bfloat16.
template <class M, class Format, OpenedByPath File = checkpoint_file>
inline constexpr narrow_loader<M, Format, File> load_narrow{};

}  // namespace typeformer
