// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/safetensors.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <limits>
#include <sstream>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

result<safetensors_file, file_error> opened(const std::string& bytes) {
  return safetensors_file::view(as_bytes(bytes), "test.safetensors");
}

bool accepts(std::string_view header, std::size_t data_size) {
  return opened(safetensors_bytes(header, data_size)).has_value();
}

std::string message_for(std::string_view header, std::size_t data_size) {
  const auto file = opened(safetensors_bytes(header, data_size));
  return file ? "accepted" : file.error().message();
}

template <class Element> std::string little_endian(std::initializer_list<Element> elements) {
  std::string bytes;
  for (const Element element : elements) {
    char copy[sizeof(Element)];
    std::memcpy(copy, &element, sizeof copy);
    if constexpr (std::endian::native == std::endian::big) std::reverse(std::begin(copy), std::end(copy));
    bytes.append(copy, sizeof copy);
  }
  return bytes;
}

}  // namespace

TEST_CASE("agrees with the reference reader on every safetensors case", "[formats][safetensors]") {
  TYPEFORMER_NEEDS_SHARED(cases, "formats/safetensors-cases");
  std::ifstream verdicts(cases / "verdicts.tsv");
  std::string line;
  std::getline(verdicts, line);
  int judged = 0;
  while (std::getline(verdicts, line)) {
    std::istringstream fields(line);
    std::string name, size, verdict;
    std::getline(fields, name, '\t');
    std::getline(fields, size, '\t');
    std::getline(fields, verdict, '\t');
    const auto file = safetensors_file::open((cases / name).string());
    INFO(name << ": " << (file ? "accepted" : file.error().message()));
    CHECK((verdict == "accept" || verdict == "reject"));
    CHECK(file.has_value() == (verdict == "accept"));
    ++judged;
  }
  CHECK(judged >= 29);
}

TEST_CASE("lists tensors in the order of their data with name, type, shape and bytes", "[formats][safetensors]") {
  std::string bytes = safetensors_bytes(
      R"({"later":{"dtype":"I32","shape":[],"data_offsets":[8,12]},"__metadata__":{"b":"2","a":"1","b":"3"},)"
      R"("first":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"none":{"dtype":"F64","shape":[3,0],"data_offsets":[8,8]}})",
      12);
  bytes.replace(bytes.size() - 12, 12, little_endian({1.5F, -2.0F}) + little_endian({-7}));
  auto file = opened(bytes);
  REQUIRE(file);
  const safetensors_file moved = std::move(*file);
  const auto tensors = moved.tensors();
  REQUIRE(tensors.size() == 3);
  CHECK(tensors[0].name == "first");
  CHECK(tensors[1].name == "none");
  CHECK(tensors[2].name == "later");
  CHECK(shape_text(tensors[0].shape) == "[2, 1]");
  CHECK(shape_text(tensors[1].shape) == "[3, 0]");
  CHECK(shape_text(tensors[2].shape) == "[]");
  CHECK(tensors[2].element_count() == 1);
  CHECK(tensors[1].bytes.empty());
  CHECK(moved.find("later") == &tensors[2]);
  CHECK(moved.find("late") == nullptr);
  CHECK(moved.find("") == nullptr);
  float floats[2] = {};
  REQUIRE(read_floats(tensors[0], floats));
  CHECK(floats[0] == 1.5F);
  CHECK(floats[1] == -2.0F);
  std::int64_t integer = 0;
  REQUIRE(read_integers(tensors[2], {&integer, 1}));
  CHECK(integer == -7);
  REQUIRE(moved.metadata().size() == 2);
  CHECK(moved.metadata()[0] == std::pair<std::string_view, std::string_view>("a", "1"));
  CHECK(moved.metadata()[1] == std::pair<std::string_view, std::string_view>("b", "3"));
}

