// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <typeformer/hosted/weights/llama3_scaling_of.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/write_checkpoint.hpp>
#include <typeformer/hosted/weights/write_renamed_gguf.hpp>

namespace typeformer {

/// Writes parameters as an F32 GGUF file with the names and orders of llama.cpp.
///
/// `metadata` name the architecture (`general.architecture`, one of `gguf_families`) and what it needs to be run:
/// `llama.attention.head_count`, and so on; the order of queries and keys depends on the heads. What they say is not
/// compared with the model. `set_gguf_tokenizer` adds a tokenizer to them, so that the file alone runs. The scaling of
/// Llama 3 is written as the table `rope_freqs.weight`. `load<M, model_file>` reads the file again.
///
/// Errors: an architecture without rules, a tensor that it does not have; those of `write_gguf`. Needs a second copy of
/// the parameters while it writes.
template <NamedInFiles M, class Scalar>
result<void, file_error> save_gguf(const std::string& path, const parameters<M, Scalar>& values,
                                   std::span<const gguf_entry> metadata) {
  if (!values.available()) return failure{detail::no_memory_for(path, parameters<M, Scalar>::count)};
  constexpr file_names names = file_names_of<M>();
  const std::vector<file_tensor> tensors = file_tensors_of(layout_of<M>, names);
  const detail::copied_tensors copies{tensors, values.data()};
  return detail::write_renamed_gguf(path, copies.tensors, metadata,
                                    names.rotates_adjacent_pairs ? rotary_order::adjacent : rotary_order::half_split,
                                    detail::body_of(names), llama3_rotation_of<M>);
}

}  // namespace typeformer
