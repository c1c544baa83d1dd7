// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer {

/// What a smaller model keeps of a block: the numbers of heads and of hidden units in the larger one, in the order in
/// which the smaller one has them. An empty list keeps all.
struct kept_parts {
  std::span<const index_type> heads, hidden;
};

/// Why a smaller model cannot be filled. Nothing was copied.
struct kept_parts_error {
  enum class problem {
    tensor_is_missing,   ///< in the larger model
    extents_do_not_fit,  ///< what is kept of a tensor is not as large as the tensor of the smaller model
    no_such_part         ///< a number of a head or hidden unit that the larger model does not have
  };
  problem what = problem::tensor_is_missing;
  tensor_name name;
  index_type expected = 0, found = 0;  ///< rows or columns; the number of parts, and the number of the part

  constexpr error_text message() const {
    error_text text(name.view());
    if (what == problem::tensor_is_missing) return text.add(": the model that is copied from has no such tensor");
    if (what == problem::no_such_part)
      return text.add(": expected the number of a part below ").add(expected).add(", found ").add(found);
    return text.add(": expected ").add(expected).add(" rows or columns, found ").add(found);
  }
};

namespace detail {

/// One axis of a tensor in both models: which of its parts are kept, and how many rows or columns a part has.
struct kept_axis {
  std::span<const index_type> parts;
  index_type part_size = 0;

  constexpr index_type from(index_type to) const {
    return part_size == 0 ? to : parts[std::size_t(to / part_size)] * part_size + to % part_size;
  }
};

/// Which parts the rows and the columns of a tensor are of, by its name in a block.
struct parts_of_tensor {
  bool heads_in_rows = false, heads_in_columns = false, hidden_in_rows = false, hidden_in_columns = false;

  constexpr explicit parts_of_tensor(std::string_view name) {
    const auto is_any_of = [&](auto... leaves) { return (name.ends_with(leaves) || ...); };
    heads_in_rows = is_any_of("attention.query.weight", "attention.key.weight", "attention.value.weight",
                              "attention.query.bias", "attention.key.bias", "attention.value.bias");
    heads_in_columns = is_any_of("attention.output.weight");
    hidden_in_rows = is_any_of("feed_forward.up.weight", "feed_forward.gate.weight", "feed_forward.up.bias",
                               "feed_forward.gate.bias");
    hidden_in_columns = is_any_of("feed_forward.down.weight");
  }
};

struct kept_tensor {
  parameter_tensor from, to;
  kept_axis rows, columns;
};

/// Error: the axis cannot be filled with these parts.
constexpr result<kept_axis, kept_parts_error> axis_with(std::span<const index_type> parts, index_type from,
                                                        index_type to, const tensor_name& name) {
  using problem = kept_parts_error::problem;
  const auto count = index_type(parts.size());
  if (count == 0) {
    if (from != to) return failure{kept_parts_error{problem::extents_do_not_fit, name, to, from}};
    return kept_axis{};
  }
  const index_type size = to / count;
  if (size == 0 || size * count != to || from % size != 0)
    return failure{kept_parts_error{problem::extents_do_not_fit, name, to, from}};
  for (const index_type part : parts)
    if (part < 0 || part >= from / size)
      return failure{kept_parts_error{problem::no_such_part, name, from / size, part}};
  return kept_axis{parts, size};
}

constexpr result<kept_tensor, kept_parts_error> kept_tensor_of(const parameter_layout& large,
                                                               const parameter_tensor& to,
                                                               std::span<const kept_parts> blocks) {
  const tensor_name name = to.name();
  kept_tensor kept{find_tensor(large, name.view()), to, {}, {}};
  if (!kept.from.of) return failure{kept_parts_error{kept_parts_error::problem::tensor_is_missing, name, 0, 0}};
  const parts_of_tensor has{name.view()};
  const auto block = std::size_t(to.block[0]);
  const kept_parts of_block = block < blocks.size() ? blocks[block] : kept_parts{};
  const auto parts = [&](bool heads, bool hidden) {
    return heads ? of_block.heads : hidden ? of_block.hidden : std::span<const index_type>{};
  };
  const auto rows = axis_with(parts(has.heads_in_rows, has.hidden_in_rows), kept.from.of->rows, to.of->rows, name);
  if (!rows) return failure{rows.error()};
  const auto columns =
      axis_with(parts(has.heads_in_columns, has.hidden_in_columns), kept.from.of->columns, to.of->columns, name);
  if (!columns) return failure{columns.error()};
  kept.rows = *rows;
  kept.columns = *columns;
  return kept;
}

}  // namespace detail

/// Fills a smaller model with what it keeps of a larger one: a pruned model is a type of its own. `blocks[i]` is of the
/// blocks with number i in the outermost loop; blocks without an entry keep all. Both models must have the tensors that
/// the library's attentions and feed-forwards declare, and as many heads of keys and values as of queries where heads
/// are dropped.
///
/// Cost: every name is compared with every other; nothing is allocated. Precondition: both are available.
template <Model From, Model To, class S, class T>
constexpr result<void, kept_parts_error> copy_kept_parts(const parameters<From, S>& from, parameters<To, T>& to,
                                                         std::span<const kept_parts> blocks) {
  result<void, kept_parts_error> outcome;
  for (const bool copies : {false, true})
    for_each_tensor(layout_of<To>, [&](const parameter_tensor& tensor) {
      if (!outcome) return;
      const auto kept = detail::kept_tensor_of(layout_of<From>, tensor, blocks);
      if (!kept) outcome = failure{kept.error()};
      if (!kept || !copies) return;
      const S* const source = from.of(kept->from);
      T* const target = to.of(tensor);
      const index_type columns = tensor.of->columns, source_columns = kept->from.of->columns;
      for (index_type r = 0; r < tensor.of->rows; ++r)
        for (index_type c = 0; c < columns; ++c)
          target[r * columns + c] = T(source[kept->rows.from(r) * source_columns + kept->columns.from(c)]);
    });
  return outcome;
}

}  // namespace typeformer
