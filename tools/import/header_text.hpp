// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "imported_model.hpp"

namespace importing {

inline constexpr std::string_view header_form =
    R"(// @name@: @title@. Written by typeformer-import from a config.json: change that, and import again.
//
//   auto weights = typeformer::load<@name@>("@folder@");  // <typeformer/hosted.hpp>
//   typeformer::@runner@<@name@, @session@> run{*weights};
//
// The compiler counts: typeformer::parameter_count<@name@>, @name@_memory::flash_bytes and
// @name@_memory::ram_bytes, typeformer::flops<@name@, @name@_step>.
#pragma once
#include <typeformer/contract/uses.hpp>
#include <typeformer/inspection/flops.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/models/@preset@.hpp>
@functions@
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

/// A folder's name for a comment: nothing in it may end the line or the text.
inline std::string printable(std::string_view folder) {
  std::string text{folder};
  for (char& c : text)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') c = '?';
  return text;
}

/// The header that declares the model as a type named `request.name`; `folder` is that of its weights.
inline std::string header_text(const imported_model& model, const import_request& request, std::string_view folder) {
  const bool encodes = model.kind == model_kind::encoder, has_source = model.kind == model_kind::encoder_decoder;
  const std::string tokens = std::to_string(request.context_or(model.context)), batch = std::to_string(request.batch),
                    capacity = (encodes ? "typeformer::tokens<" : "typeformer::context<") + tokens +
                               (has_source ? ">, typeformer::source<" + tokens + ">" : ">");
  std::string functions;
  for (const std::string function : {"mish", "squared_relu"})
    if (model.type().find("typeformer::" + function) != std::string::npos)
      functions = "#include <typeformer/activations/" + function + ".hpp>\n";
  const std::pair<std::string_view, std::string> values[] = {
      {"@name@", request.name},
      {"@title@", (model.title.starts_with("A") ? "an " : "a ") + std::string(model.title)},
      {"@runner@", encodes ? "forward_pass" : "session"},
      {"@session@", "typeformer::batch<" + batch + ">, " + capacity},
      {"@preset@", std::string(model.preset)},
      {"@functions@", functions},
      {"@type@", model.type()},
      {"@sequences@", batch + (request.batch == 1 ? " sequence" : " sequences")},
      {"@tokens@", tokens},
      {"@use@", encodes ? "evaluating_with" : "decoding_with"},
      {"@work@", encodes      ? "reads one text"
                 : has_source ? "reads one source and predicts a token"
                              : "predicts a token"},
      {"@step@", "typeformer::batch<1>, " + std::string(encodes ? "" : "typeformer::tokens<1>, ") + capacity},
      {"@folder@", printable(folder)}};
  std::string text{header_form};
  for (const auto& [mark, value] : values)
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
      text.replace(at, mark.size(), value);
  return text;
}

}  // namespace importing
