// SPDX-License-Identifier: BSL-1.0
// 24. Longer than trained: decoders that differ only in their position scheme learn parity and addition of up to 3 digits,
//     with and without a scratchpad, and are asked for more digits. docs/open_questions/reasoning.md explains the figures.
//
//    24_longer_than_trained [STEPS]
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include <typeformer/hosted.hpp>

#include "../generated_texts.hpp"
#include "on_all_cores.hpp"
#include "position_schemes.hpp"
#include "train_decoder.hpp"

namespace tf = typeformer;

constexpr std::int32_t plus = 10, equals = 11, symbols = 12;  // behind the digits
constexpr tf::index_type batch_size = 32, room = 48, trained_digits = 3, tested = 200;
constexpr std::array asked_digits{3, 4, 5, 6};

/// A question whose answer is asked for: all labels are of the answer.
class question {
 public:
  void given(std::int32_t id) { follow(id, false); }
  void answer(std::int32_t id) { follow(id, true); }
  toy::text finished() {
    made_.add(last_);
    return made_;
  }

 private:
  void follow(std::int32_t id, bool is_answer) {
    if (last_ >= 0) made_.add(last_, is_answer ? id : tf::no_label);
    last_ = id;
  }
  toy::text made_;
  std::int32_t last_ = -1;
};

/// Bits and, behind `=`, whether the number of ones is odd; with a scratchpad, that of each beginning.
toy::text parity(tf::philox& random, std::int32_t digits, bool scratchpad) {
  question asked;
  std::vector<std::int32_t> odd{0};
  for (std::int32_t i = 0; i < digits; ++i) {
    const std::int32_t bit = toy::pick(random, 2);
    asked.given(bit);
    odd.push_back(odd.back() ^ bit);
  }
  asked.given(equals);
  for (std::int32_t i = scratchpad ? 1 : digits; i <= digits; ++i) asked.answer(odd[std::size_t(i)]);
  return asked.finished();
}

/// a + b = sum; with a scratchpad, from the lowest place on: the digit of a, of b, of the sum, and what is carried.
toy::text addition(tf::philox& random, std::int32_t digits, bool scratchpad) {
  std::array<std::vector<std::int32_t>, 2> terms;
  question asked;
  for (std::size_t t = 0; t < 2; ++t) {
    for (std::int32_t i = 0; i < digits; ++i) terms[t].push_back(toy::pick(random, 10));
    for (const std::int32_t digit : terms[t]) asked.given(digit);
    asked.given(t == 0 ? plus : equals);
  }
  std::vector<std::int32_t> sum;
  std::int32_t carry = 0;
  for (std::size_t place = std::size_t(digits); place-- > 0;) {
    const std::int32_t a = terms[0][place], b = terms[1][place], both = a + b + carry;
    carry = both / 10;
    sum.push_back(both % 10);
    if (scratchpad)
      for (const std::int32_t id : {a, b, both % 10, carry}) asked.answer(id);
  }
  sum.push_back(carry);
  if (!scratchpad)
    for (std::size_t i = sum.size(); i-- > 0;) asked.answer(sum[i]);
  return asked.finished();
}

struct task {
  std::string_view name;
  toy::text (*draw)(tf::philox&, std::int32_t digits, bool scratchpad);
  bool scratchpad;
};
constexpr std::array tasks{task{"parity", parity, false}, task{"parity, scratchpad", parity, true},
                           task{"addition", addition, false}, task{"addition, scratchpad", addition, true}};

/// The fraction of wholly right answers for each number of digits. All tokens of an answer are the likeliest ones after
/// the true tokens before them if and only if greedy decoding writes this answer.
using right_answers = std::array<double, asked_digits.size()>;

template <class M> right_answers taught(const task& given, tf::index_type steps) {
  auto lessons = toy::texts_of<batch_size>(1, [&](tf::philox& random) {
    return given.draw(random, 1 + toy::pick(random, trained_digits), given.scratchpad);
  });
  tf::parameters<M> values;
  toy::train_decoder<batch_size, room>(values, lessons, steps);
  const tf::weights<M> weights{values};
  tf::forward_pass<M, tf::tokens<room>> pass{weights};
  right_answers found{};
  for (std::size_t d = 0; d < asked_digits.size(); ++d)
    for (tf::index_type i = 0; i < tested; ++i) {
      tf::philox random{2, std::uint64_t(i)};
      const toy::text asked = given.draw(random, asked_digits[d], given.scratchpad);
      const auto logits = pass.run(std::span<const std::int32_t>{asked.ids});
      if (!logits) std::exit(1);
      bool all = true;
      for (std::size_t t = 0; t < asked.labels.size(); ++t) {
        const float* const row = logits->from(tf::index_type(t)).data;
        all &= asked.labels[t] == tf::no_label || std::max_element(row, row + symbols) - row == asked.labels[t];
      }
      found[d] += all / double(tested);
    }
  return found;
}

struct scheme {
  std::string_view name;
  right_answers (*taught)(const task&, tf::index_type steps);
};
template <template <tf::index_type, tf::index_type> class... Scheme> constexpr auto listed() {
  return std::array{scheme{Scheme<symbols, room>::name, taught<Scheme<symbols, room>>}...};
}

int main(int argc, char** argv) {
  const tf::index_type steps = argc > 1 ? std::atoi(argv[1]) : 4000;
  constexpr auto schemes =
      listed<toy::no_positions, toy::learned, toy::sinusoidal, toy::rotary, toy::alibi, toy::bias_of_distances>();

  std::array<std::array<right_answers, schemes.size()>, tasks.size()> found{};
  toy::on_all_cores(tasks.size() * schemes.size(), [&](std::size_t i) {
    const std::size_t longest_first = tasks.size() - 1 - i / schemes.size(), s = i % schemes.size();
    found[longest_first][s] = schemes[s].taught(tasks[longest_first], steps);
  });

  std::printf("Right answers of %d, after %d steps with 1 to %d digits\n", int(tested), int(steps),
              int(trained_digits));
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    std::printf("%-22s", std::string(tasks[t].name).c_str());
    for (const int digits : asked_digits) std::printf("%5d", digits);
    std::printf(" digits\n");
    for (std::size_t s = 0; s < schemes.size(); ++s) {
      std::printf("  %-20s", std::string(schemes[s].name).c_str());
      for (const double right : found[t][s]) std::printf(" %4.2f", right);
      std::printf("\n");
    }
  }
}
