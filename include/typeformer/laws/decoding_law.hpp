// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <typeformer/contract/state_requirements.hpp>
#include <typeformer/laws/token_call.hpp>
#include <typeformer/laws/token_runner.hpp>
#include <typeformer/laws/verdict.hpp>
#include <typeformer/session/state_moves.hpp>

namespace typeformer::laws {

namespace detail {

/// Two sequences whose tokens come in several calls, as in a session. The output of every call is compared with an
/// evaluation of the whole texts. State is never cleared: it starts as pseudo-random numbers.
template <class Walk, class Evaluation, class Decoding> class decoding_script {
 public:
  decoding_script(index_type vocabulary, finding& into)
      : vocabulary_{vocabulary}, by_call_{vocabulary}, whole_{vocabulary}, found_{into} {}

  /// Both sequences begin a new text, of five tokens and of three.
  void begin(const char* what) {
    what_ = what;
    for (std::size_t s = 0; s < 2; ++s) {
      texts_[s] =
          random_text(random_, vocabulary_, lengths[s], std::max<index_type>(0, source_capacity - 2 * index_type(s)));
      length_[s] = 0;
    }
    source_is_read_ = false;
  }
  /// One call with the next tokens of each sequence.
  void take(index_type first, index_type second) {
    const std::array<index_type, 2> counts{first, second};
    token_call call = call_of({texts_[0], texts_[1]}), next;
    if (source_capacity > 0) next.source = call.source;
    for (std::size_t s = 0; s < 2; ++s) {
      next.tokens.start_sequence(length_[s]);
      for (index_type i = 0; i < counts[s]; ++i) next.tokens.add(texts_[s].ids[std::size_t(length_[s] + i)]);
    }
    const delivered_rows expected = whole_.run(call.view())[0];
    const delivered_rows found = by_call_.run(with_source(next.view()))[0];
    source_is_read_ = true;
    const std::array<index_type, 2> first_row{0, index_type(texts_[0].ids.size())};
    for (std::size_t s = 0, row = 0; s < 2; ++s) {
      if (found.rows_are == axis::sequence) {
        if (counts[s] > 0)
          compare(found[index_type(s)], expected[first_row[s] + length_[s] + counts[s] - 1], s, counts[s] - 1);
      } else {
        for (index_type i = 0; i < counts[s]; ++i)
          compare(found[index_type(row++)], expected[first_row[s] + length_[s] + i], s, i);
      }
      length_[s] += counts[s];
    }
  }
  /// Each sequence keeps only its first tokens and continues with others.
  void truncate(const char* what, index_type first, index_type second) {
    what_ = what;
    length_ = {first, second};
    for (std::size_t s = 0; s < 2; ++s) change_what_follows(s);
  }
  void reorder(const char* what, index_type first, index_type second) {
    what_ = what;
    const std::array<index_type, 2> from{first, second};
    const std::array<law_text, 2> texts = texts_;
    const std::array<index_type, 2> length = length_;
    const sequence_moves<2> moves{from};
    for (const sequence_move& move : moves.steps())
      move_state(decltype(by_call_)::plan::value, Decoding::reserved.batch, by_call_.state().data(), move);
    for (std::size_t s = 0; s < 2; ++s) {
      texts_[s] = texts[std::size_t(from[s])];
      length_[s] = length[std::size_t(from[s])];
      change_what_follows(s);
    }
  }

 private:
  static constexpr std::array<index_type, 2> lengths{5, 3};
  static constexpr index_type source_capacity = Decoding::reserved.source;

  void change_what_follows(std::size_t s) {
    texts_[s].ids.resize(std::size_t(length_[s]));
    for (index_type i = 0; i < 2; ++i) texts_[s].ids.push_back(random_.below(vocabulary_));
  }
  /// A source is read in the first call and cached after it.
  token_batch with_source(token_batch batch) {
    if (source_capacity == 0) return batch;
    for (std::size_t s = 0; s < 2; ++s) source_lengths_[s] = index_type(texts_[s].source.size());
    batch.source_lengths = source_lengths_.data();
    if (source_is_read_) batch.source = nullptr;
    return batch;
  }
  void compare(std::span<const double> found, std::span<const double> expected, std::size_t s, index_type i) {
    found_.found(row_error(found, expected), what_, ", in token ", length_[s] + i, " of sequence ", index_type(s));
  }

  index_type vocabulary_;
  token_runner<Walk, Decoding> by_call_;
  token_runner<Walk, Evaluation> whole_;
  finding& found_;
  pseudo_random random_{29};
  const char* what_ = "";
  std::array<law_text, 2> texts_;
  std::array<index_type, 2> length_{}, source_lengths_{};
  bool source_is_read_ = false;
};

}  // namespace detail

/// Law: the output call by call equals the output at once, also after every change that the states of the walk support.
template <class Walk, class Evaluation, class Decoding> finding check_decoding(index_type vocabulary) {
  using plan = planned<Walk, Decoding>;
  finding f{.applies = true, .at_most = 1e-10};
  detail::decoding_script<Walk, Evaluation, Decoding> script{vocabulary, f};
  script.begin("in one call");
  script.take(5, 3);
  script.begin("token by token, after a reset");
  for (index_type i = 0; i < 5; ++i) script.take(1, i < 3);
  script.begin("in chunks, after a reset");
  script.take(2, 1);
  script.take(3, 2);
  script.begin("in calls that leave a sequence as it is");
  script.take(0, 2);
  script.take(3, 0);
  script.take(0, 1);
  script.take(2, 0);
  if constexpr (typeformer::detail::first_state_without<plan>(&state_traits::rewinds) < 0) {
    script.begin("before truncate");
    script.take(5, 3);
    script.truncate("after truncate", 2, 1);
    script.take(1, 1);
    script.take(1, 1);
    script.truncate("after truncate to nothing", 0, 2);
    script.take(2, 2);
  }
  if constexpr (typeformer::detail::first_state_without<plan>(&state_traits::reorders) < 0) {
    script.begin("before reorder");
    script.take(3, 2);
    script.reorder("after sequences changed places", 1, 0);
    script.take(1, 2);
    script.reorder("after one sequence took over another", 0, 0);
    script.take(2, 1);
    script.take(0, 1);
  }
  return f;
}

}  // namespace typeformer::laws
