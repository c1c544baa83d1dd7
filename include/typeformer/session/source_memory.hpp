// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/batch_tables.hpp>
#include <typeformer/session/padded_tokens.hpp>

namespace typeformer {

/// What a session keeps of the texts that its encoder reads: their tokens until they were read, and which of them there
/// are. Nothing for models without an encoder beside a decoder.
template <capacities Reserved, bool Reads> class source_memory {
 public:
  constexpr void attach(token_batch&) {}
  constexpr void done() {}
  constexpr void move(index, index, bool) {}
  constexpr index sequences() const { return 0; }
};

template <capacities Reserved> class source_memory<Reserved, true> {
 public:
  /// Takes texts that are all there. Errors: more of them, or longer ones, than reserved; none; an unknown id.
  constexpr result<void, inference_error> take(std::span<const std::span<const std::int32_t>> texts, index vocabulary) {
    for (std::size_t s = 0; s < texts.size(); ++s)
      if (const auto checked = check(index(texts.size()), index(s), texts[s], vocabulary); !checked) return checked;
    if (texts.empty()) return refused(inference_error::problem::no_tokens, 0, 0, 1);
    begin();
    for (std::size_t s = 0; s < texts.size(); ++s) {
      tables_.start_sequence(0);
      for (std::size_t i = 0; i < texts[s].size(); ++i) add(index(s), texts[s][i], index(i), true);
    }
    return end(index(texts.size()));
  }
  /// Takes padded texts: tokens that are not valid keep their places and are seen by nobody.
  constexpr result<void, inference_error> take(const padded_tokens& padded, index vocabulary) {
    using problem = inference_error::problem;
    const auto counted = sequences_of(padded);
    if (!counted) return failure{counted.error()};
    const index texts = *counted;
    if (texts == 0) return refused(problem::no_tokens, 0, 0, 1);
    const auto ids_of = [&](index s) {
      return padded.ids.subspan(std::size_t(s * padded.length), std::size_t(padded.length));
    };
    for (index s = 0; s < texts; ++s)
      if (const auto checked = check(texts, s, ids_of(s), vocabulary); !checked) return checked;
    begin();
    for (index s = 0; s < texts; ++s) {
      tables_.start_sequence(0);
      for (index i = 0; i < padded.length; ++i)
        add(s, ids_of(s)[std::size_t(i)], i, padded.valid[std::size_t(s * padded.length + i)] != 0);
    }
    return end(texts);
  }

  /// Gives the source to the batch of a call: its tokens if they were not read yet.
  constexpr void attach(token_batch& batch) {
    unread_ = tables_.view();
    unread_.key_valid = valid_.data();
    unread_.key_stride = Reserved.source;
    if (is_unread_) batch.source = &unread_;
    batch.source_lengths = length_.data();
    batch.source_valid = valid_.data();
    batch.source_stride = Reserved.source;
  }
  constexpr void done() { is_unread_ = false; }
  constexpr index sequences() const { return sequences_; }
  constexpr bool is_unread() const { return is_unread_; }

  /// Sequence `to` has from now on the source of sequence `from`, or both exchange theirs.
  constexpr void move(index to, index from, bool exchanges) {
    const auto flags = [&](index s) { return valid_.begin() + s * Reserved.source; };
    if (exchanges) {
      std::swap(length_[std::size_t(to)], length_[std::size_t(from)]);
      std::swap_ranges(flags(to), flags(to) + Reserved.source, flags(from));
    } else {
      length_[std::size_t(to)] = length_[std::size_t(from)];
      std::copy_n(flags(from), Reserved.source, flags(to));
    }
    sequences_ = (std::max)(sequences_, to + 1);
  }

 private:
  static constexpr result<void, inference_error> check(index texts, index s, std::span<const std::int32_t> ids,
                                                       index vocabulary) {
    using problem = inference_error::problem;
    if (texts > Reserved.batch) return refused(problem::too_many_sequences, 0, texts, Reserved.batch);
    if (ids.empty()) return refused(problem::no_tokens, s, 0, 1);
    if (index(ids.size()) > Reserved.source)
      return refused(problem::too_many_tokens, s, ids.size(), Reserved.source);
    return check_ids(s, ids, vocabulary);
  }
  constexpr void begin() {
    tables_.clear();
    length_ = {};
    valid_ = {};
  }
  constexpr void add(index s, std::int32_t id, index place, bool is_valid) {
    tables_.add(id, place);
    valid_[std::size_t(s * Reserved.source + place)] = is_valid;
    ++length_[std::size_t(s)];
  }
  constexpr result<void, inference_error> end(index texts) {
    sequences_ = texts;
    is_unread_ = true;
    return {};
  }

  batch_tables<Reserved.batch, Reserved.source> tables_{};
  std::array<index, std::size_t(Reserved.batch)> length_{};
  std::array<std::uint8_t, std::size_t(Reserved.batch* Reserved.source)> valid_{};
  token_batch unread_{};
  index sequences_ = 0;
  bool is_unread_ = false;
};

}  // namespace typeformer
