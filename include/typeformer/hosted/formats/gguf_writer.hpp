// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/published_file.hpp>
#include <typeformer/hosted/formats/ggml_type.hpp>
#include <typeformer/hosted/formats/gguf_metadata.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>
#include <typeformer/hosted/formats/tensor_to_write.hpp>

namespace typeformer {

namespace detail {

template <class Number> void append(std::string& bytes, Number number) {
  static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");
  char copy[sizeof number];
  std::memcpy(copy, &number, sizeof number);
  bytes.append(copy, sizeof copy);
}

/// Errors: `general.alignment` is no number or no power of two.
TYPEFORMER_RARE inline result<std::uint64_t, file_error> gguf_alignment(const std::string& path,
                                                                        std::span<const gguf_entry> metadata) {
  for (const gguf_entry& entry : metadata) {
    if (entry.key != "general.alignment") continue;
    const std::int64_t alignment = entry.value.integer().value_or(0);
    if (entry.value.type() == gguf_type::uint32 && std::has_single_bit(static_cast<std::uint64_t>(alignment)))
      return static_cast<std::uint64_t>(alignment);
    return failure{file_error{path, {}, "wrong general.alignment", "a power of two as u32"}};
  }
  return std::uint64_t{32};
}

/// What is before the data, with the padding.
TYPEFORMER_RARE inline result<std::string, file_error> gguf_preamble(const std::string& path,
                                                                     std::span<const described_tensor> tensors,
                                                                     std::span<const gguf_entry> metadata,
                                                                     std::uint64_t alignment) {
  const auto reject = [&](std::string_view name, std::string_view problem, std::string_view expected = {},
                          std::string_view found = {}) {
    return failure{file_error{path, name, problem, expected, found}};
  };
  std::string bytes = "GGUF";
  append(bytes, std::uint32_t{3}), append(bytes, std::uint64_t(tensors.size()));
  append(bytes, std::uint64_t(metadata.size()));
  std::vector<sort_key> keys, names;
  for (const gguf_entry& entry : metadata) {
    if (entry.key.empty()) return reject({}, "a key of the metadata is empty");
    keys.push_back({entry.key, 0, 0, keys.size()});
    append(bytes, std::uint64_t(entry.key.size())), bytes.append(entry.key);
    append(bytes, static_cast<std::uint32_t>(entry.value.type()));
    const auto value = entry.value.encoded();
    bytes.append(reinterpret_cast<const char*>(value.data()), value.size());
  }
  std::uint64_t offset = 0;
  for (const described_tensor& tensor : tensors) {
    constexpr std::size_t longest_name = 63, largest_rank = 4;
    if (tensor.name.size() > longest_name || tensor.name.find('\0') != tensor.name.npos)
      return reject(tensor.name, "GGUF cannot hold this name", "at most 63 bytes, none of them 0",
                    digits_of(tensor.name.size()));
    if (tensor.shape.size() > largest_rank)
      return reject(tensor.name, "too many dimensions for GGUF", "at most 4", digits_of(tensor.shape.size()));
    const auto type = ggml_type_of(tensor.dtype);
    if (!type) return reject(tensor.name, "GGUF has no such element type", {}, name_of(tensor.dtype));
    const auto size = bytes_of_shape(tensor.dtype, tensor.shape);
    if (!size || *size != tensor.size)
      return reject(tensor.name, "wrong size for its shape and type",
                    size ? joined({digits_of(*size), " bytes"}) : std::string("whole blocks in each row"),
                    joined({digits_of(tensor.size), " bytes for ", shape_text(tensor.shape)}));
    names.push_back({tensor.name, 0, 0, names.size()});
    append(bytes, std::uint64_t(tensor.name.size())), bytes.append(tensor.name);
    append(bytes, static_cast<std::uint32_t>(tensor.shape.size()));
    for (std::size_t axis = tensor.shape.size(); axis > 0; --axis) append(bytes, tensor.shape[axis - 1]);
    append(bytes, *type), append(bytes, offset);
    offset += tensor.size + (0 - tensor.size) % alignment;
  }
  sort_and_keep_last(keys), sort_and_keep_last(names);
  if (keys.size() != metadata.size()) return reject({}, "a key of the metadata is repeated");
  if (names.size() != tensors.size()) return reject({}, "two tensors have one name");
  bytes.append((0 - bytes.size()) % alignment, '\0');
  return result<std::string, file_error>(std::move(bytes));
}

}  // namespace detail

/// Writes a GGUF file of version 3 that replaces `path` once it is complete and on the disk (see `published_file`).
///
/// `write_tensor(i, file)` writes the bytes of tensor `i` to the file and returns a `result<void, file_error>`; it is
/// called for each in order, so that they need not be in memory together. Precondition: it writes as many as described.
/// The alignment is that of `general.alignment` in the metadata, or 32.
///
/// Errors: sizes that contradict a shape, types, names and shapes that GGUF does not have, two tensors or keys of one
/// name, whatever `write_tensor` returns, and whatever prevents writing.
template <class WriteTensor>
result<void, file_error> write_gguf(const std::string& path, std::span<const described_tensor> tensors,
                                    std::span<const gguf_entry> metadata, WriteTensor&& write_tensor) {
  const auto alignment = detail::gguf_alignment(path, metadata);
  if (!alignment) return failure{alignment.error()};
  const auto preamble = detail::gguf_preamble(path, tensors, metadata, *alignment);
  if (!preamble) return failure{preamble.error()};
  auto file = published_file::create(path);
  if (!file) return failure{file.error()};
  const std::string zeros(static_cast<std::size_t>(*alignment), '\0');
  auto written = file->write(*preamble);
  for (std::size_t i = 0; written && i < tensors.size(); ++i) {
    written = write_tensor(i, *file);
    if (written) written = file->write(zeros.data(), static_cast<std::size_t>((0 - tensors[i].size) % *alignment));
  }
  return written ? file->publish() : written;
}

/// The same for tensors in memory.
TYPEFORMER_RARE inline result<void, file_error> write_gguf(const std::string& path,
                                                           std::span<const tensor_to_write> tensors,
                                                           std::span<const gguf_entry> metadata = {}) {
  return write_gguf(path, described(tensors), metadata, [&](std::size_t i, published_file& file) {
    return file.write(tensors[i].bytes.data(), tensors[i].bytes.size());
  });
}

}  // namespace typeformer
