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
  bool searches_are_published = false;  ///< settings of generation that change every search are rejected

  std::int64_t context_or(std::int64_t of_model) const { return context > 0 ? context : of_model; }
};

enum class model_kind { decoder, encoder, encoder_decoder };

/// A preset of the library with the numbers of a config.json.
struct imported_model {
  model_kind kind = model_kind::decoder;
  std::string_view title;   ///< for people
  std::string_view preset;  ///< `gpt2`: the header in typeformer/models/, and the type
  std::vector<std::pair<std::string_view, std::string>> members;  ///< of the preset's configuration, in their order
  std::vector<std::string> arguments;                             ///< of the preset after its configuration
  std::int64_t context = 0;                                       ///< tokens that the model can see

  /// The preset as a type, broken into lines.
  std::string type() const {
    const std::string library = "typeformer::" + std::string(preset);
    std::string text = library + "<\n    " + library + "_config{";
    std::size_t begin = text.rfind('\n');
    for (const auto& [member, value] : members) {
      if (text.size() - begin + member.size() + value.size() > 110) begin = (text += "\n   ").rfind('\n');
      if (member != members.front().first) text += ' ';
      text.append(".").append(member).append(" = ").append(value).append(member == members.back().first ? "}" : ",");
    }
    for (const std::string& argument : arguments) text.append(",\n    ").append(argument);
    return text.append(">");
  }
};

}  // namespace importing
