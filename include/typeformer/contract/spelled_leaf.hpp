// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>

#include <typeformer/foundation/fixed_string.hpp>
#include <typeformer/memory/plan.hpp>

namespace typeformer {

/// Calls `put(character)` for the path and name of a leaf, with `*` for a block's number.
template <class Put> constexpr void spell(const leaf& l, Put put) {
  for (int i = 0; i < l.path_length; ++i) {
    const path_part& part = l.path[std::size_t(i)];
    if (part.is_word())
      for (const char* c = part.word; *c; ++c) put(*c);
    else if (part.number < 0) put('*');
    else
      for (int power = 1000; power > 0; power /= 10)
        if (part.number >= power || power == 1) put(char('0' + part.number / power % 10));
    if (*l.name || i + 1 < l.path_length) put('.');
  }
  for (const char* c = l.name; *c; ++c) put(*c);
}

namespace detail {

/// The text `get()`, as a template argument; null is an empty one.
template <class Get> constexpr auto text_of(Get get) {
  constexpr const char* text = get();
  constexpr std::size_t size = text ? std::string_view(text).size() : 0;
  fixed_string<size> copy;
  for (std::size_t i = 0; i < size; ++i) copy.characters[i] = text[i];
  copy.characters[size] = '\0';  // clang prints an array as text only if its end was written
  return copy;
}

/// The name of the leaf `get()`, as a template argument.
template <class Get> constexpr auto spelled(Get get) {
  constexpr std::size_t size = [=] {
    std::size_t n = 0;
    spell(get(), [&](char) { ++n; });
    return n;
  }();
  fixed_string<size> name;
  std::size_t n = 0;
  spell(get(), [&](char c) { name.characters[n++] = c; });
  name.characters[n] = '\0';  // clang prints arrays as text only if they are initialized up to their end
  return name;
}

}  // namespace detail

}  // namespace typeformer
