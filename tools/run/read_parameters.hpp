// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>

#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/load_body.hpp>

namespace running {

/// Reads the parameters of any model; see `parameter_reader`. Errors, as a sentence: those of `load`, of a body those of
/// `load_body`.
inline std::string read_parameters(const char* path, const typeformer::parameter_layout& layout,
                                   const typeformer::file_names& names, float* canonical, bool is_body) {
  using typeformer::model_file;
  if (is_body) {
    const auto has_all = [](std::string_view) { return false; };
    const auto read = typeformer::detail::load_body_into<model_file>(path, layout, names, canonical, has_all);
    return read ? std::string{} : read.error().message();
  }
  const auto read =
      typeformer::detail::load_into<model_file>(path, layout, names, canonical, typeformer::accepted_numbers::finite);
  return read ? std::string{} : read.error().message();
}

}  // namespace running
