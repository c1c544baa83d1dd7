// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/uses.hpp>

namespace typeformer {

/// Option of a session: the logits of every token of a call, not of each sequence's last one only. The arena then holds
/// batch · prompt rows of them.
struct all_logits {};
template <> inline constexpr bool is_option_of<all_logits, purpose::decode> = true;

namespace detail {
template <class Use> struct delivering_all_rows : Use {
  static constexpr bool delivers_last_rows = false;
};
}  // namespace detail

/// What a session with these options reserves: `decoding_with`, and `all_logits`.
template <class... Options> struct session_use : decoding_with<Options...> {
  template <class M> using decoding_use = typename decoding_with<Options...>::template use<M>;
  template <class M> using use = std::conditional_t<has_option<all_logits, Options...>,
                                                    detail::delivering_all_rows<decoding_use<M>>, decoding_use<M>>;
};

}  // namespace typeformer
