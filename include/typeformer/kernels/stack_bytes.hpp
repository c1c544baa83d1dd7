// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/kernels/detail/attention_back_tile.hpp>
#include <typeformer/kernels/detail/attention_group.hpp>
#include <typeformer/kernels/detail/attention_tile.hpp>
#include <typeformer/kernels/gemm_blocked.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// Bytes of the arrays on the stack of the kernel that needs most, in the forward pass.
inline constexpr index_type forward_stack_bytes =
    (std::max)(index_type(sizeof(float)) * detail::block_width * detail::block_depth,
               detail::group_tiles* index_type(sizeof(detail::attention_tile)) +
                   index_type(sizeof(float)) * (detail::value_copy_floats + detail::tile_queries * detail::block_keys +
                                                detail::single_query_block_keys));

/// The same in the backward pass: attention copies keys, values, queries and the gradients of all three.
inline constexpr index_type backward_stack_bytes =
    (std::max)(forward_stack_bytes, index_type(sizeof(detail::key_value_block)) +
                                        index_type(sizeof(float)) *
                                            (4 * detail::copy_floats + 2 * detail::back_queries * detail::back_keys));

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
