// SPDX-License-Identifier: BSL-1.0
// 25. Longer texts: decoders that differ only in their position scheme learn texts of up to 64 tokens, and read up to 512.
//     docs/open_questions/long_range.md explains the figures.
//
//    25_longer_texts TEXT [STEPS [CHART.svg]]
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/hosted/files/write_text.hpp>
#include <typeformer/hosted/plots/line_chart.hpp>
#include <typeformer/text/character_vocabulary.hpp>

#include "../generated_texts.hpp"
#include "loss_of_token.hpp"
#include "on_all_cores.hpp"
#include "position_schemes.hpp"
#include "train_decoder.hpp"

namespace tf = typeformer;

constexpr std::int32_t symbols = 128;
constexpr tf::index_type batch_size = 16, trained_length = 64, context = 512;
constexpr std::array lengths{64, 128, 256, 512};

/// The weights of `rotary`, which are trained without any of these.
constexpr double stretch = double(context) / double(trained_length);
template <class... Options> struct stretched : toy::positioned_decoder<symbols, toy::rotation<context, Options...>> {};
struct divided : stretched<tf::theta<10000.0>, tf::position_divisor<stretch>> {
  static constexpr std::string_view name = "rotary / 8";
};
/// The slowest rotation is divided by the factor, the fastest one stays: θ · factor^(d / (d − 2)) (bloc97 2023; Peng et al.
/// 2023, arXiv:2309.00071, §3.1).
constexpr double slower_theta = 10000.0 * tf::math::pow(stretch, toy::head_columns / (toy::head_columns - 2.0));
struct slower : stretched<tf::theta<slower_theta>> {
  static constexpr std::string_view name = "rotary, slower";
};
struct yarn : stretched<tf::theta<10000.0>, tf::yarn_frequencies<stretch, trained_length>> {
  static constexpr std::string_view name = "rotary, YaRN";
};

/// A key somewhere in random symbols; the marker before it is repeated at the end, and the key is asked for.
toy::text passkey(tf::philox& random, std::int32_t length) {
  constexpr std::int32_t marker = 40, digits = 3;
  std::vector<std::int32_t> ids;
  for (std::int32_t i = 0; i < length; ++i) ids.push_back(10 + toy::pick(random, 20));
  const std::int32_t at = toy::pick(random, std::uint32_t(length - 2 * (digits + 1)));
  for (const std::int32_t begin : {at, length - digits - 1}) ids[std::size_t(begin)] = marker;
  for (std::int32_t d = 1; d <= digits; ++d)
    ids[std::size_t(length - digits - 1 + d)] = ids[std::size_t(at + d)] = toy::pick(random, 10);
  toy::text made;
  for (std::int32_t i = 0; i + 1 < length; ++i)
    made.add(ids[std::size_t(i)], i < length - digits - 1 ? tf::no_label : ids[std::size_t(i + 1)]);
  return made;
}
/// Random symbols, a separator, and the same symbols again, which are asked for.
toy::text copy(tf::philox& random, std::int32_t length) {
  constexpr std::int32_t separator = 40;
  const std::int32_t half = length / 2;
  std::vector<std::int32_t> ids;
  for (std::int32_t i = 0; i < half; ++i) ids.push_back(10 + toy::pick(random, 20));
  ids.push_back(separator);
  ids.insert(ids.end(), ids.begin(), ids.begin() + half);
  toy::text made;
  for (std::int32_t i = 0; i < 2 * half; ++i)
    made.add(ids[std::size_t(i)], i < half ? tf::no_label : ids[std::size_t(i + 1)]);
  return made;
}
using task = toy::text (*)(tf::philox&, std::int32_t length);

/// For each length: nats a character in the second half of a text; for a task, the fraction of tokens that are right.
using figures = std::array<double, lengths.size()>;

template <class M> class examined {
 public:
  explicit examined(std::span<const float> values) {
    std::copy(values.begin(), values.end(), values_.data());
    weights_.emplace(values_);
    pass_.emplace(*weights_);
  }

  figures losses(std::span<const std::int32_t> text) {
    figures found{};
    for (std::size_t l = 0; l < lengths.size(); ++l) {
      double sum = 0, count = 0;
      for (std::size_t begin = 0; begin + context < text.size() && count < 20000; begin += context) {
        const auto part = text.subspan(begin + std::size_t(context - lengths[l]), std::size_t(lengths[l]) + 1);
        const auto logits = pass_->run(part.first(part.size() - 1));
        if (!logits) std::exit(1);
        for (std::size_t i = part.size() / 2; i + 1 < part.size(); ++i, ++count)
          sum += toy::loss_of_token<symbols>(logits->from(tf::index_type(i)).data, part[i + 1]);
      }
      found[l] = sum / count;
    }
    return found;
  }
  figures right(task given) {
    figures found{};
    for (std::size_t l = 0; l < lengths.size(); ++l) {
      double right = 0, count = 0;
      for (std::uint64_t i = 0; i < 100; ++i) {
        tf::philox random{2, i};
        const toy::text asked = given(random, lengths[l]);
        const auto logits = pass_->run(std::span<const std::int32_t>{asked.ids});
        if (!logits) std::exit(1);
        for (std::size_t t = 0; t < asked.labels.size(); ++t) {
          if (asked.labels[t] == tf::no_label) continue;
          const float* const row = logits->from(tf::index_type(t)).data;
          right += std::max_element(row, row + symbols) - row == asked.labels[t];
          ++count;
        }
      }
      found[l] = right / count;
    }
    return found;
  }

 private:
  tf::parameters<M> values_;
  std::optional<tf::weights<M>> weights_;
  std::optional<tf::forward_pass<M, tf::tokens<context>>> pass_;
};

