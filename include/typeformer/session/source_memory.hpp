// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/session/sequence_moves.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The texts that a session's encoder reads: their tokens until they are read, and which of them are valid. Empty for
/// models without an encoder beside a decoder.
template <capacities Reserved, bool Reads> class source_memory {
 public:
  constexpr void attach(token_batch&) {}
  constexpr void done() {}
  constexpr void move(index_type, index_type, bool) {}
  constexpr index_type sequences() const { return 0; }
  constexpr bool has(index_type) const { return true; }
};

template <capacities Reserved> class source_memory<Reserved, true> {
 public:
  /// Takes texts without padding. Errors: more of them, or longer ones, than reserved; none; an unknown id.
  constexpr result<void, inference_error> take(std::span<const std::span<const std::int32_t>> texts,
                                               index_type vocabulary) {
    return of_source(take_whole(texts, vocabulary));
  }
  /// Takes padded texts. Tokens that are not valid keep their places and are not seen.
  constexpr result<void, inference_error> take(const padded_tokens& padded, index_type vocabulary) {
    return of_source(take_padded(padded, vocabulary));
  }

  /// Adds the source to the batch of a call, with its tokens if they were not read yet.
  constexpr void attach(token_batch& batch) {
    if (is_unread_) {
      pack();
      unread_.sequences = sequences_;
      unread_.rows = first_row_[std::size_t(sequences_)];
      unread_.first_row = first_row_.data();
      unread_.ids = ids_.data();
      unread_.positions = places_.data();
      unread_.key_valid = valid_.data();
      unread_.key_stride = Reserved.source;
      batch.source = &unread_;
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
    if (is_unread_) move_rows(ids_.data(), Reserved.source, to, from, exchanges);
    sequences_ = (std::max)({sequences_, to + 1, exchanges ? from + 1 : 0});
  }

 private:
  static constexpr result<void, inference_error> of_source(const result<void, inference_error>& taken) {
    if (taken) return taken;
    inference_error error = taken.error();
    error.in_source = true;
    return failure{error};
  }
  constexpr result<void, inference_error> take_whole(std::span<const std::span<const std::int32_t>> texts,
                                                     index_type vocabulary) {
    for (std::size_t s = 0; s < texts.size(); ++s)
      if (const auto checked = check(index_type(texts.size()), index_type(s), texts[s], vocabulary); !checked)
        return checked;
    if (texts.empty()) return rejected(inference_error::problem::no_tokens, 0, 0, 1);
    begin(index_type(texts.size()));
    for (std::size_t s = 0; s < texts.size(); ++s)
      for (const std::int32_t id : texts[s]) add(index_type(s), id, true);
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
      if (const auto checked = check(texts, s, ids_of(s), vocabulary); !checked) return checked;
    begin(texts);
    for (index_type s = 0; s < texts; ++s)
      for (index_type i = 0; i < padded.length; ++i)
        add(s, ids_of(s)[std::size_t(i)], padded.valid[std::size_t(s * padded.length + i)] != 0);
    return {};
  }
  static constexpr result<void, inference_error> check(index_type texts, index_type s,
                                                       std::span<const std::int32_t> ids, index_type vocabulary) {
    using problem = inference_error::problem;
    if (texts > Reserved.batch) return rejected(problem::too_many_sequences, 0, texts, Reserved.batch);
    if (ids.empty()) return rejected(problem::no_tokens, s, 0, 1);
    if (index_type(ids.size()) > Reserved.source)
      return rejected(problem::too_many_tokens, s, ids.size(), Reserved.source);
    return check_ids(s, ids, vocabulary);
  }
  constexpr void begin(index_type texts) {
    length_ = {};
    valid_ = {};
    sequences_ = texts;
    is_unread_ = true;
    is_packed_ = false;
  }
  constexpr void add(index_type s, std::int32_t id, bool is_valid) {
    const std::size_t at = std::size_t(s * Reserved.source + length_[std::size_t(s)]++);
    ids_[at] = id;
    valid_[at] = is_valid;
  }
  /// Until they are read every sequence has its own ids[source], so that sequences can move. A walk reads them without
  /// gaps.
  constexpr void pack() {
    if (is_packed_) return;
    is_packed_ = true;
    index_type row = 0;
    for (index_type s = 0; s < sequences_; ++s) {
      first_row_[std::size_t(s)] = row;
      for (index_type i = 0; i < length_[std::size_t(s)]; ++i, ++row) {
        ids_[std::size_t(row)] = ids_[std::size_t(s * Reserved.source + i)];
        places_[std::size_t(row)] = std::int32_t(i);
      }
    }
    first_row_[std::size_t(sequences_)] = row;
  }

  std::array<index_type, std::size_t(Reserved.batch) + 1> first_row_{};
  std::array<index_type, std::size_t(Reserved.batch)> length_{};
  std::array<std::int32_t, std::size_t(Reserved.batch* Reserved.source)> ids_{}, places_{};
  std::array<std::uint8_t, std::size_t(Reserved.batch* Reserved.source)> valid_{};
  token_batch unread_{};
  index_type sequences_ = 0;
  bool is_unread_ = false, is_packed_ = false;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
