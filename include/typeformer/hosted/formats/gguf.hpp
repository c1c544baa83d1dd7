// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/mapped_file.hpp>
#include <typeformer/hosted/formats/gguf_header.hpp>
#include <typeformer/hosted/formats/gguf_metadata.hpp>
#include <typeformer/hosted/formats/read_decoded.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>

namespace typeformer {

/// What a GGUF file must hold to be opened.
enum class gguf_contents {
  everything,
  header  ///< tensors then have no bytes
};

/// An opened GGUF file of version 2 or 3 (ggml, docs/gguf.md and gguf.cpp): metadata, then the tensors, each padded to
/// the file's alignment.
///
/// Everything is validated at opening, so that each tensor's bytes are in the file and have the size of its shape. No
/// tensor is copied: views stay valid while the object, or the one it was moved into, exists. Tensors of types that are
/// not converted (see `read_floats`) are listed, too.
class gguf_file {
 public:
  /// Errors: a file that cannot be read, or that the reference reader rejects.
  TYPEFORMER_RARE static result<gguf_file, file_error> open(const std::string& path,
                                                            gguf_contents contents = gguf_contents::everything) {
    auto mapped = mapped_file::open(path);
    if (!mapped) return failure{mapped.error()};
    gguf_file file;
    file.mapping_ = std::move(*mapped);
    const stored_tensor whole{path, {}, tensor_dtype::u8, {}, file.mapping_.bytes(), file.mapping_.file().descriptor()};
    if (auto read = file.read(whole, contents); !read) return failure{read.error()};
    return result<gguf_file, file_error>(std::move(file));
  }
  /// The same for bytes in memory, which must outlive the object. Errors give `name` as the file.
  TYPEFORMER_RARE static result<gguf_file, file_error> view(std::span<const std::byte> bytes, std::string_view name,
                                                            gguf_contents contents = gguf_contents::everything) {
    gguf_file file;
    if (auto read = file.read({name, {}, tensor_dtype::u8, {}, bytes}, contents); !read) return failure{read.error()};
    return result<gguf_file, file_error>(std::move(file));
  }

  /// The tensors in the file's order. Shapes are row-major: the extents of the file from the last to the first.
  std::span<const stored_tensor> tensors() const { return tensors_.tensors(); }
  /// The tensor of that name, or null.
  const stored_tensor* find(std::string_view name) const { return tensors_.find(name); }
  const gguf_metadata& metadata() const { return metadata_; }
  /// Of the tensors in the file, in bytes.
  std::uint64_t alignment() const { return alignment_; }

 private:
  gguf_file() = default;

  TYPEFORMER_RARE result<void, file_error> read(const stored_tensor& whole, gguf_contents contents) {
    detail::gguf_cursor at{whole};
    detail::gguf_header header;
    if (!header.read(at)) return failure{at.error()};
    const std::uint64_t available = whole.bytes.size() - header.data_begin;
    if (contents == gguf_contents::everything && available < header.data_size)
      return failure{file_error{whole.file,
                                {},
                                "truncated data",
                                detail::joined({detail::digits_of(header.data_size), " bytes"}),
                                detail::digits_of(available)}};
    name_.assign(whole.file.begin(), whole.file.end());
    bytes_ = at.take_bytes();
    alignment_ = header.alignment;
    const std::string_view name{name_.data(), name_.size()};
    list_metadata(name, header);
    extents_.reserve(4 * header.tensors.size());  // tensors view these
    std::vector<stored_tensor> tensors;
    for (const detail::gguf_header::tensor& t : header.tensors) {
      const std::size_t first = extents_.size();
      for (std::uint32_t axis = t.rank; axis > 0; --axis) extents_.push_back(t.extents[axis - 1]);
      stored_tensor tensor{name,
                           detail::gguf_header::view(bytes_.data(), t.name),
                           t.dtype,
                           std::span<const std::int64_t>(extents_).subspan(first),
                           {}};
      if (contents == gguf_contents::everything) {
        tensor.begin_in_file = header.data_begin + t.offset;
        tensor.bytes = whole.bytes.subspan(std::size_t(tensor.begin_in_file), std::size_t(t.size));
        tensor.descriptor = whole.descriptor;
      }
      tensors.push_back(with_order(tensor, {}));
    }
    tensors_ = tensor_list(std::move(tensors));
    return {};
  }

  TYPEFORMER_RARE void list_metadata(std::string_view name, const detail::gguf_header& header) {
    std::vector<gguf_entry> entries;
    for (const detail::gguf_header::entry& e : header.entries)
      entries.push_back({detail::gguf_header::view(bytes_.data(), e.key),
                         gguf_value(e.type, std::span<const std::byte>(bytes_).subspan(std::size_t(e.begin),
                                                                                       std::size_t(e.end - e.begin)))});
    metadata_ = gguf_metadata(name, std::move(entries));
  }

  mapped_file mapping_;
  std::vector<char> name_;  // a vector, because the characters of a short string move with it
  std::vector<std::byte> bytes_;
  std::vector<std::int64_t> extents_;
  std::uint64_t alignment_ = 32;
  gguf_metadata metadata_;
  tensor_list tensors_;
};

}  // namespace typeformer
