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
#include <typeformer/hosted/files/mapped_file.hpp>
#include <typeformer/hosted/formats/gguf_names.hpp>
#include <typeformer/hosted/formats/read_decoded.hpp>
#include <typeformer/hosted/formats/tensor_bytes.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>
#include <typeformer/hosted/formats/text_pool.hpp>

namespace typeformer {

/// A `.bin` file of llama2.c (run.c, `Config` and `memory_map_weights`): seven numbers, then the tensors as F32, those of
/// all blocks together. They have Hugging Face's names here.
class llama2c_checkpoint {
 public:
  /// Errors: a file that cannot be read, numbers that no model has, another size than theirs. The rotary tables at the
  /// end are not listed.
  TYPEFORMER_RARE static result<llama2c_checkpoint, file_error> open(const std::string& path, rotary_order pairs) {
    auto mapped = mapped_file::open(path);
    if (!mapped) return failure{mapped.error()};
    llama2c_checkpoint file;
    file.mapping_ = std::move(*mapped);
    const stored_tensor whole{path, {}, tensor_dtype::u8, {}, file.mapping_.bytes(), file.mapping_.file().descriptor()};
    if (auto read = file.read(whole, pairs); !read) return failure{read.error()};
    return result<llama2c_checkpoint, file_error>(std::move(file));
  }

  std::span<const stored_tensor> tensors() const { return tensors_; }

 private:
  struct described {
    text_pool::range name;
    std::int64_t extents[2];
    int rank;
    stored_order order;
  };
  struct numbers {
    std::int64_t width, hidden, layers, heads, key_heads, vocabulary, context;
    bool is_tied;
  };

  llama2c_checkpoint() = default;

  TYPEFORMER_RARE static result<numbers, file_error> read_numbers(const stored_tensor& whole) {
    std::byte bytes[28];
    if (whole.bytes.size() < sizeof bytes)
      return failure{whole.error("too small for llama2.c", "at least 28 bytes", detail::digits_of(whole.bytes.size()))};
    if (auto read = detail::copy_bytes(whole, 0, bytes); !read) return failure{read.error()};
    const auto number = [&](std::size_t i) -> std::int64_t {
      return detail::read_little_endian<std::int32_t>(bytes + 4 * i);
    };
    const std::int64_t vocabulary = number(5);
    const numbers n{number(0), number(1),     number(2),
                    number(3), number(4),     vocabulary < 0 ? -vocabulary : vocabulary,
                    number(6), vocabulary > 0};
    constexpr std::int64_t most_layers = 10'000;
    bool are_possible = n.heads > 0 && n.width % n.heads == 0 && n.width / n.heads % 2 == 0 && n.layers <= most_layers;
    for (const std::int64_t each : {n.width, n.hidden, n.layers, n.key_heads, n.vocabulary, n.context})
      are_possible = are_possible && each > 0;
    if (!are_possible) return failure{whole.error("is no checkpoint of llama2.c: its numbers are of no model", {}, {})};
    return n;
  }

  TYPEFORMER_RARE result<void, file_error> read(const stored_tensor& whole, rotary_order pairs) {
    const auto read = read_numbers(whole);
    if (!read) return failure{read.error()};
    const numbers& n = *read;
    const std::int64_t head = n.width / n.heads, keys = head * n.key_heads;
    const stored_order turned =
        pairs == rotary_order::half_split ? stored_order{.outer = 2, .inner = head / 2} : stored_order{};
    add("model.embed_tokens", n.vocabulary, n.width);
    add_layers(n.layers, "input_layernorm", n.width, 0);
    add_layers(n.layers, "self_attn.q_proj", n.width, n.width, turned);
    add_layers(n.layers, "self_attn.k_proj", keys, n.width, turned);
    add_layers(n.layers, "self_attn.v_proj", keys, n.width);
    add_layers(n.layers, "self_attn.o_proj", n.width, n.width);
    add_layers(n.layers, "post_attention_layernorm", n.width, 0);
    add_layers(n.layers, "mlp.gate_proj", n.hidden, n.width);
    add_layers(n.layers, "mlp.down_proj", n.width, n.hidden);
    add_layers(n.layers, "mlp.up_proj", n.hidden, n.width);
    add("model.norm", n.width, 0);
    const std::size_t tables = described_.size();
    add("rotary tables", n.context, head);
    if (!n.is_tied) add("lm_head", n.vocabulary, n.width);
    return place(whole, tables);
  }

  void add(std::string_view name, std::int64_t rows, std::int64_t columns, const stored_order& order = {}) {
    described_.push_back({texts_.add(detail::joined({name, ".weight"})), {rows, columns}, columns == 0 ? 1 : 2, order});
  }
  TYPEFORMER_RARE void add_layers(std::int64_t layers, std::string_view name, std::int64_t rows, std::int64_t columns,
                                  const stored_order& order = {}) {
    for (std::int64_t layer = 0; layer < layers; ++layer)
      add(detail::joined({"model.layers.", detail::digits_of(std::uint64_t(layer)), ".", name}), rows, columns, order);
  }

  TYPEFORMER_RARE result<void, file_error> place(const stored_tensor& whole, std::size_t tables) {
    const text_pool::range file = texts_.add(whole.file);
    constexpr std::uint64_t numbers_size = 28;
    std::uint64_t end = numbers_size;
    for (std::size_t i = 0; i < described_.size(); ++i) {
      const described& d = described_[i];
      const auto size = bytes_of_shape(tensor_dtype::f32, {d.extents, std::size_t(d.rank)});
      if (!size || *size > whole.bytes.size() - end)
        return failure{
            whole.error("truncated, or no checkpoint of llama2.c",
                        detail::joined({texts_.view(d.name), " of ", shape_text({d.extents, std::size_t(d.rank)})}),
                        detail::joined({detail::digits_of(whole.bytes.size() - end), " bytes"}))};
      if (i != tables)
        tensors_.push_back(with_order({texts_.view(file),
                                       texts_.view(d.name),
                                       tensor_dtype::f32,
                                       {d.extents, std::size_t(d.rank)},
                                       whole.bytes.subspan(std::size_t(end), std::size_t(*size)),
                                       whole.descriptor,
                                       end},
                                      d.order));
      end += *size;
    }
    if (end == whole.bytes.size()) return {};
    return failure{whole.error("data after the last tensor", detail::joined({detail::digits_of(end), " bytes"}),
                               detail::digits_of(whole.bytes.size()))};
  }

  mapped_file mapping_;
  text_pool texts_;
  std::vector<described> described_;  // tensors view its extents
  std::vector<stored_tensor> tensors_;
};

}  // namespace typeformer
