// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/session/real_batches.hpp>
#include <typeformer/session/sequence_moves.hpp>
#include <typeformer/session/source_checks.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// What a session's encoder reads: the tokens of texts, or rows of `Channels` features, until they are read, and which
/// of them are valid. Empty for models without an encoder beside a decoder.
template <capacities Reserved, bool Reads, index_type Channels = 0> class source_memory {
 public:
  struct unread_batch {};
  constexpr void attach(token_batch&, unread_batch&) {}
  constexpr void done() {}
  constexpr void move(index_type, index_type, bool) {}
  constexpr index_type sequences() const { return 0; }
  constexpr bool has(index_type) const { return true; }
};

template <capacities Reserved, index_type Channels> class source_memory<Reserved, true, Channels> {
 public:
  using unread_batch = token_batch;

  /// Takes texts without padding. Errors: more of them, or longer ones, than reserved; none; an unknown id.
  constexpr result<void, inference_error> take(std::span<const std::span<const std::int32_t>> texts,
                                               index_type vocabulary) {
    return detail::in_source(take_whole(texts, vocabulary));
  }
  /// Takes padded texts. Tokens that are not valid keep their places and are not seen.
  constexpr result<void, inference_error> take(const padded_tokens& padded, index_type vocabulary) {
    return detail::in_source(take_padded(padded, vocabulary));
  }
  /// Takes rows of features. Errors: as for texts; numbers that do not fill the rows.
  constexpr result<void, inference_error> take(const ragged_features& given) {
    return detail::in_source(take_whole(given));
  }
  constexpr result<void, inference_error> take(const padded_features& given) {
    return detail::in_source(take_padded(given));
  }

  /// Adds the source to the batch of a call, with its tokens in `unread` if they were not read yet.
  constexpr void attach(token_batch& batch, token_batch& unread) {
    if (is_unread_) {
      pack();
      unread.sequences = sequences_;
      unread.rows = first_row_[std::size_t(sequences_)];
      unread.first_row = first_row_.data();
      if constexpr (Channels > 0) {
        unread.features = elements_.data();
        unread.feature_rows = unread.rows;
        unread.channels = Channels;
      } else {
        unread.ids = elements_.data();
      }
      unread.positions = places_.data();
      unread.key_valid = valid_.data();
      unread.key_stride = Reserved.source;
      batch.source = &unread;
    }
    batch.source_lengths = length_.data();
    batch.source_valid = valid_.data();
    batch.source_stride = Reserved.source;
  }
  constexpr void done() { is_unread_ = false; }
  /// Sequences below this number may have a source; `has` says whether one does.
  constexpr index_type sequences() const { return sequences_; }
  constexpr bool has(index_type sequence) const { return length_[std::size_t(sequence)] > 0; }

  /// Sequence `to` gets the source of sequence `from`, whether it was read or not, or they are exchanged.
  constexpr void move(index_type to, index_type from, bool exchanges) {
    move_rows(length_.data(), 1, to, from, exchanges);
    move_rows(valid_.data(), Reserved.source, to, from, exchanges);
    if (is_unread_) move_rows(elements_.data(), Reserved.source * width, to, from, exchanges);
    sequences_ = (std::max)({sequences_, to + 1, exchanges ? from + 1 : 0});
  }

 private:
  using element = std::conditional_t<(Channels > 0), float, std::int32_t>;
  static constexpr index_type width = Channels > 0 ? Channels : 1;

  constexpr result<void, inference_error> take_whole(std::span<const std::span<const std::int32_t>> texts,
                                                     index_type vocabulary) {
    for (std::size_t s = 0; s < texts.size(); ++s)
      if (const auto checked =
              detail::check_source(Reserved, index_type(texts.size()), index_type(s), texts[s], vocabulary);
          !checked)
        return checked;
    if (texts.empty()) return rejected(inference_error::problem::no_tokens, 0, 0, 1);
    begin(index_type(texts.size()));
    for (std::size_t s = 0; s < texts.size(); ++s)
      for (const std::int32_t& id : texts[s]) add(index_type(s), &id, true);
    return {};
  }
  constexpr result<void, inference_error> take_padded(const padded_tokens& padded, index_type vocabulary) {
    using problem = inference_error::problem;
    const auto counted = sequences_of(padded);
    if (!counted) return failure{counted.error()};
    if (const auto read = check_read_by_place(padded); !read) return read;
    const index_type texts = *counted;
    if (texts == 0) return rejected(problem::no_tokens, 0, 0, 1);
    const auto ids_of = [&](index_type s) {
      return padded.ids.subspan(std::size_t(s * padded.length), std::size_t(padded.length));
    };
    for (index_type s = 0; s < texts; ++s)
      if (const auto checked = detail::check_source(Reserved, texts, s, ids_of(s), vocabulary); !checked)
        return checked;
    begin(texts);
    for (index_type s = 0; s < texts; ++s)
      for (index_type i = 0; i < padded.length; ++i)
        add(s, &ids_of(s)[std::size_t(i)], padded.valid[std::size_t(s * padded.length + i)] != 0);
    return {};
  }
  constexpr result<void, inference_error> take_whole(const ragged_features& given) {
    using problem = inference_error::problem;
    const index_type sequences = index_type(given.lengths.size());
    index_type all = 0;
    for (index_type s = 0; s < sequences; all += given.lengths[std::size_t(s++)])
      if (const auto checked = detail::check_source(Reserved, sequences, s, given.lengths[std::size_t(s)]); !checked)
        return checked;
    if (index_type(given.rows.size()) != all * width)
      return rejected(problem::values_do_not_fill_rows, 0, given.rows.size(), all * width);
    if (sequences == 0) return rejected(problem::no_tokens, 0, 0, 1);
    begin(sequences);
    const float* row = given.rows.data();
    for (index_type s = 0; s < sequences; ++s)
      for (index_type i = 0; i < given.lengths[std::size_t(s)]; ++i, row += width) add(s, row, true);
    return {};
  }
  constexpr result<void, inference_error> take_padded(const padded_features& given) {
    using problem = inference_error::problem;
    const index_type flags = index_type(given.valid.size()), sequences = given.length > 0 ? flags / given.length : 0;
    if (sequences * given.length != flags) return rejected(problem::unequal_rows, 0, flags, given.length);
    if (index_type(given.rows.size()) != flags * width)
      return rejected(problem::values_do_not_fill_rows, 0, given.rows.size(), flags * width);
    if (sequences == 0) return rejected(problem::no_tokens, 0, 0, 1);
    if (const auto checked = detail::check_source(Reserved, sequences, 0, given.length); !checked) return checked;
    begin(sequences);
    for (index_type row = 0; row < flags; ++row)
      add(row / given.length, given.rows.data() + row * width, given.valid[std::size_t(row)] != 0);
    return {};
  }
  constexpr void begin(index_type texts) {
    length_ = {};
    valid_ = {};
    sequences_ = texts;
    is_unread_ = true;
    is_packed_ = false;
  }
  constexpr void add(index_type s, const element* row, bool is_valid) {
    const index_type at = s * Reserved.source + length_[std::size_t(s)]++;
    std::copy_n(row, width, elements_.begin() + at * width);
    valid_[std::size_t(at)] = is_valid;
  }
  /// Until they are read every sequence has its own [source] rows, so that sequences can move. A walk reads them without
  /// gaps.
  constexpr void pack() {
    if (is_packed_) return;
    is_packed_ = true;
    index_type row = 0;
    for (index_type s = 0; s < sequences_; ++s) {
      first_row_[std::size_t(s)] = row;
      for (index_type i = 0; i < length_[std::size_t(s)]; ++i, ++row) {
        for (index_type k = 0; k < width; ++k)
          elements_[std::size_t(row * width + k)] = elements_[std::size_t((s * Reserved.source + i) * width + k)];
        places_[std::size_t(row)] = std::int32_t(i);
      }
    }
    first_row_[std::size_t(sequences_)] = row;
  }

  std::array<index_type, std::size_t(Reserved.batch) + 1> first_row_{};
  std::array<index_type, std::size_t(Reserved.batch)> length_{};
  std::array<element, std::size_t(Reserved.batch* Reserved.source* width)> elements_{};
  std::array<std::int32_t, std::size_t(Reserved.batch* Reserved.source)> places_{};
  std::array<std::uint8_t, std::size_t(Reserved.batch* Reserved.source)> valid_{};
  index_type sequences_ = 0;
  bool is_unread_ = false, is_packed_ = false;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
