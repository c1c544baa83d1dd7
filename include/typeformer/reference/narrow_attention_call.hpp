// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/reference/attention_call.hpp>
#include <typeformer/shape/cached_heads.hpp>

namespace typeformer {

/// An `attention_call` whose keys and values have a narrow format. Its `key_panels` and `v` are not read.
template <class Format, class S> struct narrow_attention_call : attention_call<S> {
  cached_heads<Format, const std::byte> cached_keys, cached_values;

  S key_at(index_type kv_head, index_type head_width, index_type key, index_type column) const {
    return S(cached_keys(kv_head, key_offset(key, head_width) + column * key_block, key, column));
  }
  S value_at(index_type kv_head, index_type head_width, index_type key, index_type column) const {
    return S(cached_values(kv_head, key * head_width + column, key, column));
  }
};

}  // namespace typeformer
