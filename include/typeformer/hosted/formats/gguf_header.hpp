// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/ggml_type.hpp>
#include <typeformer/hosted/formats/gguf_cursor.hpp>
#include <typeformer/hosted/formats/gguf_value.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>

namespace typeformer::detail {

/// The header of a GGUF file as the reference reader accepts it (ggml, gguf.cpp), as positions in its bytes.
struct gguf_header {
  struct text {
    std::uint64_t begin = 0, size = 0;
  };
  struct entry {
    text key;
    gguf_type type = gguf_type::boolean;
    std::uint64_t begin = 0, end = 0;  ///< of the value, after its type
  };
  struct tensor {
    text name;
    tensor_dtype dtype = tensor_dtype::f32;
    std::uint32_t rank = 0;
    std::int64_t extents[4] = {1, 1, 1, 1};  ///< the innermost first, as in the file
    std::uint64_t offset = 0, size = 0;      ///< in bytes, from `data_begin`
  };

  std::vector<entry> entries;
  std::vector<tensor> tensors;
  std::uint64_t alignment = 32, data_begin = 0, data_size = 0;  ///< with the padding after each tensor

  TYPEFORMER_RARE bool read(gguf_cursor& at) {
    std::uint32_t magic = 0, version = 0;
    std::uint64_t tensor_count = 0, entry_count = 0;
    if (!at.read(magic)) return false;
    if (magic != 0x46554747) return at.fail("is not GGUF", "the letters GGUF at the beginning");
    if (!at.read(version)) return false;
    if ((version & 0xffff) == 0) return at.fail("is big-endian, or has no version", "version 2 or 3");
    if (version < 2 || version > 3) return at.fail("unknown version", "2 or 3", digits_of(version));
    if (!at.read(tensor_count) || !at.read(entry_count)) return false;
    constexpr std::uint64_t smallest_tensor = 24, smallest_entry = 14;
    if (tensor_count > at.remaining() / smallest_tensor || entry_count > at.remaining() / smallest_entry)
      return at.fail("more tensors or metadata than the file can hold", {},
                     joined({digits_of(tensor_count), " and ", digits_of(entry_count)}));
    for (std::uint64_t i = 0; i < entry_count; ++i)
      if (!read_entry(at)) return false;
    if (!are_distinct(at.data(), entries, &entry::key)) return at.fail("a key of the metadata is repeated");
    if (!read_alignment(at)) return false;
    for (std::uint64_t i = 0; i < tensor_count; ++i)
      if (!read_tensor(at)) return false;
    if (!are_distinct(at.data(), tensors, &tensor::name)) return at.fail("two tensors have one name");
    return find_data(at);
  }

  static std::string_view view(const std::byte* bytes, text t) {
    return {reinterpret_cast<const char*>(bytes) + t.begin, static_cast<std::size_t>(t.size)};
  }

 private:
  static bool read_text(gguf_cursor& at, text& t) {
    if (!at.skip_text(t.size)) return false;
    t.begin = at.position() - t.size;
    return true;
  }

  TYPEFORMER_RARE bool read_entry(gguf_cursor& at) {
    entry e;
    std::uint32_t type = 0;
    if (!read_text(at, e.key)) return false;
    if (e.key.size == 0) return at.fail("a key of the metadata is empty");
    if (!at.read(type)) return false;
    e.type = gguf_type{type};
    e.begin = at.position();
    if (!skip_value(at, e.type)) return false;
    e.end = at.position();
    entries.push_back(e);
    return true;
  }
  TYPEFORMER_RARE static bool skip_value(gguf_cursor& at, gguf_type type) {
    std::uint64_t size = bytes_of(type), count = 1;
    if (size != 0) return at.skip(size);
    if (type == gguf_type::text) return at.skip_text(size);
    if (type != gguf_type::array) return at.fail("unknown type of a value", {}, digits_of(std::uint32_t(type)));
    std::uint32_t element = 0;
    if (!at.read(element) || !at.read(count)) return false;
    size = bytes_of(gguf_type{element});
    if (size == 0 && gguf_type{element} != gguf_type::text)
      return at.fail("wrong type of an array's elements", {}, digits_of(element));
    if (count > gguf_cursor::largest_text_or_array || count > at.remaining() / (size != 0 ? size : 8))
      return at.fail("an array is larger than the file", {}, joined({digits_of(count), " elements"}));
    if (size != 0) return at.skip(count * size);
    for (; count > 0; --count)
      if (!at.skip_text(size)) return false;
    return true;
  }
  TYPEFORMER_RARE bool read_alignment(gguf_cursor& at) {
    for (const entry& e : entries) {
      if (view(at.data(), e.key) != "general.alignment") continue;
      if (e.type != gguf_type::uint32) return at.fail("general.alignment is no 32-bit number");
      alignment = read_little_endian<std::uint32_t>(at.data() + e.begin);
      if (alignment == 0 || (alignment & (alignment - 1)) != 0)
        return at.fail("wrong general.alignment", "a power of two", digits_of(alignment));
    }
    return true;
  }

