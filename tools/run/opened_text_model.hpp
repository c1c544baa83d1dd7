// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>
#include <future>
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/printable.hpp>

#include "../import/import_folder.hpp"
#include "command.hpp"
#include "model_cache.hpp"
#include "model_folder.hpp"
#include "text_codec.hpp"
#include "text_model.hpp"

namespace running {

/// Imports the model of a folder, compiles it if it is not in the cache, and loads it, while another thread reads the
/// tokenizer. Errors, as a sentence: those of `import_folder`, `open_folder`, `text_codec::open`, `model_cache` and
/// `open_model`.
inline tf::result<text_model, std::string> open_text_model(const run_command& command) {
  importing::import_request request{.name = "model", .context = command.how.context};
  const auto imported = importing::import_folder(command.folder, request);
  if (!imported) return tf::failure{imported.error()};
  auto folder = open_folder(command.folder);
  if (!folder) return tf::failure{folder.error()};
  auto opened_codec = std::async(std::launch::async, [&] { return text_codec::open(*folder); });

  // The folder's name would be part of what is compiled.
  const std::string header = importing::header_text(imported->model, request, "folder");
  const model_cache cache{command.how};
  auto library = cache.find(header);
  if (library.empty()) {
    opened_codec.wait();  // what is wrong with the folder is said at once
    auto codec = opened_codec.get();
    if (!codec) return tf::failure{codec.error()};
    std::fprintf(stderr, "Compiling the model of %s, for this time and all others ...\n",
                 tf::printable(command.folder).c_str());
    const auto compiled = cache.compile(header);
    if (!compiled) return tf::failure{compiled.error()};
    auto model = open_model(*compiled, folder->path);
    if (!model) return tf::failure{model.error()};
    return text_model{std::move(*model), std::move(*folder), std::move(*codec)};
  }
  auto model = open_model(library, folder->path);
  auto codec = opened_codec.get();
  if (!codec) return tf::failure{codec.error()};
  if (!model) return tf::failure{model.error()};
  return text_model{std::move(*model), std::move(*folder), std::move(*codec)};
}

}  // namespace running
