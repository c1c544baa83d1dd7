// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/gguf_outputs.hpp>
#include <typeformer/hosted/formats/renamed_gguf.hpp>

namespace {

using namespace typeformer;

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

void read(const stored_tensor& tensor) {
  std::vector<float> floats(tensor.element_count());
  demand(read_floats(tensor, floats).has_value() == is_read_as_floats(tensor.dtype));
  std::vector<std::int64_t> integers(tensor.element_count());
  if (read_integers(tensor, integers)) demand(!is_read_as_floats(tensor.dtype));
}

/// Gives tensors with Hugging Face's names those of GGUF.
void name_again(const gguf_file& file, std::span<const stored_tensor> tensors, rotary_order pairs, const char* body) {
  const auto architecture = file.metadata().text("general.architecture");
  const gguf_family* const family = architecture ? family_of_architecture(*architecture, body) : nullptr;
  if (!family) return;
  const gguf_names names{*family, facts_of(file.metadata(), *architecture), pairs};
  const auto outputs = gguf_outputs(tensors, names, *architecture);
  if (!outputs) return demand(!outputs.error().message().empty());
  for (const gguf_output& output : *outputs)
    for (const stored_tensor& part : output.parts) read(part);
}

void read(const gguf_metadata& metadata) {
  for (const gguf_entry& entry : metadata.entries()) {
    demand(metadata.find(entry.key) == &entry.value);
    const gguf_value& value = entry.value;
    const int types = value.text().has_value() + value.boolean().has_value() + value.number().has_value() +
                      value.element_type().has_value();
    demand(types == 1);
    std::size_t elements = 0;
    value.for_each(
        [&](const gguf_value& element) { elements += element.text() || element.boolean() || element.number(); });
    demand(elements == value.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::span<const std::byte> all{reinterpret_cast<const std::byte*>(bytes), size};
  const auto header = gguf_file::view(all, "fuzz", gguf_contents::header);
  const auto file = gguf_file::view(all, "fuzz");
  if (!header) {
    demand(!file && !header.error().message().empty());
    return 0;
  }
  read(header->metadata());
  if (!file) {
    demand(!file.error().message().empty());
    return 0;
  }
  for (const stored_tensor& tensor : file->tensors()) {
    demand(file->find(tensor.name) == &tensor);
    read(tensor);
  }
  for (const rotary_order pairs : {rotary_order::half_split, rotary_order::adjacent})
    for (const char* const body : {"", "roberta", "distilbert"}) {
      const auto other = renamed(*file, pairs, body);
      if (!other) continue;
      for (const stored_tensor& tensor : other->tensors) read(tensor);
      name_again(*file, other->tensors, pairs, body);
    }
  return 0;
}
