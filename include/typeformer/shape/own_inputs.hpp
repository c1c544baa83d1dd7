// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace detail {
template <class I> constexpr index_type count_of_ids() {
  if constexpr (requires { index_type(I::count); }) return I::count;
  else return 0;
}
}  // namespace detail

/// What is known of `I` at run time.
template <class I>
inline constexpr own_input_kind kind_of_input{I::name, I::width, I::rows_are, detail::count_of_ids<I>()};

/// `Width` real numbers of your own for each token (or sequence). Derive a named type that has a name in messages:
///
/// ```cpp
/// struct time_stamps : own_numbers<time_stamps> {
///   static constexpr const char* name = "time stamps";
/// };
/// ```
///
/// A layer reads it by `c.template input<time_stamps, X::rows_are>()`. A batch has it among `token_batch::own`, a
/// session and a forward pass take it by `give<time_stamps>(rows)`.
template <class I, index_type Width = 1, axis RowsAre = axis::token>
struct own_numbers : detail::rows_of_input<float, Width, RowsAre> {
  static constexpr const own_input_kind& kind() { return kind_of_input<I>; }
  static constexpr const float* of(const token_batch& batch) {
    const own_table* const table = find_table(batch.own, kind());
    return table ? table->numbers : nullptr;
  }
};

/// The same with ids of another table: 0 ≤ id < `Count`.
template <class I, index_type Count, index_type Width = 1, axis RowsAre = axis::token>
struct own_ids : detail::rows_of_input<std::int32_t, Width, RowsAre> {
  static constexpr index_type count = Count;
  static constexpr const own_input_kind& kind() { return kind_of_input<I>; }
  static constexpr const std::int32_t* of(const token_batch& batch) {
    const own_table* const table = find_table(batch.own, kind());
    return table ? table->ids : nullptr;
  }
};

/// An input of a user's own.
template <class I>
concept OwnInput = Input<I> && requires { static_cast<const own_input_kind&>(I::kind()); };

/// Its rows, for `token_batch::own`.
template <OwnInput I> constexpr own_table table_of(std::span<const typename I::element> rows) {
  return {I::kind(), rows};
}

namespace detail {
/// At least one element for each token or sequence, and ids of a table that is not empty.
template <class I>
inline constexpr bool has_elements = I::width > 0 &&
                                     (!OwnInput<I> || I::rows_are == axis::token || I::rows_are == axis::sequence) &&
                                     (!requires { I::count; } || count_of_ids<I>() > 0);

/// The kind of an input, null for the library's own.
template <class I> constexpr const own_input_kind* own_kind_of() {
  if constexpr (OwnInput<I>) return &I::kind();
  else return nullptr;
}
}  // namespace detail

}  // namespace typeformer
