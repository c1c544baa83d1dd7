// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/checkpoint_file.hpp>

#include <algorithm>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

std::vector<float> floats_of(const stored_tensor& tensor) {
  std::vector<float> values(tensor.element_count());
  REQUIRE(read_floats(tensor, values));
  return values;
}

std::string one_byte_tensor(std::string_view name) {
  return safetensors_bytes('{' + ('"' + std::string(name)) + R"(":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                           1);
}

}  // namespace

TEST_CASE("opens every checkpoint of the loader cases", "[formats][checkpoint]") {
  TYPEFORMER_NEEDS_SHARED(cases, "fixtures/loader");
  const std::pair<const char*, std::size_t> tensor_counts[] = {{"gpt2_dup_head", 41},       {"gpt2_hub_names", 46},
                                                               {"gpt2_minimal_config", 40}, {"gpt2_sharded", 40},
                                                               {"llama_bf16", 33},          {"llama_f16", 33}};
  for (const auto& [name, count] : tensor_counts) {
    const auto opened = checkpoint_file::open((cases / name).string());
    INFO(name << ": " << (opened ? "opened" : opened.error().message()));
    REQUIRE(opened);
    CHECK(opened->tensors().size() == count);
    CHECK(std::all_of(opened->tensors().begin(), opened->tensors().end(), [&](const stored_tensor& tensor) {
      return opened->find(tensor.name)->bytes.data() == tensor.bytes.data();
    }));
  }
}

TEST_CASE("finds the tensors of the whole checkpoint in a sharded one", "[formats][checkpoint]") {
  TYPEFORMER_NEEDS_SHARED(fixtures, "fixtures");
  const auto whole = checkpoint_file::open((fixtures / "models/gpt2").string());
  const auto folder = checkpoint_file::open((fixtures / "loader/gpt2_sharded").string());
  const auto index_type =
      checkpoint_file::open((fixtures / "loader/gpt2_sharded/model.safetensors.index.json").string());
  REQUIRE(whole);
  REQUIRE(folder);
  REQUIRE(index_type);
  CHECK(folder->files().size() == 2);
  REQUIRE(folder->tensors().size() == whole->tensors().size());
  for (const stored_tensor& tensor : whole->tensors()) {
    for (const checkpoint_file* sharded : {&*folder, &*index_type}) {
      const auto found = sharded->find(tensor.name, tensor.shape);
      REQUIRE(found);
      CHECK(floats_of(*found) == floats_of(tensor));
    }
  }
}

TEST_CASE("rounds half and bfloat16 weights of the float32 model to nearest even", "[formats][checkpoint]") {
  TYPEFORMER_NEEDS_SHARED(fixtures, "fixtures");
  const auto exact = checkpoint_file::open((fixtures / "models/llama").string());
  const auto half = checkpoint_file::open((fixtures / "loader/llama_f16").string());
  const auto brain = checkpoint_file::open((fixtures / "loader/llama_bf16").string());
  REQUIRE(exact);
  REQUIRE(half);
  REQUIRE(brain);
  REQUIRE(exact->tensors().size() == 30);
  for (const stored_tensor& tensor : exact->tensors()) {
    std::vector<float> as_half = floats_of(tensor), as_brain = as_half;
    for (float& value : as_half) value = float16(value);
    for (float& value : as_brain) value = bfloat16(value);
    const auto half_tensor = half->find(tensor.name, tensor.shape),
               brain_tensor = brain->find(tensor.name, tensor.shape);
    REQUIRE(half_tensor);
    REQUIRE(brain_tensor);
    CHECK(half_tensor->dtype == tensor_dtype::f16);
    CHECK(brain_tensor->dtype == tensor_dtype::bf16);
    CHECK(floats_of(*half_tensor) == as_half);
    CHECK(floats_of(*brain_tensor) == as_brain);
  }
}

TEST_CASE("says which tensor is there if another shape is requested", "[formats][checkpoint]") {
  const scratch_folder folder;
  write_file(folder / "model.safetensors", one_byte_tensor("a"));
  const auto opened = checkpoint_file::open(folder / "model.safetensors");
  REQUIRE(opened);
  const std::int64_t one[] = {1}, two[] = {2, 1};
  CHECK(opened->find("a", one));
  CHECK(opened->find("a", two).error().message() ==
        folder / "model.safetensors" + ": tensor \"a\": wrong shape: expected [2, 1], found [1]");
  CHECK(opened->find("b", one).error().message() ==
        folder / "model.safetensors" + ": tensor \"b\": missing: expected [1]");
}

