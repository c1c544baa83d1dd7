// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/write_checkpoint.hpp>

namespace typeformer {

/// Writes parameters as F32 safetensors under the names and in the layouts that `load` reads, replacing `path` when the
/// file is complete. `metadata` is written in addition to `format: pt`, which Hugging Face's readers require.
///
/// Errors: those of `write_safetensors`. Needs a second copy of the parameters while it writes.
template <NamedInFiles M, class Scalar>
result<void, file_error> save(const std::string& path, const parameters<M, Scalar>& values,
                              metadata_texts metadata = {}) {
  if (!values.available()) return failure{detail::no_memory_for(path, parameters<M, Scalar>::count)};
  return write_checkpoint(path, file_tensors_of(layout_of<M>, file_names_of<M>()), values.data(), metadata);
}

}  // namespace typeformer
