// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>
#include <future>
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/text/printable.hpp>

#include "../import/import_folder.hpp"
#include "command.hpp"
#include "model_cache.hpp"
#include "model_folder.hpp"
#include "text_codec.hpp"
#include "text_model.hpp"
#include "usual_problems.hpp"

namespace running {

/// Imports the model of a folder or of a GGUF file, compiles it if it is not in the cache, and loads it, while another
/// thread reads the tokenizer. Errors, as a sentence: those of `import_folder`, `open_folder`, `open_gguf_folder`,
/// `text_codec::open`, `model_cache` and `open_model`; an encoder whose tokenizer's files do not say which special tokens
/// it reads; a usual problem.
inline tf::result<text_model, std::string> open_text_model(const run_command& command) {
  if (std::string why = usual_problem(command.folder); !why.empty()) return tf::failure{std::move(why)};
  const importing::import_request request{.name = "model", .context = command.how.context};
  const auto imported = importing::import_folder(command.folder, request);
  if (!imported) return tf::failure{imported.error()};
  const bool is_gguf = imported->weights.extension() == ".gguf";
  auto folder = is_gguf ? open_gguf_folder(imported->weights.string(), command.folder) : open_folder(command.folder);
  if (!folder) return tf::failure{folder.error()};
  auto codec = std::async(std::launch::async, [&] { return text_codec::open(*folder); }).share();

  // The folder's name would be part of what is compiled.
  const std::string header = importing::header_text(imported->model, request, "folder");
  const model_cache cache{command.how};
  auto library = cache.find(header);
  if (library.empty()) {
    if (!codec.get()) return tf::failure{codec.get().error()};  // what is wrong with the folder is said at once
    if (tf::model_file::gguf_path(folder->path).empty())
      if (const auto weights = tf::model_file::open(folder->path); !weights)
        return tf::failure{weights.error().message()};
    std::fprintf(stderr, "Compiling the model of %s, for this time and all others ...\n",
                 tf::printable(command.folder).c_str());
    const auto compiled = cache.compile(header);
    if (!compiled) return tf::failure{compiled.error()};
    library = *compiled;
  }
  auto model = open_model(library, folder->path);
  if (!codec.get()) return tf::failure{codec.get().error()};
  if (!model) return tf::failure{model.error()};
  if ((*model)->facts().kind == model_kind::encoder && codec.get()->is_bare())
    return tf::failure{folder->path + ": an encoder needs a tokenizer.json, a vocab.txt or a known tokenizer_class"};
  return text_model{std::move(*model), std::move(*folder), *codec.get()};
}

}  // namespace running
