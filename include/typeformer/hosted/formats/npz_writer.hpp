// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/published_file.hpp>
#include <typeformer/hosted/formats/crc32.hpp>
#include <typeformer/hosted/formats/gguf_writer.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>
#include <typeformer/hosted/formats/tensor_to_write.hpp>

namespace typeformer {

/// NumPy's name of an element type; empty: it has none.
constexpr std::string_view numpy_type_of(tensor_dtype dtype) {
  switch (dtype) {
    case tensor_dtype::boolean: return "|b1";
    case tensor_dtype::u8: return "|u1";
    case tensor_dtype::i8: return "|i1";
    case tensor_dtype::u16: return "<u2";
    case tensor_dtype::i16: return "<i2";
    case tensor_dtype::u32: return "<u4";
    case tensor_dtype::i32: return "<i4";
    case tensor_dtype::u64: return "<u8";
    case tensor_dtype::i64: return "<i8";
    case tensor_dtype::f16: return "<f2";
    case tensor_dtype::f32: return "<f4";
    case tensor_dtype::f64: return "<f8";
    case tensor_dtype::c64: return "<c8";
    default: return {};
  }
}

namespace detail {

/// What is before the elements in a `.npy` file (numpy, lib/format.py, version 1.0).
TYPEFORMER_RARE inline std::string npy_preamble(const described_tensor& tensor) {
  std::string shape;
  for (const std::int64_t extent : tensor.shape) shape += joined({digits_of(std::uint64_t(extent)), ", "});
  if (tensor.shape.size() > 1) shape.resize(shape.size() - 2);
  std::string header =
      joined({"{'descr': '", numpy_type_of(tensor.dtype), "', 'fortran_order': False, 'shape': (", shape, "), }"});
  constexpr std::size_t before = 10, alignment = 64;
  header.resize((before + header.size() + alignment) / alignment * alignment - before - 1, ' ');
  header += '\n';
  std::string bytes = "\x93NUMPY";
  append(bytes, std::uint8_t{1}), append(bytes, std::uint8_t{0}), append(bytes, std::uint16_t(header.size()));
  return bytes += header;
}

/// A file in a zip archive, stored as it is. Sizes and places from 4 GiB on are in an extra field (PKWARE, APPNOTE.TXT,
/// 4.5.3).
struct zip_entry {
  std::string name;
  std::uint32_t checksum = 0;
  std::uint64_t size = 0, begin = 0;

  static constexpr std::uint64_t wide = 0xffffffff;