TEST_CASE("finds a tensor in the shard that the index names", "[formats][checkpoint]") {
  const scratch_folder folder;
  const std::string index_type = folder / "model.safetensors.index.json";
  const auto open_with = [&](std::string_view json) {
    write_file(index_type, json);
    return checkpoint_file::open(folder.path().string());
  };
  const auto problem_with = [&](std::string_view json) {
    const auto opened = open_with(json);
    return opened ? "accepted" : opened.error().message();
  };
  std::string left = one_byte_tensor("a"), right = one_byte_tensor("a");
  left.back() = 1;
  right.back() = 2;
  write_file(folder / "left.safetensors", left);
  write_file(folder / "right.safetensors", right);

  SECTION("a tensor in two shards") {
    const auto opened = open_with(R"({"weight_map":{"a":"right.safetensors"}})");
    REQUIRE(opened);
    CHECK(opened->find("a")->bytes[0] == std::byte{2});
    CHECK(opened->find("a")->file == folder / "right.safetensors");
  }
  SECTION("a tensor that its shard does not hold") {
    CHECK(problem_with(R"({"weight_map":{"a":"left.safetensors","b.c":"right.safetensors"}})") ==
          folder / "right.safetensors" + ": tensor \"b.c\": missing from the shard that the index names");
  }
  SECTION("a shard that does not exist, or is damaged") {
    CHECK(problem_with(R"({"weight_map":{"a":"middle.safetensors"}})") ==
          folder / "middle.safetensors" + ": cannot be opened: No such file or directory");
    write_file(folder / "left.safetensors", left.substr(0, left.size() - 1));
    CHECK(problem_with(R"({"weight_map":{"a":"left.safetensors"}})") ==
          folder / "left.safetensors" + ": tensor \"a\": truncated data: expected 1 bytes, found 0");
  }
  SECTION("an index that is none") {
    CHECK(problem_with(R"({"weight_maps":{}})") == index_type + ": key \"weight_map\" is missing: expected an object");
    CHECK(problem_with(R"({"weight_map":["a"]})") ==
          index_type + ": key \"weight_map\" has the wrong type: expected an object, found an array");
    CHECK(problem_with(R"({"weight_map":{"a":1}})") ==
          index_type + ": key \"weight_map.a\" has the wrong type: expected a text, found an integer");
    CHECK(problem_with(R"({"weight_map":{"a":"left.safetensors","a":"right.safetensors"}})") ==
          index_type + ": weight_map lists a tensor twice");
    CHECK(problem_with(R"({"weight_map":{"a":null}})") ==
          index_type + ": key \"weight_map.a\" has the wrong type: expected a text, found null");
    CHECK(problem_with(R"({"weight_map":{"a":{"b":"left.safetensors"}}})") ==
          index_type + ": key \"weight_map.a\" has the wrong type: expected a text, found an object");
    CHECK(problem_with(R"({"weight_map":null})") == index_type + ": key \"weight_map\" is missing: expected an object");
    CHECK(problem_with(R"([{"weight_map":{"a":"left.safetensors"}}])") ==
          index_type + ": invalid JSON: expected an object, found an array");
    CHECK(problem_with("-1") == index_type + ": invalid JSON: expected an object, found an integer");
    CHECK(problem_with("") == index_type + ": invalid JSON: The document is empty. (byte 0)");
  }
  SECTION("other members of an index, and a repeated map") {
    const auto opened = open_with(R"({"metadata":{"total_size":2,"weight_map":{"c":[1.5,true,-1]}},"x":["weight_map"],
      "weight_map":{"b":"absent.safetensors"},"weight_map":{"a":"right.safetensors"},"y":{"weight_map":{"a":{}}}})");
    REQUIRE(opened);
    CHECK(opened->tensors().size() == 1);
    CHECK(opened->find("a")->file == folder / "right.safetensors");
  }
  SECTION("a shard elsewhere") {
    for (const std::string_view shard :
         {"../left.safetensors", "/left.safetensors", "", "a\\\\b", "left.safetensors\\u0000"}) {
      const std::string problem = problem_with(R"({"weight_map":{"a":")" + std::string(shard) + R"("}})");
      CHECK(problem.find("the shard is not a file beside the index") != std::string::npos);
    }
  }
  SECTION("the whole file goes first") {
    write_file(folder / "model.safetensors", one_byte_tensor("whole"));
    const auto opened = open_with("not JSON");
    REQUIRE(opened);
    CHECK(opened->find("whole") != nullptr);
  }
}

TEST_CASE("rejects a folder without a checkpoint", "[formats][checkpoint]") {
  const scratch_folder folder;
  CHECK(checkpoint_file::open(folder.path().string()).error().problem == "holds no checkpoint");
  CHECK(checkpoint_file::open(folder / "nowhere").error().file == folder / "nowhere");
}
