// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "../model_files/progress.hpp"
#include "listing.hpp"

namespace inspect {

/// What differs between two tensors of one name; an empty text: nothing.
inline tf::result<std::string, tf::file_error> difference_of(const tf::stored_tensor& a, const tf::stored_tensor& b) {
  std::string text;
  if (!std::equal(a.shape.begin(), a.shape.end(), b.shape.begin(), b.shape.end()))
    return "shape " + tf::shape_text(a.shape) + " and " + tf::shape_text(b.shape);
  if (a.dtype != b.dtype)
    text = "type " + std::string(tf::name_of(a.dtype)) + " and " + std::string(tf::name_of(b.dtype));
  const bool are_floats = tf::is_read_as_floats(a.dtype) && tf::is_read_as_floats(b.dtype);
  if (!are_floats && a.dtype != b.dtype) return text;
  constexpr std::size_t piece = std::size_t{1} << 20;
  std::size_t different = 0;
  double farthest = 0;
  if (are_floats) {
    for (std::size_t first = 0; first < a.element_count(); first += piece) {
      const std::size_t size = std::min(piece, a.element_count() - first);
      std::vector<float> of_a(size), of_b(size);
      if (auto read = tf::read_floats(a, first, of_a); !read) return tf::failure{read.error()};
      if (auto read = tf::read_floats(b, first, of_b); !read) return tf::failure{read.error()};
      for (std::size_t i = 0; i < size; ++i) {
        if (std::memcmp(&of_a[i], &of_b[i], sizeof(float)) == 0) continue;
        ++different;
        const double distance = std::abs(double(of_a[i]) - double(of_b[i]));
        farthest = std::isnan(distance) || distance > farthest ? distance : farthest;
      }
    }
    if (different > 0)
      text += (text.empty() ? "" : ", ") + std::to_string(different) + " of " + std::to_string(a.element_count()) +
              " numbers, by at most " + tf::exact_text(float(farthest));
    return text;
  }
  bool are_equal = true;
  for (std::size_t first = 0; first < a.bytes.size(); first += piece) {
    const std::size_t size = std::min(piece, a.bytes.size() - first);
    std::vector<std::byte> of_a(size), of_b(size);
    if (auto read = tf::detail::copy_bytes(a, first, of_a); !read) return tf::failure{read.error()};
    if (auto read = tf::detail::copy_bytes(b, first, of_b); !read) return tf::failure{read.error()};
    are_equal = are_equal && of_a == of_b;
  }
  return are_equal ? text : std::string("bytes");
}

/// Prints what differs between two files or folders, by Hugging Face's names. Returns whether anything does.
inline tf::result<bool, tf::file_error> print_difference(const model_files::opened_model& a,
                                                         const model_files::opened_model& b) {
  bool differs = false;
  const auto tell = [&](std::string_view name, const std::string& what) {
    differs = true;
    print("tensor      " + tf::printable(name) + ": " + what);
  };
  const auto tensors = a.checkpoint->tensors();
  model_files::progress shown{"compared", tensors.size()};
  for (const tf::stored_tensor& tensor : tensors) {
    const tf::stored_tensor* const other = b.checkpoint->find(tensor.name);
    if (!other) {
      tell(tensor.name, "only in the first");
    } else {
      const auto difference = difference_of(tensor, *other);
      if (!difference) return tf::failure{difference.error()};
      if (!difference->empty()) tell(tensor.name, *difference);
    }
    shown.step();
  }
  for (const tf::stored_tensor& tensor : b.checkpoint->tensors())
    if (!a.checkpoint->find(tensor.name)) tell(tensor.name, "only in the second");
  if (!differs) print("no tensor differs");
  return differs;
}

}  // namespace inspect