  TYPEFORMER_RARE bool read_tensor(gguf_cursor& at) {
    tensor t;
    std::uint32_t type = 0;
    if (!read_text(at, t.name)) return false;
    constexpr std::uint64_t longest_name = 63;
    if (t.name.size > longest_name)
      return at.fail("a tensor's name is too long", "at most 63 bytes", digits_of(t.name.size));
    t.name.size = std::min(t.name.size, std::uint64_t(view(at.data(), t.name).find('\0')));  // ggml compares C strings
    const auto reject = [&](std::string_view problem, std::string_view expected, std::string_view found) {
      return at.fail(problem, expected, found, view(at.data(), t.name));
    };
    if (!at.read(t.rank)) return false;
    if (t.rank > 4) return reject("too many dimensions", "at most 4", digits_of(t.rank));
    for (std::uint32_t axis = 0; axis < t.rank; ++axis)
      if (!at.read(t.extents[axis])) return false;
    if (!at.read(type) || !at.read(t.offset)) return false;
    const auto dtype = dtype_of_ggml_type(type);
    if (!dtype) return reject("unknown element type", {}, digits_of(type));
    t.dtype = *dtype;
    std::int64_t elements = t.extents[0];
    bool overflows = elements < 0;
    for (std::size_t axis = 1; axis < 4 && !overflows; ++axis) {
      const std::int64_t extent = t.extents[axis];
      overflows = extent < 0 || (extent != 0 && std::numeric_limits<std::int64_t>::max() / extent <= elements);
      if (!overflows) elements *= extent;
    }
    if (overflows) return reject("shape overflows", {}, shape_text({t.extents, t.rank}));
    if (t.extents[0] % block_of(t.dtype).elements != 0)
      return reject("rows do not end on a whole block of the type",
                    joined({"a multiple of ", digits_of(block_of(t.dtype).elements)}), shape_text({t.extents, t.rank}));
    const auto size = bytes_of_elements(t.dtype, static_cast<std::uint64_t>(elements));
    if (!size) return reject("size overflows", {}, shape_text({t.extents, t.rank}));
    t.size = *size;
    if (t.offset != data_size)
      return reject("wrong offset: tensors leave a gap or overlap", digits_of(data_size), digits_of(t.offset));
    if (__builtin_add_overflow(data_size, t.size, &data_size) ||
        __builtin_add_overflow(data_size, (0 - data_size) % alignment, &data_size))
      return reject("size overflows", {}, shape_text({t.extents, t.rank}));
    tensors.push_back(t);
    return true;
  }

  TYPEFORMER_RARE bool find_data(gguf_cursor& at) {
    const std::uint64_t padding = tensors.empty() ? 0 : (0 - at.position()) % alignment;
    if (padding > at.remaining()) return at.fail("truncated before the data", {}, {});
    data_begin = at.position() + padding;
    return true;
  }

  template <class Named>
  TYPEFORMER_RARE static bool are_distinct(const std::byte* bytes, const std::vector<Named>& all, text Named::*name) {
    std::vector<sort_key> keys;
    for (const Named& each : all) keys.push_back({view(bytes, each.*name), 0, 0, keys.size()});
    sort_and_keep_last(keys);
    return keys.size() == all.size();
  }
};

}  // namespace typeformer::detail
