// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imported_model.hpp"

namespace importing {

/// 124'439'808, as C++ writes it, or with another mark between thousands.
inline std::string grouped(std::int64_t number, char mark) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, mark);
  return digits;
}

/// A folder's name for a comment: nothing in it may end the line or the text.
inline std::string printable(std::string_view folder) {
  std::string text{folder};
  for (char& c : text)
    if (c < ' ' || c > '~' || c == '"' || c == '\\') c = '?';
  return text;
}

/// The header that declares the model as a type named `request.name`; `folder` is where its weights lie.
///
/// What its first lines say is proven by the compiler further down.
inline std::string header_text(const imported_model& model, const import_request& request, std::string_view folder) {
  const std::string& name = request.name;
  const std::int64_t tokens = request.context_or(model.context), parameters = model.costs.parameters.total(),
                     state_bytes = 4 * request.batch * model.state.total(), flops = model.costs.flops.total();
  const bool encodes = model.is == imported_model::kind::encoder,
             reads_source = model.is == imported_model::kind::encoder_decoder;
  // The same capacities as options of a session and, with one sequence and one new token, of the work for a token.
  layer_text use = of_library(encodes ? "evaluating_with" : "decoding_with", numbered("batch", request.batch),
                              numbered(encodes ? "prompt" : "context", tokens)),
             step = of_library(encodes ? "evaluating_with" : "decoding_with", numbered("batch", 1),
                               encodes ? numbered("prompt", tokens) : numbered("prompt", 1));
  if (!encodes) step.parts.push_back(numbered("context", tokens));
  if (reads_source) {
    use.parts.push_back(numbered("source", tokens));
    step.parts.push_back(numbered("source", tokens));
  }
  layer_text runner = of_library(encodes ? "forward_pass" : "session", literal(name));
  runner.parts.insert(runner.parts.end(), use.parts.begin(), use.parts.end());
  const std::string of_sequences = std::to_string(request.batch) +
                                   (request.batch == 1 ? " sequence of " : " sequences of ") + std::to_string(tokens) +
                                   " tokens";

  std::string text = "// " + name + ": " + (model.family.starts_with("A") ? "an " : "a ") + model.family +
                     ". Written by typeformer-import from a config.json: change that, and import again.\n//\n";
  const auto fact = [&](std::string_view what, const std::string& value) {
    text += "//   " + std::string(what) + std::string(12 - std::min<std::size_t>(11, what.size()), ' ') + value + "\n";
  };
  fact("parameters", grouped(parameters, ','));
  fact("flash", grouped(4 * parameters, ',') + " bytes of weights in float");
  if (!encodes)
    fact("state", grouped(state_bytes, ',') + " bytes of keys and values for " + of_sequences +
                      (reads_source ? ", and sources as long" : ""));
  fact("arena, RAM", name + "_memory::arena_bytes and ::ram_bytes for " + of_sequences + ", known to the compiler");
  if (encodes) fact("work", grouped(flops, ',') + " FLOPs for a text of " + std::to_string(tokens) + " tokens");
  else if (reads_source)
    fact("work", grouped(flops, ',') + " FLOPs to read a source of " + std::to_string(tokens) +
                     " tokens and predict the first one");
  else
    fact("work", grouped(flops, ',') + " FLOPs a token" +
                     (model.flops_of_an_earlier_token > 0 ? ", and " + grouped(model.flops_of_an_earlier_token, ',') +
                                                                " for each earlier one that all layers see"
                                                          : ""));
  text += "//\n//   auto weights = typeformer::load<" + name + ">(\"" + printable(folder) +
          "\");  // <typeformer/hosted.hpp>\n";
  text += "//   " + runner.on_one_line() + " run{*weights};\n";
  text +=
      "#pragma once\n#include <type_traits>\n\n#include <typeformer/contract/uses.hpp>\n"
      "#include <typeformer/inspection/flops.hpp>\n#include <typeformer/inspection/footprint.hpp>\n"
      "#include <typeformer/inspection/parameter_count.hpp>\n#include <typeformer/execution/all.hpp>\n"
      "#include <typeformer/models/" +
      std::string(model.header) + ".hpp>\n\n";
  const std::vector<std::string> names{name, name + "_memory", name + "_window"};
  for (const std::string& one : names) text += (&one == names.data() ? "#if defined(" : " || defined(") + one + ")";
  text += "\n#error \"" + name +
          " or a name made of it is a macro here: import the model with another --name\"\n#endif\n\n" + model.functions;
  const std::string opening = "struct " + name + " : ";
  text += opening + model.layers.laid_out(2, opening.size()) + " {\n";
  text += "  /// The same layers by their published numbers; names of tensors in files come from there" +
          std::string(model.has_initial_values ? ", first values too" : "") + ".\n";
  text += "  using preset = " + model.preset + ";\n";
  text += "  static constexpr typeformer::file_names huggingface = preset::huggingface;\n";
  if (model.has_initial_values) text += "  static constexpr typeformer::initialization initial = preset::initial;\n";
  const std::string_view composition = model.layers.name;
  text += "\n  static_assert(std::is_base_of_v<" + std::string(composition.substr(composition.rfind(':') + 1)) +
          ", preset>);\n};\n\n";

  const auto prove = [&](const std::string& what, std::int64_t number) {
    text += "static_assert(" + what + " == " + grouped(number, '\'') + ");\n";
  };
  const std::string memory = "using " + name + "_memory = ";
  text += memory + of_library("memory", literal(name), use).laid_out(2, memory.size()) + ";\n\n";
  prove(of_library("parameter_count", literal(name)).on_one_line(), parameters);
  prove(name + "_memory::flash_bytes", 4 * parameters);
  if (!encodes) prove(name + "_memory::state_bytes", state_bytes);
  prove(of_library("flops", literal(name), step).laid_out(2, 40), flops);
  return text;
}

}  // namespace importing
