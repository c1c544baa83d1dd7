// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/gguf_writer.hpp>
#include <typeformer/hosted/formats/safetensors_writer.hpp>

#include "../model_files/opened_model.hpp"
#include "../model_files/progress.hpp"
#include "gguf_settings.hpp"
#include "output_tensors.hpp"

namespace convert {

struct conversion_request {
  std::string from, to;
  std::optional<tf::tensor_dtype> type;
  tf::rotary_order pairs = tf::rotary_order::half_split;
};

inline std::optional<output_format> output_format_of(const std::string& path) {
  if (path.ends_with(".safetensors")) return output_format::safetensors;
  if (path.ends_with(".gguf")) return output_format::gguf;
  if (path.ends_with(".npz")) return output_format::npz;
  return std::nullopt;
}

using outputs = std::vector<output_tensor>;

/// Gives tensors with Hugging Face's names those of llama.cpp. Errors: a tensor that the family does not have.
inline tf::result<void, tf::file_error> rename_for_gguf(outputs& tensors, const tf::gguf_family& family,
                                                        tf::gguf_heads heads, tf::rotary_order pairs) {
  const tf::gguf_names translator{family, heads, true, pairs};
  std::erase_if(tensors, [](const output_tensor& tensor) {
    const bool is_left_out = tf::gguf_names::is_left_out(tensor.name);
    if (is_left_out) std::printf("left out, as llama.cpp does: %s\n", tf::printable(tensor.name).c_str());
    return is_left_out;
  });
  for (output_tensor& tensor : tensors) {
    const tf::stored_tensor& source = tensor.source;
    auto renamed = translator.write(tensor.name, source.shape.empty() ? 1 : source.shape[0]);
    if (!renamed)
      return tf::failure{source.error("llama.cpp has no name for this tensor", {}, std::string(family.architecture))};
    if (renamed->lacks_heads)
      return tf::failure{source.error("its order depends on the number of heads",
                                      "num_attention_heads in config.json that divide its rows",
                                      tf::shape_text(source.shape))};
    tensor.name = std::move(renamed->name);
    const bool is_in_order = source.order == renamed->order;  // rows of llama2.c's files, too
    if (!is_in_order && !source.order.is_plain())
      return tf::failure{source.error("is stored in another order than config.json says", {}, {})};
    tf::stored_order order = is_in_order ? tf::stored_order{} : renamed->order.inverse();
    if (renamed->order.is_transposed && tensor.shape.size() == 2) std::swap(tensor.shape[0], tensor.shape[1]);
    else order.is_transposed = false;
    tensor.source = tf::with_order(source, order);
  }
  return {};
}

/// The metadata and the names of a GGUF file from a model that is none.
inline tf::result<tf::gguf_metadata_builder, tf::file_error> become_gguf(outputs& tensors,
                                                                         const model_files::opened_model& model,
                                                                         const conversion_request& request) {
  if (!model.config) return tf::gguf_metadata_builder{};
  const auto model_type = model.config->text("model_type");
  const tf::gguf_family* const family = model_type ? tf::family_of_model_type(*model_type) : nullptr;
  if (!family) return tf::gguf_metadata_builder{};
  const std::filesystem::path whole = std::filesystem::absolute(request.from).lexically_normal();
  const std::string name = (whole.has_filename() ? whole : whole.parent_path()).stem().string();
  tf::gguf_metadata_builder metadata = gguf_settings(*model.config, *family, name);
  const auto entries = metadata.entries();
  const tf::gguf_heads heads = tf::heads_of({request.to, entries}, family->architecture);
  if (auto renamed = rename_for_gguf(tensors, *family, heads, request.pairs); !renamed)
    return tf::failure{renamed.error()};
  return metadata;
}

inline tf::result<void, tf::file_error> write_outputs(const std::string& path, output_format format,
                                                      const outputs& tensors,
                                                      const tf::gguf_metadata_builder& metadata) {
  std::vector<tf::described_tensor> list;
  for (const output_tensor& tensor : tensors) list.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.size});
  model_files::progress shown{"written", tensors.size()};
  const auto next_bytes = [&](std::size_t i) {
    shown.step();
    return bytes_of(tensors[i]);
  };
  const auto write_tensor = [&](std::size_t i, tf::published_file& file) -> tf::result<void, tf::file_error> {
    const auto bytes = next_bytes(i);
    if (!bytes) return tf::failure{bytes.error()};
    return file.write(bytes->data(), bytes->size());
  };
  if (format == output_format::npz) return tf::write_npz(path, list, next_bytes);
  if (format == output_format::gguf) return tf::write_gguf(path, list, metadata.entries(), write_tensor);
  const std::pair<std::string_view, std::string_view> format_text{"format", "pt"};
  return tf::write_safetensors(path, list, {&format_text, 1}, write_tensor);
}

/// Errors: the input cannot be read, the output cannot hold it, a number that the type cannot hold, and whatever prevents
/// writing; then the output is as it was.
inline tf::result<outputs, tf::file_error> convert_model(const conversion_request& request, output_format format) {
  const auto model = model_files::open_model(request.from, tf::gguf_contents::everything, request.pairs);
  if (!model) return tf::failure{model.error()};
  const bool keeps_names = model->gguf && format == output_format::gguf;
  outputs tensors;
  for (const tf::stored_tensor& tensor : keeps_names ? model->gguf->tensors() : model->checkpoint->tensors())
    tensors.push_back({tensor, std::string(tensor.name), {tensor.shape.begin(), tensor.shape.end()}});
  tf::gguf_metadata_builder metadata;
  if (keeps_names) {
    metadata.set_all(model->gguf->metadata().entries());
  } else if (format == output_format::gguf) {
    auto made = become_gguf(tensors, *model, request);
    if (!made) return tf::failure{made.error()};
    metadata = std::move(*made);
  }
  if (request.type && format == output_format::gguf) tell_type(metadata, *request.type);
  for (output_tensor& tensor : tensors) {
    tensor.dtype = output_dtype(tensor, format, request.type);
    const auto size = tf::bytes_of_shape(tensor.dtype, tensor.shape);
    if (!size)
      return tf::failure{tensor.source.error("the shape has no size in bytes", std::string(tf::name_of(tensor.dtype)),
                                             tf::shape_text(tensor.shape))};
    tensor.size = *size;
  }
  if (auto written = write_outputs(request.to, format, tensors, metadata); !written)
    return tf::failure{written.error()};
  return tensors;
}

}  // namespace convert