template <class M> auto trained(auto&& data, tf::index_type steps) {
  tf::parameters<M> values;
  toy::train_decoder<batch_size, trained_length>(values, data, steps);
  return std::vector<float>(values.data(), values.data() + values.size());
}

struct line {
  std::string name;
  figures found;
};
/// What a model with weights of `M` finds, itself and as each of `Others`.
template <class M, class... Others> std::vector<line> lines_of(std::span<const float> values, auto&& find) {
  std::vector<line> lines{{std::string(M::name), find(examined<M>{values})}};
  (lines.push_back({std::string(Others::name), find(examined<Others>{values})}), ...);
  return lines;
}

template <class M, class... Others> struct scheme {
  static std::vector<line> read(const std::vector<std::int32_t>& ids, tf::index_type steps) {
    auto data = tf::causal_windows<batch_size, trained_length>::of(ids, symbols, 1);
    if (!data) std::exit(1);
    return lines_of<M, Others...>(trained<M>(*data, steps),
                                  [&](auto&& model) { return model.losses(data->validation()); });
  }
  static std::vector<line> solve(task given, tf::index_type steps) {
    auto lessons = toy::texts_of<batch_size>(
        1, [given](tf::philox& random) { return given(random, 16 + toy::pick(random, trained_length - 15)); });
    return lines_of<M, Others...>(trained<M>(lessons, steps), [&](auto&& model) { return model.right(given); });
  }
};

using job = std::function<std::vector<line>()>;
template <class... Schemes> std::vector<job> jobs_of(const std::vector<std::int32_t>& ids, tf::index_type steps) {
  std::vector<job> jobs;
  (jobs.push_back([&ids, steps] { return Schemes::read(ids, steps); }), ...);
  for (const task given : {passkey, copy})
    (jobs.push_back([given, steps] { return Schemes::solve(given, steps); }), ...);
  return jobs;
}

void draw(const std::vector<line>& lines, const char* file) {
  constexpr std::array colors{"#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd",
                              "#8c564b", "#e377c2", "#7f7f7f", "#17becf", "#111"};
  tf::line_chart chart{
      .title = "Trained with 64 characters", .x_name = "characters read", .y_name = "nats a character"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    tf::chart_line curve{.name = lines[i].name, .color = colors[i % colors.size()], .marked = true};
    for (std::size_t l = 0; l < lengths.size(); ++l)
      curve.points.push_back({double(lengths[l]), std::min(4.0, lines[i].found[l])});
    chart.lines.push_back(std::move(curve));
  }
  if (const auto written = tf::write_text(file, tf::svg_of(chart)); !written)
    std::fprintf(stderr, "%s\n", written.error().message().c_str());
}

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "25_longer_texts TEXT [STEPS [CHART.svg]]\n"), 2;
  const tf::index_type steps = argc > 2 ? std::atoi(argv[2]) : 1500;
  const auto text = tf::read_text(argv[1]);
  if (!text) return std::fprintf(stderr, "%s\n", text.error().message().c_str()), 1;
  const auto vocabulary = tf::character_vocabulary::of(*text);
  if (!vocabulary || vocabulary->size() > symbols) return std::fprintf(stderr, "too many characters\n"), 1;
  const std::vector<std::int32_t> ids = *vocabulary->encode(*text);

  const std::vector<job> jobs =
      jobs_of<scheme<toy::no_positions<symbols, context>>, scheme<toy::learned<symbols, context>>,
              scheme<toy::sinusoidal<symbols, context>>, scheme<toy::rotary<symbols, context>, divided, slower, yarn>,
              scheme<toy::rotary_in_a_window<symbols, context>>, scheme<toy::alibi<symbols, context>>,
              scheme<toy::bias_of_distances<symbols, context>>>(ids, steps);
  std::vector<std::vector<line>> done(jobs.size());
  toy::on_all_cores(jobs.size(), [&](std::size_t i) { done[i] = jobs[i](); });

  const std::size_t schemes = jobs.size() / 3;
  std::size_t number = 0;
  for (const char* name : {"nats a character", "digits of a passkey", "copied symbols"}) {
    std::vector<line> lines;
    for (std::size_t s = 0; s < schemes; ++s, ++number)
      lines.insert(lines.end(), done[number].begin(), done[number].end());
    std::printf("%-22s", name);
    for (const int length : lengths) std::printf("%6d", length);
    std::printf("\n");
    for (const auto& [scheme, found] : lines) {
      std::printf("  %-20s", scheme.c_str());
      for (const double figure : found) std::printf("  %4.2f", figure);
      std::printf("\n");
    }
    if (number == schemes && argc > 3) draw(lines, argv[3]);
  }
}
