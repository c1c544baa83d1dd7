// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "figures.hpp"
#include "layer_text.hpp"

namespace importing {

/// What is asked of an import: the type's name, and how much its sessions shall hold.
struct import_request {
  std::string name;
  std::int64_t context = 0;  ///< tokens; 0: the model's own context
  std::int64_t batch = 1;    ///< sequences

  std::int64_t context_or(std::int64_t of_model) const { return context > 0 ? context : of_model; }
};

/// What a config.json says, in the terms of the library.
struct imported_model {
  enum class kind { decoder, encoder, encoder_decoder };

  kind is = kind::decoder;
  std::string family;       ///< for sentences
  std::string_view header;  ///< of the preset, in typeformer/models/
  std::string functions;    ///< what stands before the type
  std::string preset;       ///< the preset with its numbers
  layer_text layers;        ///< the same, composed
  bool has_initial_values = false;
  std::int64_t context = 0;  ///< tokens that the model can see
  figures costs;             ///< of what `use` runs once
  tally state;               ///< floats that a session remembers for one sequence of the asked context
  std::int64_t flops_of_an_earlier_token = 0;  ///< 0: not the same for all
};

/// `.layers = 3, .width = 48`, the fields of a preset's numbers.
class preset_fields {
 public:
  preset_fields& with(std::string_view name, std::string_view value) {
    const std::string field = "." + std::string(name) + " = " + std::string(value);
    constexpr std::size_t columns = 112;
    const bool breaks = width_ + field.size() > columns;
    text_ += text_.empty() ? "" : breaks ? ",\n      " : ", ";
    text_ += field;
    width_ = breaks ? 6 + field.size() : width_ + 2 + field.size();
    return *this;
  }
  preset_fields& with(std::string_view name, std::int64_t value) { return with(name, std::to_string(value)); }
  preset_fields& with_flag(std::string_view name, bool value) { return with(name, value ? "true" : "false"); }

  /// The preset of these numbers, as a type.
  std::string preset(std::string_view name, std::string_view arguments = {}) const {
    const std::string library = "typeformer::" + std::string(name);
    return library + "<\n      " + library + "_config{" + text_ + "}" + (arguments.empty() ? "" : ",\n      ") +
           std::string(arguments) + ">";
  }

 private:
  std::string text_;
  std::size_t width_ = 36;  // what stands before the first field
};

}  // namespace importing