TEST_CASE("reads the header as strictly as serde", "[formats][safetensors]") {
  CHECK(accepts(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", 2));
  SECTION("what is ignored or allowed") {
    CHECK(accepts(
        R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"x":{"dtype":[1,{"shape":null}]},"y":-1.5e3}})", 2));
    CHECK(accepts(R"({"__metadata__":null})", 0));
    CHECK(accepts(" \n\t{}\r ", 0));
    CHECK(accepts(
        R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}})",
        2));
    CHECK(accepts(R"({"":{"dtype":"U8","shape":[1,2,1,1,1,1,1,1,1,1],"data_offsets":[0,2]}})", 2));
    CHECK(accepts(R"({"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}})", 3));
    CHECK(accepts(R"({"a":{"dtype":"U8","shape":[0,9223372036854775807,2],"data_offsets":[0,0]}})", 0));
  }
  SECTION("wrong types and fields") {
    for (const std::string_view entry : {R"({"dtype":"U8","shape":[2],"data_offsets":[0,2],"dtype":"U8"})",
                                         R"({"dtype":"U8","shape":2,"data_offsets":[0,2]})",
                                         R"({"dtype":"U8","shape":[[2]],"data_offsets":[0,2]})",
                                         R"({"dtype":"U8","shape":["2"],"data_offsets":[0,2]})",
                                         R"({"dtype":"U8","shape":[true],"data_offsets":[0,2]})",
                                         R"({"dtype":"U8","shape":null,"data_offsets":[0,2]})",
                                         R"({"dtype":null,"shape":[2],"data_offsets":[0,2]})",
                                         R"({"dtype":8,"shape":[2],"data_offsets":[0,2]})",
                                         R"({"dtype":"U8","shape":[-2],"data_offsets":[0,2]})",
                                         R"({"dtype":"U8","shape":[-0],"data_offsets":[0,0]})",
                                         R"({"dtype":"U8","shape":[2e0],"data_offsets":[0,2]})",
                                         R"({"dtype":"U8","shape":[2],"data_offsets":[0]})",
                                         R"({"dtype":"U8","shape":[2],"data_offsets":{"0":0,"1":2}})",
                                         R"({"dtype":"U8","shape":[2]})",
                                         R"({"dtype":"U8","data_offsets":[0,2]})",
                                         R"({"shape":[2],"data_offsets":[0,2]})",
                                         R"(null)",
                                         R"(3)",
                                         R"("U8")",
                                         R"({"dtype":"U8","shape":[2],"data_offsets":[0,18446744073709551616]})",
                                         R"({})",
                                         R"(true)",
                                         R"({"dtype":"U8","shape":[2],"data_offsets":[0,2],"x":"\ud800"})",
                                         R"({"dtype":"U8","shape":[2],"data_offsets":[0,2],"\udc00":1})",
                                         R"({"dtype":"U8","shape":[2],"data_offsets":[0,2],"x":1e999})"}) {
      INFO(entry);
      CHECK_FALSE(accepts(R"({"a":)" + std::string(entry) + '}', 2));
      CHECK_FALSE(accepts(R"({"a":)" + std::string(entry) + '}', 0));
    }
  }
  SECTION("wrong metadata") {
    for (const std::string_view metadata :
         {R"({"a":1})", R"({"a":null})", R"({"a":{}})", R"(["a"])", R"("a")", R"(1)", R"({},"__metadata__":{})"}) {
      INFO(metadata);
      CHECK_FALSE(accepts(R"({"__metadata__":)" + std::string(metadata) + '}', 0));
    }
  }
  SECTION("wrong text") {
    CHECK_FALSE(accepts("", 0));
    CHECK_FALSE(accepts("{", 0));
    CHECK_FALSE(accepts("{}}", 0));
    CHECK_FALSE(accepts("{},", 0));
    CHECK_FALSE(accepts("null", 0));
    CHECK_FALSE(accepts("[]", 0));
    CHECK_FALSE(accepts(std::string_view("{}\0", 3), 0));
    CHECK_FALSE(accepts(std::string_view("{}\0{", 4), 0));
    CHECK_FALSE(accepts("{\"__metadata__\":{\"a\":\"\xff\"}}", 0));
    CHECK_FALSE(accepts("{\"__metadata__\":{\"\xc0\x80\":\"\"}}", 0));
    CHECK_FALSE(accepts("{\"__metadata__\":{\"a\":\"\n\"}}", 0));
    CHECK_FALSE(accepts("{'a':1}", 0));
    CHECK_FALSE(accepts("{//\n}", 0));
  }
}

