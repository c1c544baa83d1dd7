// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <span>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/isa.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// One step of a rearrangement: place `to` gets the contents of `from`, or they are exchanged.
struct sequence_move {
  index_type to = 0, from = 0;
  bool exchanges = false;
};

/// In an array [places][size], place `to` gets the contents of `from`, or they are exchanged.
template <class T> constexpr void move_rows(T* array, index_type size, index_type to, index_type from, bool exchanges) {
  T *const target = array + to * size, *const source = array + from * size;
  if (exchanges) std::swap_ranges(target, target + size, source);
  else std::copy_n(source, size, target);
}

/// The steps that give every place i the contents of place from[i], in this order and without other memory.
///
/// A place is written once its old contents are no longer needed. What then remains are cycles, each of which is
/// resolved by exchanges. There are at most as many steps as places. Precondition: from.size() <= Places, 0 <= from[i]
/// < Places, else it traps. Places beyond `from` do not change.
template <index_type Places> class sequence_moves {
 public:
  constexpr explicit sequence_moves(std::span<const index_type> from) {
    if (index_type(from.size()) > Places) __builtin_trap();
    std::array<index_type, std::size_t(Places)> source{}, readers{};
    for (index_type place = 0; place < Places; ++place) {
      index_type& wanted = source[std::size_t(place)];
      wanted = place < index_type(from.size()) ? from[std::size_t(place)] : place;
      if (wanted < 0 || wanted >= Places) __builtin_trap();
      if (wanted != place) ++readers[std::size_t(wanted)];
    }
    for (index_type first = 0; first < Places; ++first)
      for (index_type to = first; source[std::size_t(to)] != to && readers[std::size_t(to)] == 0;) {
        const index_type wanted = source[std::size_t(to)];
        add({to, wanted, false});
        source[std::size_t(to)] = to;
        --readers[std::size_t(wanted)];
        to = wanted;
      }
    for (index_type first = 0; first < Places; ++first)
      for (index_type to = first; source[std::size_t(to)] != to;) {
        const index_type wanted = source[std::size_t(to)];
        if (wanted != first) add({to, wanted, true});
        source[std::size_t(to)] = to;
        to = wanted;
      }
  }

  constexpr std::span<const sequence_move> steps() const { return std::span{steps_}.first(std::size_t(count_)); }

 private:
  constexpr void add(sequence_move step) { steps_[std::size_t(count_++)] = step; }

  std::array<sequence_move, std::size_t(Places)> steps_{};
  index_type count_ = 0;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
