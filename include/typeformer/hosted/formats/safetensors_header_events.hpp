// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <typeformer/hosted/formats/json_events.hpp>
#include <typeformer/hosted/formats/safetensors_header.hpp>
#include <typeformer/hosted/formats/tensor_dtype.hpp>

namespace typeformer {

/// Fills a header from its JSON, as strict as the reference reader (tensor.rs, `HashMetadata`): unknown fields of a
/// tensor are ignored; missing, repeated and mistyped ones are rejected.
class safetensors_header_events final : public json_events {
 public:
  safetensors_header header;

  /// The tensor whose description was being read, for the error.
  std::string_view current_tensor() const {
    return where_ >= place::tensor ? header.texts.view(entry_.name) : std::string_view{};
  }

  bool null() override {
    if (where_ == place::metadata) return leave_metadata();
    return ignored() || reject("has a null where none belongs");
  }
  bool boolean(bool) override { return ignored() || reject("has a boolean where none belongs"); }
  bool integer(std::int64_t) override { return ignored() || reject("has a number that is not a whole number"); }
  bool real(double) override { return ignored() || reject("has a number that is not a whole number"); }
  bool unsigned_integer(std::uint64_t value) override {
    if (ignored()) return true;
    if (where_ == place::shape_items) return extent(value);
    if (where_ == place::offset_items) return offset(value);
    return reject("has a number where none belongs");
  }
  bool text(std::string_view value) override {
    if (ignored()) return true;
    if (where_ == place::metadata_value) {
      header.metadata.back().text = header.texts.add(value);
      where_ = place::metadata_items;
      return true;
    }
    if (where_ != place::dtype) return reject("has a text where none belongs");
    const auto dtype = dtype_named(value);
    if (!dtype || !is_in_safetensors(*dtype)) return reject("unknown element type ", value);
    entry_.dtype = *dtype;
    where_ = place::tensor_fields;
    return true;
  }
  bool key(std::string_view name) override {
    if (where_ == place::root) return root_key(name);
    if (where_ == place::metadata_items) {
      if (header.metadata.size() == safetensors_most_metadata)
        return reject("__metadata__ has too many entries: expected at most ",
                      detail::digits_of(safetensors_most_metadata));
      header.metadata.push_back({header.texts.add(name), {}});
      where_ = place::metadata_value;
    } else if (where_ == place::tensor_fields) {
      if (name == "dtype") return field(place::dtype, has_dtype_);
      if (name == "shape") return field(place::shape, has_shape_);
      if (name == "data_offsets") return field(place::offsets, has_offsets_);
      where_ = place::unknown_field;
    }
    return true;
  }
  bool begin_object() override {
    if (where_ == place::start) return enter(place::root);
    if (where_ == place::metadata) return enter(place::metadata_items);
    if (where_ == place::tensor) return enter(place::tensor_fields);
    return deeper_in_unknown() || reject("has an object where none belongs");
  }
  bool end_object() override {
    if (where_ == place::metadata_items) return leave_metadata();
    if (where_ == place::tensor_fields) return finish_tensor();
    if (where_ == place::root) return enter(place::end);
    return shallower_in_unknown();
  }
  bool begin_array() override {
    if (where_ == place::shape) return enter(place::shape_items);
    if (where_ == place::offsets) return enter(place::offset_items);
    return deeper_in_unknown() || reject("has an array where none belongs");
  }
  bool end_array() override {
    if (where_ == place::shape_items) return enter(place::tensor_fields);
    if (where_ != place::offset_items) return shallower_in_unknown();
    return offset_count_ == 2 ? enter(place::tensor_fields) : reject("data_offsets does not have two numbers");
  }

 private:
  enum class place {
    start,
    root,
    end,
    metadata,
    metadata_items,
    metadata_value,
    tensor,
    tensor_fields,
    dtype,
    shape,
    shape_items,
    offsets,
    offset_items,
    unknown_field
  };

  bool enter(place next) {
    where_ = next;
    return true;
  }
  bool leave_metadata() { return enter(place::root); }

  // A value that is the whole unknown field ends it. Inside a nested one only the depth does.
  bool ignored() {
    if (where_ != place::unknown_field) return false;
    if (unknown_depth_ == 0) where_ = place::tensor_fields;
    return true;
  }
  bool deeper_in_unknown() { return where_ == place::unknown_field && ++unknown_depth_ > 0; }
  bool shallower_in_unknown() {
    if (--unknown_depth_ == 0) where_ = place::tensor_fields;
    return true;
  }

  bool root_key(std::string_view name) {
    if (name == "__metadata__") {
      if (std::exchange(has_metadata_, true)) return reject("__metadata__ is repeated");
      return enter(place::metadata);
    }
    entry_ = {};
    entry_.name = header.texts.add(name);
    entry_.first_extent = header.extents.size();
    has_dtype_ = has_shape_ = has_offsets_ = false;
    offset_count_ = 0;
    return enter(place::tensor);
  }
  bool field(place next, bool& seen) { return std::exchange(seen, true) ? reject("a field is repeated") : enter(next); }
  bool extent(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return reject("shape overflows: ", detail::digits_of(value));
    }
    if (header.extents.size() == safetensors_most_extents)
      return reject("too many extents of all tensors together: expected at most ",
                    detail::digits_of(safetensors_most_extents));
    header.extents.push_back(static_cast<std::int64_t>(value));
    ++entry_.rank;
    return true;
  }
  bool offset(std::uint64_t value) {
    if (offset_count_ == 2) return reject("data_offsets does not have two numbers");
    (offset_count_ == 0 ? entry_.begin : entry_.end) = value;
    ++offset_count_;
    return true;
  }
  bool finish_tensor() {
    if (!has_dtype_) return reject("dtype is missing");
    if (!has_shape_) return reject("shape is missing");
    if (!has_offsets_) return reject("data_offsets is missing");
    header.entries.push_back(entry_);
    return enter(place::root);
  }

  place where_ = place::start;
  safetensors_header::entry entry_;
  int unknown_depth_ = 0, offset_count_ = 0;
  bool has_metadata_ = false, has_dtype_ = false, has_shape_ = false, has_offsets_ = false;
};

}  // namespace typeformer
