// SPDX-License-Identifier: BSL-1.0
#include <conformance/onnx.hpp>
#include <conformance/run_files.hpp>
#include <golden/folders.hpp>

// Nodes that ONNX's own tests do not have. The numbers follow from the operators' definitions.
namespace typeformer {
namespace {

using conformance::tensor, conformance::tensors;

struct node_value {
  const char *name, *type;
  tensor value;
};

/// A node with all its inputs, and one output Y.
tensor computed(const std::string& operation, const std::string& its_attributes, const std::vector<node_value>& inputs,
                const std::string& output_type = "FLOAT", const std::string& operator_set = "25") {
  const auto path = (std::filesystem::temp_directory_path() / "typeformer-onnx-node.safetensors").string();
  tensors stored;
  std::string names, types;
  for (const node_value& input : inputs) {
    stored[std::string("in/") + input.name] = input.value;
    names += std::string(names.empty() ? "" : ",") + '"' + input.name + '"';
    types += std::string(types.empty() ? "" : ",") + R"({"name":")" + input.name + R"(","onnx_dtype":")" + input.type +
             "\"}";
  }
  REQUIRE(conformance::write_results(path, stored));
  auto file = checkpoint_file::open(path);
  REQUIRE(file);
  conformance::onnx_case c(std::move(*file),
                           R"({"op_type":")" + operation + R"(","domain":"","opset":{"":)" + operator_set +
                               R"(},"attributes":{)" + its_attributes + R"(},"node_inputs":[)" + names +
                               R"(],"node_outputs":["Y"],"inputs":[)" + types +
                               R"(],"outputs":[{"name":"Y","onnx_dtype":")" + output_type + R"("}]})");
  const tensors results = conformance::compute_onnx(c);
  std::filesystem::remove(path);
  return results.at("out/Y");
}

tensor of_numbers(std::vector<std::int64_t> shape, std::vector<float> numbers) { return {shape, numbers, {}, {}}; }
tensor of_ids(std::vector<std::int64_t> shape, std::vector<std::int64_t> ids) { return {shape, {}, ids, {}}; }

TEST_CASE("gathers whole numbers unchanged: ONNX") {
  const std::int64_t beyond_float = (std::int64_t{1} << 53) + 1;
  const tensor y = computed(
      "Gather", R"("axis":1)",
      {{"data", "INT64", of_ids({2, 3}, {1, 2, beyond_float, 4, 5, 6})}, {"indices", "INT64", of_ids({2}, {-1, 0})}},
      "INT64");
  CHECK(y.shape == std::vector<std::int64_t>{2, 2});
  CHECK(y.ids == std::vector<std::int64_t>{beyond_float, 1, 6, 4});
}

TEST_CASE("takes everything from the axis on as a row before operator set 13: ONNX's softmax") {
  const node_value x{"x", "FLOAT", of_numbers({2, 2, 2}, {0, 0, 0, 0, 1, 1, 1, 1})};
  CHECK(computed("Softmax", "", {x}, "FLOAT", "11").numbers == std::vector<float>(8, 0.25F));
  CHECK(computed("Softmax", "", {x}).numbers == std::vector<float>(8, 0.5F));
}

TEST_CASE("broadcasts weight and bias: ONNX's normalizations") {
  const node_value x{"x", "FLOAT", of_numbers({1, 2, 2}, {-1, 1, -1, 1})};
  const tensor y = computed("LayerNormalization", R"("axis":1,"epsilon":0)",
                            {x, {"w", "FLOAT", of_numbers({2, 1}, {2, 3})}, {"b", "FLOAT", of_numbers({1}, {10})}});
  CHECK(y.numbers == std::vector<float>{8, 12, 7, 13});
  CHECK(computed("RMSNormalization", R"("axis":1,"epsilon":0)", {x, {"w", "FLOAT", of_numbers({2}, {2, 3})}}).numbers ==
        std::vector<float>{-2, 3, -2, 3});
  CHECK_THROWS_AS(computed("RMSNormalization", "", {x, {"w", "FLOAT", of_numbers({2, 1}, {2, 3})}}),
                  conformance::not_supported);
}

TEST_CASE("divides by a scale in the scale's element type, or in the given one: ONNX") {
  // In BFLOAT16 both are halves, which are rounded to even.
  const node_value x{"x", "FLOAT", of_numbers({2}, {3.5F - 0x1p-11F, 2.5F + 0x1p-11F})};
  const node_value scale{"s", "FLOAT", of_numbers({}, {1})}, short_scale{"s", "BFLOAT16", of_numbers({}, {1})};
  CHECK(computed("QuantizeLinear", "", {x, scale}, "UINT8").ids == std::vector<std::int64_t>{3, 3});
  CHECK(computed("QuantizeLinear", "", {x, short_scale}, "UINT8").ids == std::vector<std::int64_t>{4, 2});
  CHECK(computed("QuantizeLinear", R"("precision":16)", {x, scale}, "UINT8").ids == std::vector<std::int64_t>{4, 2});
  CHECK(computed("QuantizeLinear", R"("precision":1)", {x, short_scale}, "UINT8").ids ==
        std::vector<std::int64_t>{3, 3});
}

TEST_CASE("dequantizes to the given element type: ONNX") {
  const tensor y = computed("DequantizeLinear", R"("output_dtype":10)",
                            {{"q", "INT8", of_ids({1}, {3})}, {"s", "FLOAT", of_numbers({}, {0.1F})}}, "FLOAT16");
  CHECK(y.numbers == std::vector<float>{static_cast<float>(float16(3 * 0.1F))});
}

TEST_CASE("halves with a factor of 0: ONNX's Swish") {
  CHECK(computed("Swish", R"("alpha":0)", {{"x", "FLOAT", of_numbers({2}, {-3, 4})}}).numbers ==
        std::vector<float>{-1.5F, 2});
}

TEST_CASE("skips element types that the kernels do not have, by name") {
  const node_value whole{"a", "INT32", of_ids({1, 1}, {2})};
  CHECK_THROWS_AS(computed("MatMul", "", {whole, whole}, "INT32"), conformance::not_supported);
  CHECK_THROWS_AS(computed("Softmax", "", {whole}, "INT32"), conformance::not_supported);
}

}  // namespace
}  // namespace typeformer