TEST_CASE("limits nesting as the reference does, without recursion", "[formats][safetensors]") {
  const auto nested = [](std::size_t arrays) {
    return R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":)" + std::string(arrays, '[') +
           std::string(arrays, ']') + "}}";
  };
  CHECK(accepts(nested(125), 1));
  CHECK_FALSE(accepts(nested(126), 1));
  CHECK_FALSE(accepts(R"({"a":)" + std::string(5'000'000, '['), 0));
  CHECK_FALSE(accepts(std::string(5'000'000, '['), 0));
}

TEST_CASE("names file, tensor, expected and found in errors", "[formats][safetensors]") {
  CHECK(message_for(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4) ==
        "test.safetensors: tensor \"a\": wrong data_offsets for its shape and type: expected 8 bytes, found 4");
  CHECK(message_for(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4) ==
        "test.safetensors: tensor \"a\": truncated data: expected 8 bytes, found 4");
  CHECK(message_for(R"({"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}})", 8) ==
        "test.safetensors: tensor \"a\": invalid header: unknown element type F33 (byte 27)");
  CHECK(message_for("{}", 3) == "test.safetensors: data after the last tensor: expected 0 bytes, found 3");
  CHECK(file_error{"model.safetensors", "h.0.attn.c_attn.weight", "wrong shape", "[48, 144]", "[48, 145]"}.message() ==
        "model.safetensors: tensor \"h.0.attn.c_attn.weight\": wrong shape: expected [48, 144], found [48, 145]");
}

TEST_CASE("rejects files that are not safetensors", "[formats][safetensors]") {
  const scratch_folder folder;
  write_file(folder / "empty", "");
  CHECK(safetensors_file::open(folder / "empty").error().message() ==
        folder / "empty" + ": header too small: expected at least 8 bytes, found 0");
  CHECK(safetensors_file::open(folder / "missing").error().problem == "cannot be opened: No such file or directory");
  CHECK_FALSE(safetensors_file::open(folder.path().string()));
  CHECK_FALSE(safetensors_file::open(""));
}

