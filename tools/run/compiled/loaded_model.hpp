// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace typeformer {
struct parameter_layout;
struct file_names;
}  // namespace typeformer

/// What typeformer-run and the models that it compiles know of one another. A model is compiled with other flags than the
/// program, and with as little as it can be: what depends on no model is in the program.
namespace running {

enum class model_kind { decoder, encoder, encoder_decoder };

/// Rows of numbers. Without rows a model has no such output.
struct number_rows {
  std::int64_t width = 0;
  std::vector<float> numbers;

  std::int64_t count() const { return width > 0 ? std::int64_t(numbers.size()) / width : 0; }
  std::span<const float> row(std::int64_t i) const {
    return std::span(numbers).subspan(std::size_t(i * width), std::size_t(width));
  }
};

/// What an encoder computes of a text.
struct encoded_text {
  number_rows tokens, sequences;
};

struct model_facts {
  model_kind kind = model_kind::decoder;
  std::int64_t vocabulary = 0;
  std::int64_t context = 0;   ///< tokens that are held
  std::int64_t source = 0;    ///< tokens of a source that are held
  std::int64_t segments = 1;  ///< that the model tells apart
};

/// A model with its weights. Each function returns why it failed; an empty text if it did not.
class loaded_model {
 public:
  virtual ~loaded_model() = default;
  virtual model_facts facts() const = 0;

  /// Starts a text; for an encoder-decoder it is that of a source.
  virtual std::string start(std::span<const std::int32_t> source) = 0;
  /// Takes the next tokens. `logits` are those of the last one, until the next call.
  virtual std::string take(std::span<const std::int32_t> ids, std::span<const float>& logits) = 0;

  /// What an encoder computes of a text. `segments` may be empty.
  virtual std::string encode(std::span<const std::int32_t> ids, std::span<const std::int32_t> segments,
                             encoded_text& output) = 0;
};

/// Reads the parameters at a path, in canonical order. The file of a body may hold heads, which are left out. Returns why
/// it failed; an empty text if it did not.
using parameter_reader = std::string(const char* path, const typeformer::parameter_layout& layout,
                                     const typeformer::file_names& names, float* canonical, bool is_body);

/// The function that a compiled model has under the name `loading_function`: the model with the weights at `path`, or
/// null and why.
using load_model = loaded_model*(const char* path, parameter_reader* read, std::string& problem);
inline constexpr const char* loading_function = "typeformer_load_model";

}  // namespace running
