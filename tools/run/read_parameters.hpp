// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/check_checkpoint.hpp>
#include <typeformer/hosted/weights/file_tensors.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/read_checkpoint.hpp>

namespace running {

/// The same as `read_checkpoint`, by several threads.
inline typeformer::result<void, typeformer::file_error> read_in_parallel(
    const typeformer::model_tensors& file, const std::vector<typeformer::file_tensor>& wanted,
    const typeformer::file_names& names, float* canonical) {
  using outcome = typeformer::result<void, typeformer::file_error>;
  const std::size_t threads = std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
  std::vector<std::vector<typeformer::file_tensor>> shares(threads);
  for (std::size_t i = 0; i < wanted.size(); ++i) shares[i % threads].push_back(wanted[i]);
  std::vector<std::future<outcome>> parts;
  for (const auto& share : shares)
    parts.push_back(std::async(std::launch::async, [&file, &names, &share, canonical] {
      return typeformer::read_checkpoint(file, share, names, canonical);
    }));
  outcome all;
  for (auto& part : parts)
    if (auto read = part.get(); !read && all) all = std::move(read);
  return all;
}

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
  const auto file = typeformer::detail::open_model<model_file>(path, names);
  if (!file) return file.error().message();
  const std::vector<typeformer::file_tensor> wanted = file_tensors_of(layout, names);
  if (const auto checked = check_checkpoint(*file, wanted, names); !checked) return checked.error().message();
  const auto read = read_in_parallel(*file, wanted, names, canonical);
  return read ? std::string{} : read.error().message();
}

}  // namespace running
