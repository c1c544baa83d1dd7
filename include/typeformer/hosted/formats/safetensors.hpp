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
#include <typeformer/hosted/formats/file_error.hpp>
#include <typeformer/hosted/formats/safetensors_header.hpp>
#include <typeformer/hosted/formats/stored_tensor.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>
#include <typeformer/hosted/mapped_file.hpp>

namespace typeformer {

/// The reference reader's limit (tensor.rs, `MAX_HEADER_SIZE`).
inline constexpr std::uint64_t safetensors_largest_header = 100'000'000;

/// An opened safetensors file: 8 bytes of header length, a JSON header, then the tensors without gap or overlap
/// (huggingface/safetensors, README and tensor.rs).
///
/// Everything is validated at opening, so that each tensor's bytes lie in the file and have the size of its shape. No
/// tensor is copied: views stay valid while the object, or the one it was moved into, lives.
class safetensors_file {
 public:
  /// Errors: unreadable file, or what the reference reader refuses.
  [[gnu::cold]] static result<safetensors_file, file_error> open(const std::string& path) {
    auto mapped = mapped_file::open(path);
    if (!mapped) return failure{mapped.error()};
    safetensors_file file;
    file.mapping_ = std::move(*mapped);
    const auto bytes = file.mapping_.bytes();
    return read(std::move(file), path, bytes);
  }

  /// The same for bytes in memory, which must outlive the object; `name` stands for the file in errors.
  [[gnu::cold]] static result<safetensors_file, file_error> view(std::span<const std::byte> bytes, std::string_view name) {
    return read(safetensors_file{}, name, bytes);
  }

  /// The tensors in the order of their data.
  std::span<const stored_tensor> tensors() const { return tensors_.tensors(); }
  /// The tensor of that name, or null.
  const stored_tensor* find(std::string_view name) const { return tensors_.find(name); }
  /// Keys and texts of `__metadata__`, sorted by key.
  std::span<const std::pair<std::string_view, std::string_view>> metadata() const { return metadata_; }

 private:
  safetensors_file() = default;

  [[gnu::cold]] static result<safetensors_file, file_error> read(safetensors_file file, std::string_view name,
                                                                 std::span<const std::byte> bytes) {
    file.name_.assign(name.begin(), name.end());
    const auto refuse = [&](std::string problem, std::string expected, std::string found) {
      return failure{file_error{std::string(name), {}, std::move(problem), std::move(expected), std::move(found)}};
    };
    if (bytes.size() < 8) return refuse("header too small", "at least 8 bytes", std::to_string(bytes.size()));
    const auto header_size = detail::read_little_endian<std::uint64_t>(bytes.data());
    if (header_size > safetensors_largest_header) {
      return refuse("header too large", "at most " + std::to_string(safetensors_largest_header) + " bytes",
                    std::to_string(header_size));
    }
    const auto after_length = bytes.subspan(8);
    if (header_size > after_length.size()) {
      return refuse("truncated header", std::to_string(header_size) + " bytes", std::to_string(after_length.size()));
    }
    const auto json = after_length.first(static_cast<std::size_t>(header_size));
    const auto data = after_length.subspan(static_cast<std::size_t>(header_size));

    safetensors_header_events events;
    const auto parsed = parse_json({reinterpret_cast<const char*>(json.data()), json.size()}, events);
    if (!parsed) {
      const json_error& cause = parsed.error();
      return failure{file_error{std::string(name), std::string(events.current_tensor()),
                                "invalid header: " + cause.problem + " (byte " + std::to_string(cause.offset + 8) + ')',
                                {}, {}}};
    }
    file.header_ = std::move(events.header);
    file.list_metadata();
    if (auto listed = file.list_tensors(data); !listed) return failure{listed.error()};
    return result<safetensors_file, file_error>(std::move(file));
  }

  [[gnu::cold]] result<void, file_error> list_tensors(std::span<const std::byte> data) {
    const std::vector<detail::sort_key> order = entries_by_offset();
    std::vector<stored_tensor> tensors;
    tensors.reserve(order.size());
    std::uint64_t expected_begin = 0;
    for (const detail::sort_key& key : order) {
      const safetensors_header::entry& entry = header_.entries[key.position];
      stored_tensor tensor{{name_.data(), name_.size()}, header_.view(entry.name), entry.dtype,
                           {header_.extents.data() + entry.first_extent, entry.rank}, {}};
      if (entry.begin != expected_begin || entry.end < entry.begin) {
        return failure{tensor.error("wrong data_offsets: tensors leave a gap or overlap",
                                    "begin " + std::to_string(expected_begin), range_text(entry))};
      }
      std::uint64_t bits = bits_of(entry.dtype), elements = 1;
      for (const std::int64_t extent : tensor.shape) {
        if (__builtin_mul_overflow(elements, static_cast<std::uint64_t>(extent), &elements)) return overflow(tensor);
      }
      if (__builtin_mul_overflow(bits, elements, &bits)) return overflow(tensor);
      if (bits % 8 != 0) return failure{tensor.error("does not end on a whole byte", {}, std::to_string(bits) + " bits")};
      if (entry.end - entry.begin != bits / 8) {
        return failure{tensor.error("wrong data_offsets for its shape and type", std::to_string(bits / 8) + " bytes",
                                    std::to_string(entry.end - entry.begin))};
      }
      if (entry.end > data.size()) {
        return failure{tensor.error("truncated data", std::to_string(entry.end) + " bytes", std::to_string(data.size()))};
      }
      tensor.bytes = data.subspan(static_cast<std::size_t>(entry.begin), static_cast<std::size_t>(bits / 8));
      tensors.push_back(tensor);
      expected_begin = entry.end;
    }
    if (expected_begin != data.size()) {
      return failure{file_error{std::string(name_.data(), name_.size()), {}, "data after the last tensor",
                                std::to_string(expected_begin) + " bytes", std::to_string(data.size())}};
    }
    tensors_ = tensor_list(std::move(tensors));
    return {};
  }

  // A repeated name means its last entry, as in the reference's map.
  [[gnu::cold]] std::vector<detail::sort_key> entries_by_offset() const {
    std::vector<detail::sort_key> keys;
    keys.reserve(header_.entries.size());
    for (const auto& entry : header_.entries) keys.push_back({header_.view(entry.name), 0, 0, keys.size()});
    detail::sort_and_keep_last(keys);
    for (auto& key : keys) key = {{}, header_.entries[key.position].begin, header_.entries[key.position].end, key.position};
    detail::sort_keys(keys);
    return keys;
  }

  [[gnu::cold]] void list_metadata() {
    std::vector<detail::sort_key> keys;
    for (const auto& entry : header_.metadata) keys.push_back({header_.view(entry.key), 0, 0, keys.size()});
    detail::sort_and_keep_last(keys);
    for (const auto& key : keys) metadata_.emplace_back(key.name, header_.view(header_.metadata[key.position].text));
  }

  static std::string range_text(const safetensors_header::entry& entry) {
    return '[' + std::to_string(entry.begin) + ", " + std::to_string(entry.end) + ']';
  }
  static failure<file_error> overflow(const stored_tensor& tensor) {
    return {tensor.error("shape overflows", {}, shape_text(tensor.shape))};
  }

  mapped_file mapping_;
  // Vectors, unlike strings, keep their characters in place when moved.
  std::vector<char> name_;
  safetensors_header header_;
  std::vector<std::pair<std::string_view, std::string_view>> metadata_;
  tensor_list tensors_;
};

}  // namespace typeformer
