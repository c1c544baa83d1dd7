// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <set>
#include <type_traits>

#include <typeformer/foundation/config.hpp>

#include "attributes.hpp"
#include "tensors.hpp"

namespace typeformer::conformance {

/// An input of a case, converted to the scalar type of the comparison.
template <class S> struct given_tensor {
  std::vector<std::int64_t> shape;
  std::vector<S> values;

  index_type rank() const { return static_cast<index_type>(shape.size()); }
  index_type size() const { return static_cast<index_type>(values.size()); }
  /// Extent of an axis. Negative axes count from the end.
  index_type extent(index_type axis) const {
    if (axis < 0) axis += rank();
    if (axis < 0 || axis >= rank()) throw wrong_case("a tensor has too few axes");
    return shape[static_cast<std::size_t>(axis)];
  }
  /// A scalar is a row of one.
  index_type width() const { return shape.empty() ? 1 : shape.back(); }
  index_type rows() const { return width() == 0 ? 0 : size() / width(); }
};

/// The numbers of a stored tensor.
template <class S> given_tensor<S> converted(const stored_tensor& stored) {
  std::vector<std::conditional_t<std::is_integral_v<S>, std::int64_t, float>> values(stored.element_count());
  const auto read = [&] {
    if constexpr (std::is_integral_v<S>) return read_integers(stored, values);
    else return read_floats(stored, values);
  }();
  if (!read) throw wrong_case(std::string(read.error().message()));
  return {{stored.shape.begin(), stored.shape.end()}, {values.begin(), values.end()}};
}

/// An axis counted from the front.
inline index_type axis_of(std::int64_t axis, index_type rank) {
  if (axis < -rank || axis >= rank) throw wrong_case("axis " + std::to_string(axis) + " of " + std::to_string(rank));
  return axis < 0 ? axis + rank : axis;
}

/// One file of an operator or an optimizer: its inputs, its attributes, and which of them were read.
class given_case {
 public:
  /// `attributes_json` is used if the file has no attributes of its own.
  given_case(checkpoint_file file, const std::string& attributes_json) : file_{std::move(file)} {
    std::string json = attributes_json.empty() ? "{}" : attributes_json;
    for (const auto& [key, text] : file_.files().front().metadata())
      if (key == "attrs") json = std::string(text);
    document_.Parse(json.data(), json.size());
    if (!document_.IsObject()) throw wrong_case("the attributes are no JSON object");
  }

  const rapidjson::Value& json() const { return document_; }
  const checkpoint_file& file() const { return file_; }

  bool has(const std::string& name) {
    asked_.insert(name);
    return file_.find(name) != nullptr;
  }
  template <class S> given_tensor<S> get(const std::string& name) { return converted<S>(require(name)); }
  /// An upstream gradient, which has the shape of its result.
  template <class S> given_tensor<S> get_like(const std::string& name, const std::vector<std::int64_t>& shape) {
    auto tensor = get<S>(name);
    if (tensor.shape != shape) throw wrong_case("extents of " + name);
    return tensor;
  }
  template <class Id = std::int32_t> given_tensor<Id> get_ids(const std::string& name) { return get<Id>(name); }
  /// Checks the precondition of a table lookup.
  given_tensor<std::int32_t> get_ids_below(const std::string& name, index_type end) {
    auto tensor = get_ids<std::int64_t>(name);
    for (const std::int64_t id : tensor.values)
      if (id < 0 || id >= end)
        throw wrong_case(name + " holds " + std::to_string(id) + ", the table ends at " + std::to_string(end));
    return {tensor.shape, {tensor.values.begin(), tensor.values.end()}};
  }

  void require_all_asked() const {
    for (const stored_tensor& tensor : file_.tensors())
      if ((tensor.name.starts_with("in.") || tensor.name.starts_with("gout.")) &&
          !asked_.contains(std::string(tensor.name)))
        throw not_supported("input " + std::string(tensor.name));
  }

 private:
  const stored_tensor& require(const std::string& name) {
    asked_.insert(name);
    const stored_tensor* const found = file_.find(name);
    if (!found) throw wrong_case(name + " is absent");
    return *found;
  }

  checkpoint_file file_;
  rapidjson::Document document_;
  std::set<std::string> asked_;
};

template <class S>
void put(tensors& results, const std::string& name, std::vector<std::int64_t> shape, const std::vector<S>& values) {
  tensor& result = results[name];
  result.shape = std::move(shape);
  if constexpr (std::is_same_v<S, double>) result.doubles = values;
  else result.numbers.assign(values.begin(), values.end());
}
/// A result of the same shape as an input.
template <class S>
void put_like(tensors& results, const std::string& name, const given_tensor<S>& like, const std::vector<S>& values) {
  put(results, name, like.shape, values);
}

}  // namespace typeformer::conformance
