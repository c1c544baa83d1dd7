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
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/files/mapped_file.hpp>
#include <typeformer/hosted/formats/read_tensor.hpp>
#include <typeformer/hosted/formats/safetensors_header.hpp>
#include <typeformer/hosted/formats/safetensors_header_events.hpp>
#include <typeformer/hosted/formats/stored_tensor.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>

namespace typeformer {

/// The reference reader's limit (tensor.rs, `MAX_HEADER_SIZE`).
inline constexpr std::uint64_t safetensors_largest_header = 100'000'000;

/// An opened safetensors file: 8 bytes of header length, a JSON header, then the tensors without gap or overlap
/// (huggingface/safetensors, README and tensor.rs).
///
/// Everything is validated at opening, so that each tensor's bytes are in the file and have the size of its shape. No
/// tensor is copied: views stay valid while the object, or the one it was moved into, exists.
class safetensors_file {
 public:
  /// Errors: a file that cannot be read, or that the reference reader rejects.
  TYPEFORMER_RARE static result<safetensors_file, file_error> open(const std::string& path) {
    auto mapped = mapped_file::open(path);
    if (!mapped) return failure{mapped.error()};
    return read(std::move(*mapped), path, {});
  }

  /// The same for bytes in memory, which must outlive the object. Errors give `name` as the file.
  TYPEFORMER_RARE static result<safetensors_file, file_error> view(std::span<const std::byte> bytes,
                                                                   std::string_view name) {
    return read(mapped_file{}, name, bytes);
  }

  TYPEFORMER_RARE safetensors_file(safetensors_file&& other) noexcept
      : mapping_(std::move(other.mapping_)),
        header_(std::move(other.header_)),
        metadata_(std::move(other.metadata_)),
        tensors_(std::move(other.tensors_)) {}
  safetensors_file& operator=(safetensors_file&&) = default;
  TYPEFORMER_RARE ~safetensors_file() {}

  /// The tensors in the order of their data.
  std::span<const stored_tensor> tensors() const { return tensors_.tensors(); }
  /// The tensor of that name, or null.
  const stored_tensor* find(std::string_view name) const { return tensors_.find(name); }
  /// Keys and texts of `__metadata__`, sorted by key.
  std::span<const std::pair<std::string_view, std::string_view>> metadata() const { return metadata_; }

 private:
  TYPEFORMER_RARE safetensors_file() {}

  TYPEFORMER_RARE static result<safetensors_file, file_error> read(mapped_file mapping, std::string_view name,
                                                                   std::span<const std::byte> bytes) {
    safetensors_file file;
    file.mapping_ = std::move(mapping);
    stored_tensor whole{name, {}, tensor_dtype::u8, {}, bytes};
    if (bytes.data() == nullptr) {
      whole.bytes = file.mapping_.bytes();
      whole.descriptor = file.mapping_.file().descriptor();
    }
    if (auto parsed = file.parse(whole); !parsed) return failure{parsed.error()};
    return result<safetensors_file, file_error>(std::move(file));
  }

  TYPEFORMER_RARE result<void, file_error> parse(const stored_tensor& whole) {
    const std::string_view name = whole.file;
    const auto reject = [&](std::string_view problem, std::string_view expected, std::uint64_t found) {
      return failure{file_error{name, {}, problem, detail::joined({expected, " bytes"}), detail::digits_of(found)}};
    };
    if (whole.bytes.size() < 8) return reject("header too small", "at least 8", whole.bytes.size());
    std::byte digits[8];
    if (auto read = detail::copy_bytes(whole, 0, digits); !read) return read;
    const auto size = detail::read_little_endian<std::uint64_t>(digits);
    if (size > safetensors_largest_header) return reject("header too large", "at most 100000000", size);
    if (size > whole.bytes.size() - 8)
      return reject("truncated header", detail::digits_of(size), whole.bytes.size() - 8);
    std::vector<std::byte> json(static_cast<std::size_t>(size));
    if (auto read = detail::copy_bytes(whole, 8, json); !read) return read;

    safetensors_header_events events;
    const auto parsed = parse_json({reinterpret_cast<const char*>(json.data()), json.size()}, events);
    if (!parsed) {
      const json_error& cause = parsed.error();
      return failure{file_error{
          name, events.current_tensor(),
          detail::joined({"invalid header: ", cause.problem, " (byte ", detail::digits_of(cause.offset + 8), ")"})}};
    }
    header_ = std::move(events.header);
    const text_pool::range file = header_.texts.add(name);
    list_metadata();
    stored_tensor data = whole;
    data.file = header_.texts.view(file);
    data.bytes = whole.bytes.subspan(8 + json.size());
    data.begin_in_file = 8 + json.size();
    return list_tensors(data);
  }

