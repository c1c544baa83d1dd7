// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load.hpp>

namespace running {

/// Reads the parameters of any model; see `parameter_reader`. Errors, as a sentence: those of `load`.
inline std::string read_parameters(const char* path, const typeformer::parameter_layout& layout,
                                   const typeformer::file_names& names, float* canonical) {
  using typeformer::model_file;
  const auto read =
      typeformer::detail::load_into<model_file>(path, layout, names, canonical, typeformer::accepted_numbers::finite);
  return read ? std::string{} : read.error().message();
}

}  // namespace running
