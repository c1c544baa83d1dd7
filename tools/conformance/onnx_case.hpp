// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>
#include <set>
#include <string>

#include <typeformer/foundation/config.hpp>

#include "given_case.hpp"

namespace typeformer::conformance {

/// By ONNX's name of an element type.
inline float rounded_to(const std::string& type, float value) {
  if (type == "FLOAT16") return float16(value);
  if (type == "BFLOAT16") return bfloat16(value);
  return value;
}

/// One node of ONNX with its inputs: a JSON file that describes it, and a safetensors file of `in/NAME`, `out/NAME`.
///
/// Inputs and outputs are found by their places in the node. Inputs and attributes that are never read are rejected.
class onnx_case {
 public:
  onnx_case(checkpoint_file file, const std::string& json) : file_{std::move(file)}, document_{parsed(json)} {}

  std::string operation() const { return text_of(document_, "op_type"); }
  attributes& attribute() { return attributes_; }

  bool has(unsigned input) const { return !name_of("node_inputs", input).empty(); }
  bool wants(unsigned output) const { return !name_of("node_outputs", output).empty(); }
  unsigned inputs() const { return document_["node_inputs"].Size(); }

  /// The operator set of the node; the newest one if it names none.
  std::int64_t operator_set() const {
    const std::string domain = document_.HasMember("domain") ? text_of(document_, "domain") : "";
    if (!document_.HasMember("opset") || !document_["opset"].IsObject()) return newest_version;
    const rapidjson::Value& sets = document_["opset"];
    const bool named = sets.HasMember(domain.c_str()) && sets[domain.c_str()].IsInt64();
    return named ? sets[domain.c_str()].GetInt64() : newest_version;
  }

  /// ONNX's name of an input's element type.
  std::string element_type(unsigned input) const {
    return type_of({"inputs", "initializers"}, name_of("node_inputs", input));
  }
  bool is_floating(unsigned input) const {
    const std::string type = element_type(input);
    return type == "FLOAT" || type == "DOUBLE" || type == "FLOAT16" || type == "BFLOAT16";
  }
  template <class S = float> given_tensor<S> get(unsigned input) {
    const stored_tensor& stored = require(input);
    if (!is_floating(input)) throw not_supported("element type " + element_type(input));
    return converted<S>(stored);
  }
  given_tensor<std::int64_t> get_integers(unsigned input) { return converted<std::int64_t>(require(input)); }
  float get_number(unsigned input) {
    const auto tensor = get(input);
    if (tensor.size() != 1) throw wrong_case("input " + std::to_string(input) + " is no single number");
    return tensor.values[0];
  }

  /// Rounded to the output's element type.
  void put(unsigned output, std::vector<std::int64_t> shape, std::vector<float> values) {
    if (!wants(output)) return;
    const std::string name = name_of("node_outputs", output), type = type_of({"outputs"}, name);
    for (float& value : values) value = rounded_to(type, value);
    conformance::put(results_, "out/" + name, std::move(shape), values);
  }
  void put_integers(unsigned output, std::vector<std::int64_t> shape, const std::vector<std::int64_t>& values) {
    if (!wants(output)) return;
    tensor& result = results_["out/" + name_of("node_outputs", output)];
    result.shape = std::move(shape);
    result.ids = values;
  }

  /// Throws `not_supported` for an attribute or an input that was never read.
  const tensors& results() const {
    attributes_.require_all_asked();
    for (unsigned input = 0; input < inputs(); ++input)
      if (has(input) && !asked_.contains(input)) throw not_supported("input " + name_of("node_inputs", input));
    return results_;
  }

 private:
  static rapidjson::Document parsed(const std::string& json) {
    rapidjson::Document document;
    document.Parse(json.c_str());
    if (!document.IsObject()) throw wrong_case("the node is no JSON object");
    for (const char* const list : {"node_inputs", "node_outputs"})
      if (!document.HasMember(list) || !document[list].IsArray()) throw wrong_case(std::string("no ") + list);
    if (!document.HasMember("attributes") || !document["attributes"].IsObject()) throw wrong_case("no attributes");
    return document;
  }
  static std::string text_of(const rapidjson::Value& object, const char* key) {
    if (!object.HasMember(key) || !object[key].IsString()) throw wrong_case(std::string(key) + " is no text");
    return object[key].GetString();
  }
  std::string name_of(const char* list, unsigned place) const {
    const rapidjson::Value& names = document_[list];
    return place < names.Size() && names[place].IsString() ? names[place].GetString() : "";
  }
  std::string type_of(std::initializer_list<const char*> lists, const std::string& name) const {
    for (const char* const list : lists)
      if (document_.HasMember(list) && document_[list].IsArray())
        for (const auto& entry : document_[list].GetArray())
          if (entry.IsObject() && text_of(entry, "name") == name) return text_of(entry, "onnx_dtype");
    throw wrong_case("no element type of " + name);
  }
  const stored_tensor& require(unsigned input) {
    asked_.insert(input);
    const std::string name = name_of("node_inputs", input);
    const stored_tensor* const found = file_.find("in/" + name);
    if (!found) throw wrong_case("in/" + name + " is absent");
    return *found;
  }

  static constexpr std::int64_t newest_version = std::numeric_limits<std::int64_t>::max();

  checkpoint_file file_;
  rapidjson::Document document_;
  attributes attributes_{document_["attributes"]};
  std::set<unsigned> asked_;
  tensors results_;
};

inline index_type product_of(const std::vector<std::int64_t>& shape, index_type first, index_type end) {
  index_type product = 1;
  for (index_type a = first; a < end; ++a) product *= shape[static_cast<std::size_t>(a)];
  return product;
}

/// A tensor broadcast to a shape.
inline given_tensor<float> broadcast(const given_tensor<float>& x, const std::vector<std::int64_t>& shape) {
  const index_type rank = static_cast<index_type>(shape.size()), missing = rank - x.rank();
  if (missing < 0) throw not_supported("a tensor of more axes than what it is broadcast to");
  given_tensor<float> y{shape, {}};
  const index_type size = product_of(shape, 0, rank);
  for (index_type i = 0; i < size; ++i) {
    index_type place = 0, rest = i, step = 1;
    for (index_type axis = rank - 1; axis >= missing; --axis) {
      const index_type extent = shape[static_cast<std::size_t>(axis)], of_x = x.extent(axis - missing);
      if (of_x != 1 && of_x != extent) throw wrong_case("a tensor that cannot be broadcast");
      if (of_x != 1) place += rest % extent * step;
      step *= of_x;
      rest /= extent;
    }
    y.values.push_back(x.values[static_cast<std::size_t>(place)]);
  }
  return y;
}

}  // namespace typeformer::conformance
