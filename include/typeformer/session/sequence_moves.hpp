// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <span>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/isa.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// One step of a rearrangement: place `to` takes what lies at `from`, or both exchange it.
struct sequence_move {
  index_type to = 0, from = 0;
  bool exchanges = false;
};

/// Of an array [places][size], place `to` takes what lies at `from`, or both exchange it.
template <class T> constexpr void move_rows(T* array, index_type size, index_type to, index_type from, bool exchanges) {
  T *const target = array + to * size, *const source = array + from * size;
  if (exchanges) std::swap_ranges(target, target + size, source);
  else std::copy_n(source, size, target);
}

/// The steps after which every place i holds what place from[i] held, in this order and without other memory.
///
/// A place is written once nobody wants any more what it holds; what then is left are circles, of which each is turned
/// by exchanges. At most as many steps as places. Precondition: from.size() <= Places, 0 <= from[i] < Places, else it
/// traps; places beyond `from` stay as they are.
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
