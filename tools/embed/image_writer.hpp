// SPDX-License-Identifier: BSL-1.0
#pragma once
// What typeformer-import --embed compiles together with a model's header, and runs once: it reads the model's weights and
// writes them as a device reads them.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/execution/narrow_cache.hpp>
#include <typeformer/hosted/files/write_text.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/parameters/narrow_weights_order.hpp>
#include <typeformer/session/cache_scales.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/self_test.hpp>
#include <typeformer/session/session.hpp>

#include "image_text.hpp"

namespace embedding {

namespace tf = typeformer;

/// The numbers of a list such as "1 17 3"; empty if it is none.
inline std::vector<std::int32_t> ids_in(std::string_view text) {
  std::vector<std::int32_t> ids;
  for (const char *at = text.data(), *end = at + text.size(); at != end;) {
    if (*at == ' ' || *at == ',' || *at == '\n') {
      ++at;
      continue;
    }
    std::int32_t id = 0;
    const auto read = std::from_chars(at, end, id);
    if (read.ec != std::errc{}) return {};
    ids.push_back(id);
    at = read.ptr;
  }
  return ids;
}

/// Ids for a model for which none are asked: up to 8 that lie apart.
template <class M> std::vector<std::int32_t> usual_ids() {
  std::vector<std::int32_t> ids;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(8, M::context); ++i)
    ids.push_back(std::int32_t((1 + 7919 * i) % M::vocabulary));
  return ids;
}

/// The scales of a cache in 8 bits, measured before a session reads them.
template <class M>
inline constexpr std::size_t cache_scales_needed = [] {
  if constexpr (!tf::detail::decodes<M>) return 0;
  else return std::size_t(tf::cache_scale_count<tf::plan_of<M, tf::decoding_with<>>>);
}();
template <class M> inline std::array<float, std::max<std::size_t>(1, cache_scales_needed<M>)> measured_scales;

/// Measures the scales that a text needs, with as many tokens at once as a session holds. Error: a sentence.
template <class M, class Format>
std::string measure_scales(const tf::weights<M, Format>& weights, std::span<const std::int32_t> text) {
  if constexpr (cache_scales_needed<M> == 0) return "this model has no cache of keys and values in 8 bits";
  else {
    tf::session<M, tf::reads<tf::weights<M, Format>>, tf::cache_in<tf::bf16>> run{weights};
    while (!text.empty()) {
      const auto part = text.first(std::min<std::size_t>(text.size(), std::size_t(run.reserved.context)));
      text = text.subspan(part.size());
      run.reset();
      if (const auto read = run.prefill(part); !read) return std::string(read.error().message().view());
      const auto found = tf::cache_scales(run);
      for (std::size_t i = 0; i < found.size(); ++i) measured_scales<M>[i] = std::max(measured_scales<M>[i], found[i]);
    }
    return {};
  }
}

/// The last row of the output for `ids`, with the weights in this format. Error: a sentence.
template <class M, class Format>
tf::result<std::vector<float>, std::string> golden_output(const tf::weights<M, Format>& weights,
                                                          std::span<const std::int32_t> ids, bool has_scales) {
  const auto of = [&](auto& run) -> tf::result<std::vector<float>, std::string> {
    const auto row = tf::detail::last_row<M>(run, ids);
    if (!row) return tf::failure{std::string(row.error().message().view())};
    return std::vector<float>(row->begin(), row->end());
  };
  using form = tf::reads<tf::weights<M, Format>>;
  if constexpr (tf::detail::decodes<M>) {
    if constexpr (cache_scales_needed<M> > 0)
      if (has_scales) {
        tf::session<M, form, tf::cache_in<tf::int8<tf::fixed_scales<measured_scales<M>>>>> run{weights};
        return of(run);
      }
    tf::session<M, form> run{weights};
    return of(run);
  } else {
    tf::forward_pass<M, form> run{weights};
    return of(run);
  }
}

inline int stop(std::string_view sentence) {
  std::fprintf(stderr, "typeformer-import: %.*s\n", int(sentence.size()), sentence.data());
  return 1;
}

/// Writes the image of model `M`. Arguments: the folder or file of its weights, its name, its header, beside which the
/// image is written, the floats of a vector of the device, the golden input and a text that fixes the scales of a cache in
/// 8 bits (both may be empty). Returns the exit code.
template <class M, class Format> int write_image(int count, char** arguments, std::string_view format) {
  if (count != 7) return stop("expected six arguments");
  const std::string from = arguments[1], name = arguments[2];
  const std::filesystem::path header = arguments[3], beside = header.parent_path() / name;
  const std::string_view asked = arguments[5], calibration = arguments[6];
  if constexpr (tf::reads_real_values<M> || tf::detail::reads_a_source<M> ||
                !requires { tf::index_type(M::output::width); }) {
    return stop("a model that reads features or a source, or has two outputs, is not embedded yet");
  } else {
    std::vector<std::int32_t> ids = ids_in(asked);
    if (ids.empty() && !asked.empty()) return stop("--golden takes ids, such as \"1 17 3\"");
    if (ids.empty()) ids = usual_ids<M>();

    const auto loaded =
        from.ends_with(".gguf") ? tf::load_parameters<M, tf::model_file>(from) : tf::load_parameters<M>(from);
    if (!loaded) return stop(loaded.error().message());
    const tf::weights<M, Format> weights{*loaded};
    if (!weights.available()) return stop("there is no memory for the weights");
    const std::vector<std::int32_t> text = ids_in(calibration);
    if (text.empty() && !calibration.empty()) return stop("--calibrate takes ids, or a file of ids");
    if (!text.empty())
      if (const std::string why = measure_scales<M, Format>(weights, text); !why.empty()) return stop(why);
    const auto golden = golden_output<M, Format>(weights, ids, !text.empty());
    if (!golden) return stop(golden.error());

    const tf::weights_order<M, Format> order{tf::index_type(std::atoll(arguments[4]))};
    std::vector<float> words(std::size_t(order.words()));
    order.lay_out(loaded->data(), words.data());
    image_facts facts{.name = name,
                      .header = header.filename().string(),
                      .format = std::string(format),
                      .runner = tf::detail::decodes<M> ? "session" : "forward_pass",
                      .lanes = order.lanes,
                      .words = order.words(),
                      .input = ids,
                      .output = *golden,
                      .cache_scales = {},
                      .checksum = tf::checksum_of(words.data(), order.words())};
    if (!text.empty()) facts.cache_scales.assign(measured_scales<M>.begin(), measured_scales<M>.end());
    if (auto written = tf::write_text(beside.string() + "_weights.S", assembly_text(name, words)); !written)
      return stop(written.error().message());
    if (auto written = tf::write_text(beside.string() + "_image.hpp", image_text(facts)); !written)
      return stop(written.error().message());
    return 0;
  }
}

}  // namespace embedding
