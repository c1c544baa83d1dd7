// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/published_file.hpp>
#include <typeformer/hosted/formats/detail/rapidjson_writer.hpp>
#include <typeformer/hosted/formats/safetensors.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>
#include <typeformer/hosted/formats/tensor_to_write.hpp>

namespace typeformer {

using metadata_texts = std::span<const std::pair<std::string_view, std::string_view>>;

namespace detail {

/// The length, the JSON and the spaces that align the data to a multiple of 8 bytes.
TYPEFORMER_RARE inline result<std::string, file_error> safetensors_preamble(const std::string& path,
                                                                            std::span<const described_tensor> tensors,
                                                                            metadata_texts metadata) {
  using validating_writer = rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                                              rapidjson::CrtAllocator, rapidjson::kWriteValidateEncodingFlag>;
  rapidjson::StringBuffer json;
  validating_writer writer(json);
  bool utf8 = true;
  const auto write_text = [&](std::string_view text) {
    utf8 = writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size())) && utf8;
  };
  const auto reject = [&](const described_tensor& tensor, std::string_view problem, std::string_view expected = {},
                          std::string_view found = {}) {
    return failure{file_error{path, tensor.name, problem, expected, found}};
  };

  std::vector<sort_key> names;
  writer.StartObject();
  if (!metadata.empty()) {
    write_text("__metadata__");
    writer.StartObject();
    for (const auto& [key, text] : metadata) write_text(key), write_text(text);
    writer.EndObject();
  }
  std::uint64_t begin = 0;
  std::size_t extents = 0;
  for (const described_tensor& tensor : tensors) {
    extents += tensor.shape.size();
    if (tensor.name == "__metadata__") return reject(tensor, "the name is reserved");
    if (!is_in_safetensors(tensor.dtype))
      return reject(tensor, "safetensors has no such element type", {}, name_of(tensor.dtype));
    const std::optional<std::uint64_t> bytes = bytes_of_shape(tensor.dtype, tensor.shape);
    if (!bytes) return reject(tensor, "the shape has no size in bytes", {}, shape_text(tensor.shape));
    if (*bytes != tensor.size) {
      return reject(tensor, "wrong size for its shape and type", joined({digits_of(*bytes), " bytes"}),
                    digits_of(tensor.size));
    }
    names.push_back({tensor.name, 0, 0, names.size()});
    write_text(tensor.name);
    writer.StartObject();
    write_text("dtype"), write_text(name_of(tensor.dtype));
    write_text("shape"), writer.StartArray();
    for (const std::int64_t extent : tensor.shape) writer.Int64(extent);
    writer.EndArray();
    write_text("data_offsets"), writer.StartArray();
    writer.Uint64(begin), writer.Uint64(begin += tensor.size);
    writer.EndArray();
    writer.EndObject();
    if (!utf8) return reject(tensor, "a name or a metadata text is not UTF-8");
  }
  writer.EndObject();
  if (!utf8) return failure{file_error{path, {}, "a metadata text is not UTF-8"}};
  const auto too_many = [&](std::string_view what, std::size_t found, std::size_t most) {
    return failure{file_error{path,
                              {},
                              joined({"too many ", what, " to be read again"}),
                              joined({"at most ", digits_of(most)}),
                              digits_of(found)}};
  };
  if (metadata.size() > safetensors_most_metadata)
    return too_many("metadata", metadata.size(), safetensors_most_metadata);
  if (extents > safetensors_most_extents) return too_many("extents", extents, safetensors_most_extents);
  std::vector<sort_key> keys;
  for (const auto& [key, text] : metadata) keys.push_back({key, 0, 0, keys.size()});
  sort_and_keep_last(keys), sort_and_keep_last(names);
  if (keys.size() != metadata.size()) return failure{file_error{path, {}, "a key of the metadata is repeated"}};
  if (names.size() != tensors.size()) return failure{file_error{path, {}, "two tensors have one name"}};

  std::string preamble(8, '\0');
  preamble.append(json.GetString(), json.GetSize());
  preamble.resize((preamble.size() + 7) / 8 * 8, ' ');
  const std::uint64_t header_size = preamble.size() - 8;
  if (header_size > safetensors_largest_header) {
    return failure{file_error{path,
                              {},
                              "header too large",
                              joined({"at most ", digits_of(safetensors_largest_header), " bytes"}),
                              digits_of(header_size)}};
  }
  for (std::size_t i = 0; i < 8; ++i)
    preamble[i] = static_cast<char>(static_cast<unsigned char>(header_size >> (8 * i)));
  return result<std::string, file_error>(std::move(preamble));
}

}  // namespace detail

/// Writes a file that replaces `path` once it is complete and on the disk (see `published_file`). After an error, a kill
/// or a loss of power the old file is unchanged.
///
/// `write_tensor(i, file)` writes the bytes of tensor `i` to the file and returns a `result<void, file_error>`; it is
/// called for each in order, so that they need not be in memory together. Precondition: it writes as many as described.
///
/// Errors: sizes that contradict a shape, types that safetensors does not have, two tensors of one name, two texts of
/// one key, names that are not UTF-8, more metadata or extents than the reader accepts, a path that exists and is not a file, whatever
/// `write_tensor` returns, and whatever prevents writing.
template <class WriteTensor>
result<void, file_error> write_safetensors(const std::string& path, std::span<const described_tensor> tensors,
                                           metadata_texts metadata, WriteTensor&& write_tensor) {
  const auto preamble = detail::safetensors_preamble(path, tensors, metadata);
  if (!preamble) return failure{preamble.error()};
  auto file = published_file::create(path);
  if (!file) return failure{file.error()};
  auto written = file->write(*preamble);
  for (std::size_t i = 0; written && i < tensors.size(); ++i) written = write_tensor(i, *file);
  return written ? file->publish() : written;
}

/// The same for tensors in memory, which are not copied.
TYPEFORMER_RARE inline result<void, file_error> write_safetensors(const std::string& path,
                                                                  std::span<const tensor_to_write> tensors,
                                                                  metadata_texts metadata = {}) {
  static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");
  return write_safetensors(path, described(tensors), metadata, [&](std::size_t i, published_file& file) {
    return file.write(tensors[i].bytes.data(), tensors[i].bytes.size());
  });
}

}  // namespace typeformer