TEST_CASE("converts every number type at any alignment", "[formats][safetensors]") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const std::size_t misalignment : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U}) {
    const auto read = [&](std::string_view dtype, const std::string& data, std::size_t count) {
      const std::string header = R"({"a":{"dtype":")" + std::string(dtype) + R"(","shape":[)" + std::to_string(count) +
                                 R"(],"data_offsets":[0,)" + std::to_string(data.size()) + "]}}" +
                                 std::string(misalignment, ' ');
      return safetensors_bytes(header, 0) + data;
    };
    const auto floats = [&](std::string_view dtype, const std::string& data, std::size_t count) {
      const std::string bytes = read(dtype, data, count);
      const auto file = opened(bytes);
      REQUIRE(file);
      std::vector<float> values(count);
      REQUIRE(read_floats(*file->find("a"), values));
      return values;
    };
    const auto integers = [&](std::string_view dtype, const std::string& data, std::size_t count) {
      const std::string bytes = read(dtype, data, count);
      const auto file = opened(bytes);
      REQUIRE(file);
      std::vector<std::int64_t> values(count);
      REQUIRE(read_integers(*file->find("a"), values));
      return values;
    };
    CHECK(floats("F32", little_endian({0.1F, -infinity}), 2) == std::vector<float>{0.1F, -infinity});
    CHECK(floats("F64", little_endian({0.1, -1e300, 1e-300, 3.4028235677973366e38, 3.4028235677973362e38}), 5) ==
          std::vector<float>{0.1F, -infinity, 0.0F, infinity, std::numeric_limits<float>::max()});
    CHECK(floats("F16", little_endian<std::uint16_t>({0x3c00, 0x0001, 0xfc00}), 3) ==
          std::vector<float>{1.0F, 0x1p-24F, -infinity});
    CHECK(floats("BF16", little_endian<std::uint16_t>({0x3f80, 0xc049}), 2) == std::vector<float>{1.0F, -3.140625F});
    using values = std::vector<std::int64_t>;
    CHECK(integers("I64", little_endian<std::int64_t>({INT64_MIN, INT64_MAX}), 2) == values{INT64_MIN, INT64_MAX});
    CHECK(integers("I32", little_endian<std::int32_t>({INT32_MIN, 7}), 2) == values{INT32_MIN, 7});
    CHECK(integers("I16", little_endian<std::int16_t>({-2, 300}), 2) == values{-2, 300});
    CHECK(integers("I8", little_endian<std::int8_t>({-128, 127}), 2) == values{-128, 127});
    CHECK(integers("U64", little_endian<std::uint64_t>({1, INT64_MAX}), 2) == values{1, INT64_MAX});
    CHECK(integers("U32", little_endian<std::uint32_t>({UINT32_MAX}), 1) == values{UINT32_MAX});
    CHECK(integers("U16", little_endian<std::uint16_t>({UINT16_MAX}), 1) == values{UINT16_MAX});
    CHECK(integers("U8", little_endian<std::uint8_t>({255}), 1) == values{255});
    CHECK(integers("BOOL", little_endian<std::uint8_t>({0, 1, 2}), 3) == values{0, 1, 1});
  }
}

TEST_CASE("reads a range of elements alone, and only existing ones", "[formats][safetensors]") {
  const std::string bytes =
      safetensors_bytes(
          R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"U64","shape":[2],"data_offsets":[16,32]}})",
          0) +
      little_endian({0.0F, 1.0F, 2.0F, 3.0F}) + little_endian<std::uint64_t>({5, UINT64_MAX});
  const auto file = opened(bytes);
  REQUIRE(file);
  const stored_tensor& tensor = *file->find("a");
  float row[2] = {};
  REQUIRE(read_floats(tensor, 2, row));
  CHECK(row[0] == 2.0F);
  CHECK(row[1] == 3.0F);
  REQUIRE(read_floats(tensor, 4, std::span<float>{}));
  CHECK(read_floats(tensor, 3, row).error().message() ==
        "test.safetensors: tensor \"a\": elements out of range: expected at most 4 elements, found 2 from element 3");
  CHECK_FALSE(read_floats(tensor, std::numeric_limits<std::size_t>::max(), row));
  CHECK(read_floats(tensor, row).error().message() ==
        "test.safetensors: tensor \"a\": wrong number of elements: expected 2, found 4");
  std::int64_t integers[2] = {-1, -1};
  CHECK(read_integers(*file->find("b"), integers).error().problem == "number too large");
  CHECK(integers[0] == -1);
  std::int64_t four[4] = {};
  CHECK(read_integers(tensor, four).error().message() ==
        "test.safetensors: tensor \"a\": wrong element type: expected an integer type or BOOL, found F32");
  CHECK(read_floats(*file->find("b"), row).error().found == "U64");
}

TEST_CASE("rejects a header of many entries that all claim the same bytes quickly", "[formats][safetensors]") {
  std::string header = "{";
  for (int i = 0; i < 200'000; ++i) {
    header +=
        (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":{"dtype":"U8","shape":[1000],"data_offsets":[0,1000]})";
  }
  const std::string bytes = safetensors_bytes(header + '}', 1000);
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(opened(bytes));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}
