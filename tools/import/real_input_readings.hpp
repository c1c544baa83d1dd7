// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "encoder_heads.hpp"
#include "readings.hpp"

/// How the rows of models that read images, spectrograms and time series are read.
namespace importing {

/// A count of a key that is no meaning.
inline std::int64_t count_of(model_reader& r, std::string_view key, std::int64_t otherwise) {
  const tf::json_node* const node = r.config.find(key);
  if (node == nullptr) return otherwise;
  if (!is_count(*node)) return r.config.wrong(key, count.expected), 1;
  return node->integer;
}
/// A key that is no meaning and is true or false, as a member.
inline void set_flag(model_reader& r, const row& of, std::string_view member) {
  r.set(member, r.flag_of(of.name, of.otherwise == "true") ? "true" : "false");
}

/// Height and width of something: one number, or [height, width].
inline void set_sides(model_reader& r, const row& of, std::string_view height, std::string_view width) {
  const tf::json_node* const node = r.config.find(of.name);
  std::vector<std::int64_t> sides(node == nullptr ? 2 : 0, whole(of.otherwise));
  if (node != nullptr && is_count(*node)) sides.assign(2, node->integer);
  if (node != nullptr && node->kind == tf::json_kind::array)
    r.config.tree().for_each_child(
        *node, [&](const tf::json_node& side) { sides.push_back(is_count(side) ? side.integer : 0); });
  if (sides.size() != 2 || sides[0] < 1 || sides[1] < 1)
    return r.config.wrong(of.name, std::string(count.expected) + ", or two as [height, width]");
  r.set(height, sides[0]);
  r.set(width, sides[1]);
}
inline void sides_of_image(model_reader& r, const row& of) { set_sides(r, of, "image_height", "image_width"); }
inline void sides_of_patch(model_reader& r, const row& of) { set_sides(r, of, "patch_height", "patch_width"); }

/// Whether the architecture is one without a head.
inline bool is_body(model_reader& r) { return r.architecture().ends_with("Model"); }

/// The classes of a head; 0: it is a body.
inline void classes_of_head(model_reader& r, const row& of) { r.set(of.name, is_body(r) ? 0 : classes_of(r)); }
inline void has_teacher(model_reader& r, const row& of) {
  r.set(of.name, r.architecture().ends_with("WithTeacher") ? "true" : "false");
}

/// The pooler's width and function, which only the body has.
inline void width_of_pooler(model_reader& r, const row& of) {
  const std::string width = r.config.value(of.name, "");
  if (is_body(r)) r.set(of.name, width);
}
inline void function_of_pooler(model_reader& r, const row& of) {
  const std::string function = r.config.function(of.name, r.config.text(of.name, of.otherwise), activations);
  if (is_body(r)) r.set_argument(function);
}

/// The rows of each example, all of which a call reads.
inline void set_rows(model_reader& r, std::int64_t rows) {
  r.model.context = rows;
  if (r.asked.context > 0 && r.asked.context < rows)
    r.config.fail("a context of " + std::to_string(r.asked.context) + " tokens is asked for",
                  "the model's " + std::to_string(rows) + ", which it reads at once");
}
/// How often a patch fits.
inline std::int64_t patches_in(model_reader& r, std::int64_t length, std::int64_t patch, std::int64_t stride) {
  r.require(patch <= length, "the length of a patch", "no more than " + std::to_string(length), patch);
  return patch > length || stride < 1 ? 0 : (length - patch) / stride + 1;
}
/// `otherwise` is the number of learned rows.
inline void rows_of_images(model_reader& r, const row& of) {
  const std::int64_t height = r.value_of("patch_height"), width = r.value_of("patch_width");
  set_rows(r, whole(of.otherwise) + patches_in(r, r.value_of("image_height"), height, height) *
                                        patches_in(r, r.value_of("image_width"), width, width));
}
inline void rows_of_spectrograms(model_reader& r, const row& of) {
  set_rows(r, whole(of.otherwise) +
                  patches_in(r, r.value_of("mel_bins"), r.value_of("patch_height"), r.value_of("frequency_stride")) *
                      patches_in(r, r.value_of("time"), r.value_of("patch_width"), r.value_of("time_stride")));
}

/// What a PatchTST predicts, and the keys that change what is predicted.
inline void head_of_series(model_reader& r, const row& of) {
  const std::int64_t targets = count_of(r, of.name, 1);
  const std::string_view architecture = r.architecture();
  const bool classifies = architecture.ends_with("ForClassification"),
             forecasts = architecture.ends_with("ForPrediction"), predicts = architecture.ends_with("ForRegression");
  if (classifies) r.set("classes", targets);
  if (forecasts) r.set("forecast", count_of(r, "prediction_length", 24));
  if (predicts) r.set("targets", targets);
  if (forecasts) r.config.only("share_projection", "true");
  if (forecasts || predicts) r.config.only("loss", "\"mse\"");  // others predict distributions
  if (predicts) r.config.only("output_range", "null");
  if (is_body(r)) r.config.only("do_mask_input", "false");  // heads are trained and run without masks
  for (const std::string_view key : {"loss", "output_range", "do_mask_input"}) r.config.find(key);
}
inline void class_token_of_channels(model_reader& r, const row& of) { set_flag(r, of, "has_class_token"); }
inline void bias_of_feed_forward(model_reader& r, const row& of) { set_flag(r, of, "feed_forward_bias"); }
/// One of some texts.
inline std::string choice(model_reader& r, const row& of, std::initializer_list<std::string_view> known) {
  const std::string text = r.config.text(of.name, of.otherwise);
  std::string all;
  for (const std::string_view one : known) {
    if (text == one) return text;
    all += (all.empty() ? "one of " : ", ") + std::string(one);
  }
  return r.config.unsupported(of.name, all), std::string(known.begin()[0]);
}
inline void norm_of_series(model_reader& r, const row& of) {
  r.set("has_batch_norm", choice(r, of, {"batchnorm", "layernorm"}) == "batchnorm" ? "true" : "false");
}
/// Both kinds are a table in the file.
inline void positions_of_series(model_reader& r, const row& of) { choice(r, of, {"sincos", "random"}); }
inline void scaling_of_series(model_reader& r, const row& of) {
  const std::string kind = r.is_null(of.name) ? "false" : choice(r, of, {"std", "mean", "true", "false"});
  r.set_argument(kind == "std" ? "standardized" : kind == "false" ? "without_scaling" : "divided_by_mean");
}
/// Without pooling a forecast reads all rows.
inline void pooling_of_series(model_reader& r, const row& of) {
  const bool is_none = r.is_null(of.name);
  if (is_none && r.has("forecast")) return r.set_argument("all_of_rows");
  if (is_none) r.config.unsupported(of.name, "one of mean, max");
  r.set_argument(choice(r, of, {"mean", "max"}) == "mean" ? "mean_of_rows" : "maximum_of_rows");
}
inline void rows_of_series(model_reader& r, const row&) {
  const std::int64_t rows = patches_in(r, r.value_of("length"), r.value_of("patch_length"), r.value_of("patch_step"));
  set_rows(r, r.value_of("channels") * (rows + (r.text_of("has_class_token") == "true" ? 1 : 0)));
}

}  // namespace importing
