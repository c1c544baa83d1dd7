// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include <support/catch.hpp>

namespace typeformer::testing {

/// One tensor of a reference file; integers and booleans are in both `values` and `integers`.
struct case_tensor {
  std::vector<std::ptrdiff_t> shape;
  std::vector<double> values;
  std::vector<std::int64_t> integers;

  template <class S> std::vector<S> as() const {
    std::vector<S> converted;
    for (const double value : values) converted.push_back(static_cast<S>(value));
    return converted;
  }
};

/// All tensors of one .safetensors file, and which of them were judged.
class safetensors_case {
 public:
  explicit safetensors_case(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    INFO("reading " << path);
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    REQUIRE(bytes.size() > 8);
    std::uint64_t header_size = 0;
    std::memcpy(&header_size, bytes.data(), 8);
    REQUIRE(header_size <= bytes.size() - 8);
    rapidjson::Document header;
    header.Parse(bytes.data() + 8, static_cast<std::size_t>(header_size));
    REQUIRE(header.IsObject());
    for (const auto& [key, entry] : header.GetObject()) {
      if (key == "__metadata__") {
        attributes_.Parse(entry.HasMember("attrs") ? entry["attrs"].GetString() : "{}");
        REQUIRE(attributes_.IsObject());
        continue;
      }
      const std::size_t begin = 8 + header_size + entry["data_offsets"][0].GetUint64(),
                        end = 8 + header_size + entry["data_offsets"][1].GetUint64();
      REQUIRE((begin <= end && end <= bytes.size()));
      case_tensor& tensor = tensors_[key.GetString()];
      for (const auto& extent : entry["shape"].GetArray())
        tensor.shape.push_back(static_cast<std::ptrdiff_t>(extent.GetInt64()));
      const std::string type = entry["dtype"].GetString();
      if (type == "F32") read<float>(bytes, begin, end, tensor);
      else if (type == "F64") read<double>(bytes, begin, end, tensor);
      else if (type == "I64") read<std::int64_t>(bytes, begin, end, tensor);
      else if (type == "BOOL") read<std::uint8_t>(bytes, begin, end, tensor);
      else FAIL("dtype " << type << " of " << key.GetString());
    }
  }

  bool has(const std::string& name) const { return tensors_.contains(name); }
  const case_tensor& operator[](const std::string& name) const {
    INFO(name);
    REQUIRE(has(name));
    return tensors_.at(name);
  }
  double attribute(const char* name) const {
    INFO(name);
    REQUIRE(attributes_.HasMember(name));
    return attributes_[name].GetDouble();
  }
  double attribute_or(const char* name, double otherwise) const {
    return attributes_.HasMember(name) ? attributes_[name].GetDouble() : otherwise;
  }
  std::string text_attribute_or(const char* name, const char* otherwise) const {
    return attributes_.HasMember(name) ? attributes_[name].GetString() : otherwise;
  }

  /// Passes when max|error| <= atol + rtol max|reference|, with the tolerances of the reference data's own checker.
  template <class S> void judge(const std::string& name, const std::vector<S>& got) {
    const std::vector<double>& expected = (*this)[name].values;
    REQUIRE(got.size() == expected.size());
    const bool gradient = name.starts_with("grad.");
    const double rtol = gradient ? 2e-5 : 1e-5, atol = gradient ? 5e-6 : 3e-6;
    double error = 0, largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double difference = std::abs(static_cast<double>(got[i]) - expected[i]);
      error = std::isfinite(difference) ? std::max(error, difference) : INFINITY;
      largest = std::max(largest, std::abs(expected[i]));
      if (!std::isfinite(difference)) break;
    }
    INFO(name);
    CHECK(error <= atol + rtol * largest);
    judged_.insert(name);
  }

  /// An expected tensor whose name begins with one of the prefixes and that was never judged is a failure.
  void require_all_judged(std::initializer_list<const char*> prefixes) const {
    for (const auto& [name, tensor] : tensors_)
      for (const char* const prefix : prefixes)
        if (name.starts_with(prefix)) {
          INFO(name << " was not judged");
          CHECK(judged_.contains(name));
        }
  }

 private:
  template <class T>
  static void read(const std::string& bytes, std::size_t begin, std::size_t end, case_tensor& tensor) {
    for (std::size_t at = begin; at + sizeof(T) <= end; at += sizeof(T)) {
      T value;
      std::memcpy(&value, bytes.data() + at, sizeof(T));
      tensor.values.push_back(static_cast<double>(value));
      if constexpr (std::is_integral_v<T>) tensor.integers.push_back(value);
    }
  }

  rapidjson::Document attributes_;
  std::map<std::string, case_tensor> tensors_;
  std::set<std::string> judged_;
};

}  // namespace typeformer::testing