  /// The header before the file, or its entry in the directory at the end.
  TYPEFORMER_RARE std::string header(bool is_in_directory) const {
    const bool has_wide_size = size >= wide, has_wide_begin = is_in_directory && begin >= wide;
    std::string extra;
    if (has_wide_size || has_wide_begin) {
      append(extra, std::uint16_t{1}), append(extra, std::uint16_t(has_wide_size * 16 + has_wide_begin * 8));
      if (has_wide_size) append(extra, size), append(extra, size);
      if (has_wide_begin) append(extra, begin);
    }
    constexpr std::uint16_t version = 45, first_of_january_1980 = 0x21, names_are_utf8 = 1 << 11;
    std::string bytes;
    append(bytes, is_in_directory ? std::uint32_t{0x02014b50} : std::uint32_t{0x04034b50});
    if (is_in_directory) append(bytes, version);
    append(bytes, version), append(bytes, names_are_utf8), append(bytes, std::uint16_t{0});
    append(bytes, std::uint16_t{0}), append(bytes, first_of_january_1980), append(bytes, checksum);
    const auto stored_size = std::uint32_t(has_wide_size ? wide : size);
    append(bytes, stored_size), append(bytes, stored_size);
    append(bytes, std::uint16_t(name.size())), append(bytes, std::uint16_t(extra.size()));
    if (is_in_directory) {
      bytes.append(10, '\0');  // comment, disk, attributes
      append(bytes, std::uint32_t(has_wide_begin ? wide : begin));
    }
    return bytes += name + extra;
  }
};

TYPEFORMER_RARE inline std::string zip_ending(const std::vector<zip_entry>& entries, std::uint64_t begin) {
  std::string bytes;
  for (const zip_entry& entry : entries) bytes += entry.header(true);
  const std::uint64_t size = bytes.size(), count = entries.size(), end = begin + size;
  if (begin >= zip_entry::wide || count >= 0xffff) {
    append(bytes, std::uint32_t{0x06064b50}), append(bytes, std::uint64_t{44});
    append(bytes, std::uint16_t{45}), append(bytes, std::uint16_t{45}), append(bytes, std::uint64_t{0});
    append(bytes, count), append(bytes, count), append(bytes, size), append(bytes, begin);
    append(bytes, std::uint32_t{0x07064b50}), append(bytes, std::uint32_t{0}), append(bytes, end);
    append(bytes, std::uint32_t{1});
  }
  append(bytes, std::uint32_t{0x06054b50}), append(bytes, std::uint32_t{0});
  const auto shown = std::uint16_t(count < 0xffff ? count : 0xffff);
  append(bytes, shown), append(bytes, shown);
  append(bytes, std::uint32_t(size < zip_entry::wide ? size : zip_entry::wide));
  append(bytes, std::uint32_t(begin < zip_entry::wide ? begin : zip_entry::wide));
  append(bytes, std::uint16_t{0});
  return bytes;
}

TYPEFORMER_RARE inline result<void, file_error> check_npz(const std::string& path,
                                                          std::span<const described_tensor> tensors) {
  std::vector<sort_key> names;
  for (const described_tensor& tensor : tensors) {
    const auto reject = [&](std::string_view problem, std::string_view found) {
      return failure{file_error{path, tensor.name, problem, {}, found}};
    };
    constexpr std::size_t longest_name = 60'000, largest_rank = 32;
    if (tensor.name.size() > longest_name || tensor.name.find('\0') != tensor.name.npos)
      return reject("a zip file cannot hold this name", {});
    if (numpy_type_of(tensor.dtype).empty()) return reject("NumPy has no such element type", name_of(tensor.dtype));
    if (tensor.shape.size() > largest_rank) return reject("too many dimensions for NumPy", shape_text(tensor.shape));
    if (bytes_of_shape(tensor.dtype, tensor.shape) != tensor.size)
      return reject("wrong size for its shape and type", shape_text(tensor.shape));
    names.push_back({tensor.name, 0, 0, names.size()});
  }
  sort_and_keep_last(names);
  if (names.size() == tensors.size()) return {};
  return failure{file_error{path, {}, "two tensors have one name"}};
}

}  // namespace detail

/// Writes tensors as NumPy's `.npz`: a zip file, not compressed, of one `.npy` file each, that replaces `path` once it is
/// complete and on the disk (see `published_file`). Equal tensors give equal bytes.
///
/// `bytes_of(i)` returns a `result` with the elements of tensor `i` in a range of bytes; it is called for each in order.
/// Precondition: they are as many as described.
///
/// Errors: element types that NumPy does not have (BF16, F8, block formats), sizes that contradict a shape, two tensors
/// of one name, whatever `bytes_of` returns, and whatever prevents writing.
template <class BytesOf>
result<void, file_error> write_npz(const std::string& path, std::span<const described_tensor> tensors,
                                   BytesOf&& bytes_of) {
  if (auto checked = detail::check_npz(path, tensors); !checked) return checked;
  auto file = published_file::create(path);
  if (!file) return failure{file.error()};
  std::vector<detail::zip_entry> entries;
  std::uint64_t at = 0;
  result<void, file_error> written{};
  for (std::size_t i = 0; written && i < tensors.size(); ++i) {
    const auto bytes = bytes_of(i);
    if (!bytes) return failure{bytes.error()};
    const std::span<const std::byte> data(*bytes);
    const std::string preamble = detail::npy_preamble(tensors[i]);
    const std::uint32_t checksum = detail::crc32(data, detail::crc32(std::as_bytes(std::span(preamble))));
    entries.push_back({std::string(tensors[i].name) + ".npy", checksum, preamble.size() + data.size(), at});
    const std::string header = entries.back().header(false);
    at += header.size() + entries.back().size;
    written = file->write(header + preamble);
    if (written) written = file->write(data.data(), data.size());
  }
  if (written) written = file->write(detail::zip_ending(entries, at));
  return written ? file->publish() : written;
}

}  // namespace typeformer
