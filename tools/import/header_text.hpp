// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "imported_model.hpp"
#include "values.hpp"

namespace importing {

inline constexpr std::string_view header_form =
    R"(// @name@: typeformer::@preset@ by a @source@. Written by typeformer-import: change that file, and import again.
//
//   auto weights = typeformer::load<@name@@format@>(@folder@);  // @includes@
//   typeformer::@runner@<@name@, @session@> run{*weights};
//
// The compiler counts: typeformer::parameter_count<@name@>, @name@_memory::flash_bytes and
// @name@_memory::ram_bytes, typeformer::flops<@name@, @name@_step>.
#pragma once
#include <typeformer/activations/mish.hpp>
#include <typeformer/activations/squared_relu.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/max_pooling.hpp>
#include <typeformer/layers/sentence_embedding.hpp>
#include <typeformer/models/@preset@.hpp>

#if defined(@name@) || defined(@name@_memory) || defined(@name@_step)
#error "@name@ or a name made of it is a macro here: import the model with another --name"
#endif

struct @name@ : @type@ {};

/// Its memory in use, for @sequences@ of @tokens@ tokens.
using @name@_memory = typeformer::footprint<@name@,
    typeformer::@use@<@session@>>;

/// What @work@.
using @name@_step = typeformer::@use@<@step@>;
)";

/// The header that declares the model as a type named `request.name`; `folder` is that of its weights, or a
/// GGUF file.
inline std::string header_text(const imported_model& model, const import_request& request, std::string_view folder) {
  const std::string batch = std::to_string(request.batch);
  const bool is_gguf = folder.ends_with(".gguf");
  // A value may hold marks of the lines below it.
  const std::pair<std::string_view, std::string> values[] = {
      {"@type@", model.type()},
      {"@preset@", std::string(model.preset)},
      {"@runner@", std::string(model.kind.runner)},
      {"@use@", std::string(model.kind.use)},
      {"@work@", std::string(model.kind.work)},
      {"@session@", "typeformer::batch<" + batch + ">, @capacity@"},
      {"@step@", "typeformer::batch<1>, " + std::string(model.kind.step) + "@capacity@"},
      {"@capacity@", std::string(model.kind.capacity)},
      {"@tokens@", std::to_string(request.context_or(model.context))},
      {"@sequences@", batch + (request.batch == 1 ? " sequence" : " sequences")},
      {"@source@", is_gguf ? "GGUF file" : "config.json"},
      {"@format@", is_gguf ? ", typeformer::model_file" : ""},
      {"@includes@", is_gguf ? "<typeformer/hosted/formats/model_file.hpp>" : "<typeformer/hosted.hpp>"},
      {"@name@", request.name},
      {"@folder@", tf::quoted_name(folder)}};
  std::string text{header_form};
  for (const auto& [mark, value] : values)
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
      text.replace(at, mark.size(), value);
  return text;
}

}  // namespace importing
