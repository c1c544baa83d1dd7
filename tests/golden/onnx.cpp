// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <conformance/onnx.hpp>
#include <conformance/run_files.hpp>
#include <golden/folders.hpp>

// The nodes of ONNX's own tests, by the float kernels and, if there are none, by the scalar reference.
namespace typeformer {
namespace {

using testing::cases_in, testing::missing_cases;

/// ONNX's own tolerances, element by element.
bool agrees(double got, double expected) {
  if (!std::isfinite(expected)) return got == expected || (std::isnan(got) && std::isnan(expected));
  return std::abs(got - expected) <= 1e-7 + 1e-3 * std::abs(expected);
}

void check_output(const stored_tensor& expected, const conformance::tensor& got) {
  CHECK(std::equal(expected.shape.begin(), expected.shape.end(), got.shape.begin(), got.shape.end()));
  const std::size_t size = expected.element_count();
  int wrong = 0;
  if (got.ids.empty()) {
    std::vector<float> numbers(size);
    REQUIRE(read_floats(expected, numbers));
    REQUIRE(got.numbers.size() == size);
    for (std::size_t i = 0; i < size; ++i) wrong += !agrees(double(got.numbers[i]), double(numbers[i]));
  } else {
    std::vector<std::int64_t> numbers(size);
    REQUIRE(read_integers(expected, numbers));
    REQUIRE(got.ids.size() == size);
    for (std::size_t i = 0; i < size; ++i) wrong += got.ids[i] != numbers[i];
  }
  CHECK(wrong == 0);
}

TEST_CASE("computes the nodes of ONNX's tests") {
  TYPEFORMER_NEEDS_SHARED(folder, "onnx");
  missing_cases missing;
  for (std::filesystem::path path : cases_in(folder)) {
    const std::string name = path.stem().string();
    INFO(name);
    auto file = checkpoint_file::open(path.string()), expected = checkpoint_file::open(path.string());
    REQUIRE((file && expected));
    conformance::onnx_case c(std::move(*file), conformance::read_text(path.replace_extension(".json")));
    try {
      const conformance::tensors results = conformance::compute_onnx(c);
      for (const stored_tensor& tensor : expected->tensors()) {
        if (!tensor.name.starts_with("out/")) continue;
        INFO(tensor.name);
        const auto result = results.find(std::string(tensor.name));
        REQUIRE(result != results.end());
        check_output(tensor, result->second);
      }
    } catch (const conformance::not_supported& what) {
      missing[name] = what.what();
    }
  }
  CHECK(missing == missing_cases{
                       {"test_dequantizelinear_e4m3fn_float16", "element type FLOAT8E4M3FN"},
                       {"test_dequantizelinear_e5m2", "element type FLOAT8E5M2"},
                       {"test_gather_elements_0", "operator GatherElements"},
                       {"test_gather_elements_negative_indices", "operator GatherElements"},
                       {"test_gathernd_example_float32", "operator GatherND"},
                       {"test_gathernd_example_int32_batch_dim1", "operator GatherND"},
                       {"test_group_normalization_epsilon", "operator GroupNormalization"},
                       {"test_matmulinteger", "operator MatMulInteger"},
                       {"test_qlinearmatmul_2D_int8_float16", "operator QLinearMatMul"},
                       {"test_qlinearmatmul_2D_uint8_float16", "operator QLinearMatMul"},
                       {"test_qlinearmatmul_3D_int8_float16", "operator QLinearMatMul"},
                       {"test_qlinearmatmul_3D_uint8_float16", "operator QLinearMatMul"},
                       {"test_quantizelinear_e4m3fn", "element type FLOAT8E4M3FN"},
                       {"test_quantizelinear_float4e2m1", "element type FLOAT4E2M1"},
                   });
}

}  // namespace
}  // namespace typeformer