  TYPEFORMER_RARE result<void, file_error> list_tensors(const stored_tensor& all) {
    const std::string_view file = all.file;
    const std::span<const std::byte> data = all.bytes;
    std::vector<stored_tensor> tensors;
    std::uint64_t expected_begin = 0;
    for (const detail::sort_key& key : entries_by_offset()) {
      const safetensors_header::entry& entry = header_.entries[key.position];
      stored_tensor tensor{file,
                           header_.texts.view(entry.name),
                           entry.dtype,
                           {header_.extents.data() + entry.first_extent, entry.rank},
                           {},
                           all.descriptor,
                           all.begin_in_file + entry.begin};
      if (auto checked = check(tensor, entry, expected_begin, data.size()); !checked) return checked;
      tensor.bytes =
          data.subspan(static_cast<std::size_t>(entry.begin), static_cast<std::size_t>(entry.end - entry.begin));
      tensors.push_back(tensor);
      expected_begin = entry.end;
    }
    if (expected_begin != data.size()) {
      return failure{file_error{file,
                                {},
                                "data after the last tensor",
                                detail::joined({detail::digits_of(expected_begin), " bytes"}),
                                detail::digits_of(data.size())}};
    }
    tensors_ = tensor_list(std::move(tensors));
    return {};
  }

  TYPEFORMER_RARE static result<void, file_error> check(const stored_tensor& tensor,
                                                        const safetensors_header::entry& entry,
                                                        std::uint64_t expected_begin, std::uint64_t data_size) {
    using detail::digits_of, detail::joined;
    if (entry.begin != expected_begin || entry.end < entry.begin) {
      return failure{tensor.error("wrong data_offsets: tensors leave a gap or overlap",
                                  joined({"begin ", digits_of(expected_begin)}),
                                  joined({"[", digits_of(entry.begin), ", ", digits_of(entry.end), "]"}))};
    }
    std::uint64_t elements = 1, bits = 0;
    bool overflows = false;
    for (const std::int64_t extent : tensor.shape) {
      overflows = overflows || __builtin_mul_overflow(elements, static_cast<std::uint64_t>(extent), &elements);
    }
    if (overflows || __builtin_mul_overflow(elements, block_of(entry.dtype).bits, &bits)) {
      return failure{tensor.error("shape overflows", {}, shape_text(tensor.shape))};
    }
    if (bits % 8 != 0) {
      return failure{tensor.error("does not end on a whole byte", {}, joined({digits_of(bits), " bits"}))};
    }
    if (entry.end - entry.begin != bits / 8) {
      return failure{tensor.error("wrong data_offsets for its shape and type", joined({digits_of(bits / 8), " bytes"}),
                                  digits_of(entry.end - entry.begin))};
    }
    if (entry.end > data_size) {
      return failure{tensor.error("truncated data", joined({digits_of(entry.end), " bytes"}), digits_of(data_size))};
    }
    return {};
  }

  // Of a repeated name the last entry counts, as in the reference's map.
  TYPEFORMER_RARE std::vector<detail::sort_key> entries_by_offset() const {
    std::vector<detail::sort_key> keys;
    for (const auto& entry : header_.entries) keys.push_back({header_.texts.view(entry.name), 0, 0, keys.size()});
    detail::sort_and_keep_last(keys);
    for (auto& key : keys) {
      const safetensors_header::entry& entry = header_.entries[key.position];
      key = {{}, entry.begin, entry.end, key.position};
    }
    detail::sort_keys(keys);
    return keys;
  }

  TYPEFORMER_RARE void list_metadata() {
    std::vector<detail::sort_key> keys;
    for (const auto& entry : header_.metadata) keys.push_back({header_.texts.view(entry.key), 0, 0, keys.size()});
    detail::sort_and_keep_last(keys);
    for (const auto& key : keys) {
      metadata_.push_back({key.name, header_.texts.view(header_.metadata[key.position].text)});
    }
  }

  mapped_file mapping_;
  safetensors_header header_;
  std::vector<std::pair<std::string_view, std::string_view>> metadata_;
  tensor_list tensors_;
};

}  // namespace typeformer
