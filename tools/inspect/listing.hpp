// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "../model_files/opened_model.hpp"
#include "metadata_text.hpp"

namespace inspect {

namespace tf = typeformer;

inline void print(const std::string& line) { std::printf("%s\n", line.c_str()); }

inline std::string families_text(const model_files::opened_model& model) {
  std::vector<std::string_view> names;
  for (const tf::stored_tensor& tensor : model.tensors()) names.push_back(tensor.name);
  std::string text;
  for (const std::string_view family : tf::families_with_names(names, model.gguf.has_value()))
    text += (text.empty() ? "" : ", ") + std::string(family);
  return text.empty() ? "none of those that llama.cpp names" : text;
}

inline void print_metadata(const model_files::opened_model& model) {
  if (model.gguf) {
    for (const tf::gguf_entry& entry : model.gguf->metadata().entries())
      print("metadata    " + tf::printable(entry.key) + " = " + metadata_text(entry.value));
  } else {
    for (const tf::safetensors_file& file : model.checkpoint->files())
      for (const auto& [key, text] : file.metadata())
        print("metadata    " + tf::printable(key) + " = " + tf::quoted_name(text.substr(0, 200)));
  }
  if (!model.config) return;
  for (const char* const key : {"model_type", "architectures.0", "num_hidden_layers", "hidden_size"}) {
    if (const auto text = model.config->text(key))
      print(std::string("config.json ") + key + " = " + tf::quoted_name(*text));
    else if (const auto number = model.config->integer(key))
      print(std::string("config.json ") + key + " = " + std::to_string(*number));
  }
}

/// Everything about a file or folder but its numbers.
inline void print_listing(const model_files::opened_model& model) {
  print("format      " + model.format);
  print("names of    " + families_text(model));
  print_metadata(model);
  std::size_t widest = 0;
  for (const tf::stored_tensor& tensor : model.tensors()) widest = std::max(widest, tf::printable(tensor.name).size());
  std::int64_t parameters = 0;
  std::uint64_t bytes = 0;
  for (const tf::stored_tensor& tensor : model.tensors()) {
    std::string name = tf::printable(tensor.name), type(tf::name_of(tensor.dtype));
    name.resize(std::max(widest, name.size()), ' '), type.resize(std::max<std::size_t>(8, type.size()), ' ');
    print("tensor      " + name + "  " + type + " " + tf::shape_text(tensor.shape));
    std::int64_t elements = 1;
    for (const std::int64_t extent : tensor.shape) elements *= extent;
    parameters += elements;
    bytes += tf::bytes_of_shape(tensor.dtype, tensor.shape).value_or(0);
  }
  print("tensors     " + std::to_string(model.tensors().size()));
  print("parameters  " + std::to_string(parameters));
  print("bytes       " + std::to_string(bytes));
}

}  // namespace inspect
