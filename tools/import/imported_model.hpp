// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace importing {

/// The options of an import: the type's name, and the capacities of its sessions.
struct import_request {
  std::string name;
  std::int64_t context = 0;             ///< tokens; 0: the model's own context
  std::int64_t batch = 1;               ///< sequences
  std::string head{};                   ///< the layers after the body of an encoder; empty: as its architecture says
  bool has_pooler = true;               ///< false: the file of a body has none, so that it delivers hidden states
  bool searches_are_published = false;  ///< settings of generation that change every search are rejected

  std::int64_t context_or(std::int64_t of_model) const { return context > 0 ? context : of_model; }
};

/// How the weights are written for a device; see `typeformer-import --help`.
struct image_request {
  bool is_wanted = false;
  std::string format = "f32", golden{}, calibration{}, compiler{};
  std::int64_t lanes = 1;  ///< floats in a vector of the device
};

/// What the header says of a kind of model; `@tokens@` is the requested context.
struct model_kind {
  std::string_view runner, use, capacity, step, work;
};
inline constexpr model_kind decoder{"session", "decoding_with", "typeformer::context<@tokens@>",
                                    "typeformer::tokens<1>, ", "predicts a token"};
inline constexpr model_kind encoder{"forward_pass", "evaluating_with", "typeformer::tokens<@tokens@>", "",
                                    "reads one text"};
inline constexpr model_kind encoder_decoder{"session", "decoding_with",
                                            "typeformer::context<@tokens@>, typeformer::source<@tokens@>",
                                            "typeformer::tokens<1>, ", "reads one source and predicts a token"};
/// Its source is always as long as the model can read.
inline constexpr model_kind speech_recognizer{"session", "decoding_with", "typeformer::context<@tokens@>",
                                              "typeformer::tokens<1>, ", "reads one source and predicts a token"};

/// A preset of the library with the numbers of a config.json.
struct imported_model {
  using member = std::pair<std::string_view, std::string>;  ///< of the preset's configuration, and its value

  model_kind kind;
  std::string_view preset;             ///< `gpt2`: the header in typeformer/models/, and the type
  std::vector<member> members;         ///< in the order of the configuration
  std::vector<std::string> arguments;  ///< of the preset after its configuration
  std::int64_t context = 0;            ///< tokens that the model can see
  std::string_view variant{};          ///< the type if it is another one of that header, such as `bert_body`

  /// The preset as a type, broken into lines.
  std::string type() const {
    const std::string library = "typeformer::" + std::string(preset);
    std::string text =
        "typeformer::" + std::string(variant.empty() ? preset : variant) + "<\n    " + library + "_config{";
    for (const auto& [name, value] : members) {
      const bool is_first = name == members.front().first;
      const std::string part = "." + std::string(name) + " = " + value + ",";
      if (text.size() - text.rfind('\n') + part.size() > 114) text += "\n    ";
      else if (!is_first) text += ' ';
      text += part;
    }
    text.back() = '}';
    for (const std::string& argument : arguments) text += ",\n    " + argument;
    return text + ">";
  }
};

}  // namespace importing
