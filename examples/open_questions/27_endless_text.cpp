// SPDX-License-Identifier: BSL-1.0
// 27. A text without an end: a decoder that learned from 64 tokens reads a million in the memory of 64, because the oldest
//     are dropped. docs/open_questions/long_range.md explains the figures.
//
//    27_endless_text TEXT [STEPS [TOKENS]]
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/text/character_vocabulary.hpp>

#include "loss_of_token.hpp"
#include "on_all_cores.hpp"
#include "position_schemes.hpp"
#include "train_decoder.hpp"

namespace tf = typeformer;

constexpr std::int32_t symbols = 128;
constexpr tf::index_type batch_size = 16, window = 64;
constexpr std::size_t every = 61;  ///< for each of so many tokens a fresh window is read, too

/// Nats a token, in a tenth of the text.
struct part {
  double streamed = 0, fresh = 0;
  tf::index_type count = 0;
  long kilobytes = 0;  ///< the most that the process has held so far

  double ratio() const { return std::exp((streamed - fresh) / double(count)); }
};
using parts = std::array<part, 10>;

long kilobytes_so_far() {
  ::rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Reads `length` tokens, from the beginning again where the text ends. A fresh window has as many tokens as the session
/// holds.
template <class M, tf::index_type Sinks>
parts read(const tf::weights<M>& weights, std::span<const std::int32_t> text, std::size_t length) {
  tf::session<M, tf::context<window>, tf::tokens<1>, tf::attention_sinks<Sinks>> session{weights};
  tf::forward_pass<M, tf::tokens<window>> pass{weights};
  const auto token = [&](std::size_t i) { return text[i % text.size()]; };
  parts found{};
  std::vector<std::int32_t> seen;
  for (std::size_t i = 0; i + 1 < length; ++i) {
    const auto logits = session.decode(token(i));
    if (!logits) std::exit(1);
    part& now = found[i * found.size() / length];
    if (i % every != 0 || i < window) continue;
    const std::size_t held = std::size_t(*session.length(0));
    seen.clear();
    for (std::size_t k = i + 1 - held; k <= i; ++k) seen.push_back(token(k));
    const auto all = pass.run(seen);
    if (!all) std::exit(1);
    now.streamed += toy::loss_of_token<symbols>(logits->data(), token(i + 1));
    now.fresh += toy::loss_of_token<symbols>(all->from(tf::index_type(held) - 1).data, token(i + 1));
    ++now.count;
    now.kilobytes = kilobytes_so_far();
  }
  return found;
}

template <class M> void train(tf::parameters<M>& values, const std::vector<std::int32_t>& ids, tf::index_type steps) {
  auto data = tf::causal_windows<batch_size, window>::of(ids, symbols, 1);
  if (!data) std::exit(1);
  toy::train_decoder<batch_size, window>(values, *data, steps);
}

void print(std::string_view name, const parts& found) {
  std::printf("%s\n  tenth  nats a token  a fresh window  ratio of perplexities   memory\n", std::string(name).c_str());
  for (std::size_t i = 0; i < found.size(); ++i)
    std::printf("%7zu %13.3f %15.3f %22.3f %6ld MB\n", i + 1, found[i].streamed / double(found[i].count),
                found[i].fresh / double(found[i].count), found[i].ratio(), found[i].kilobytes / 1024);
}

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "27_endless_text TEXT [STEPS [TOKENS]]\n"), 2;
  const tf::index_type steps = argc > 2 ? std::atoi(argv[2]) : 1500;
  const std::size_t length = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1'000'000;
  const auto text = tf::read_text(argv[1]);
  if (!text) return std::fprintf(stderr, "%s\n", text.error().message().c_str()), 1;
  const auto vocabulary = tf::character_vocabulary::of(*text);
  if (!vocabulary || vocabulary->size() > symbols) return std::fprintf(stderr, "too many characters\n"), 1;
  const std::vector<std::int32_t> ids = *vocabulary->encode(*text);

  using rotary = toy::rotary<symbols, window>;
  using alibi = toy::alibi<symbols, window>;
  tf::parameters<rotary> of_rotary;
  tf::parameters<alibi> of_alibi;
  toy::on_all_cores(2, [&](std::size_t i) { i == 0 ? train(of_rotary, ids, steps) : train(of_alibi, ids, steps); });
  const tf::weights<rotary> rotary_weights{of_rotary};
  const tf::weights<alibi> alibi_weights{of_alibi};
  std::array<parts, 3> found{};
  toy::on_all_cores(found.size(), [&](std::size_t i) {
    if (i == 0) found[i] = read<rotary, 4>(rotary_weights, ids, length);
    if (i == 1) found[i] = read<rotary, 0>(rotary_weights, ids, length);
    if (i == 2) found[i] = read<alibi, 4>(alibi_weights, ids, length);
  });
  print("rotary, 4 sinks", found[0]);
  print("rotary, no sinks", found[1]);
  print("ALiBi, 4 sinks", found[2]);
}
