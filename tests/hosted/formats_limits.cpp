// SPDX-License-Identifier: BSL-1.0
// Files of any content are rejected immediately and in bounded memory. Messages about them have one line.
#include <chrono>
#include <cstdlib>
#include <random>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/formats/safetensors_writer.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}
std::string header_with_extents(std::size_t count, std::string_view extent) {
  return R"({"a":{"dtype":"F32","shape":[)" + repeated(std::string(extent) + ",", count - 1) + std::string(extent) +
         R"(],"data_offsets":[0,4]}})";
}
file_error error_of_header(std::string_view header) {
  const std::string bytes = safetensors_bytes(header, 4);
  const auto file = safetensors_file::view(as_bytes(bytes), "many");
  REQUIRE_FALSE(file);
  return file.error();
}
bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
}

}  // namespace

TEST_CASE("rejects a header of very many extents immediately", "[formats][limits]") {
  const auto begun = std::chrono::steady_clock::now();
  const file_error overflow = error_of_header(header_with_extents(100'000, "2"));
  CHECK(overflow.problem == "shape overflows");
  CHECK(overflow.found == "[" + repeated("2, ", 15) + "2, ... (100000 extents)]");
  const file_error beyond = error_of_header(header_with_extents(100'000, "18446744073709551615"));
  CHECK(beyond.problem.find("shape overflows") != std::string::npos);
  const file_error too_many = error_of_header(header_with_extents(safetensors_most_extents + 1, "1"));
  CHECK(too_many.problem.find("too many extents") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
  const std::string valid = safetensors_bytes(header_with_extents(100'000, "1"), 4);
  CHECK(safetensors_file::view(as_bytes(valid), "many"));
}

TEST_CASE("prints every shape that a model can have as a whole", "[formats][limits]") {
  const std::int64_t shape[] = {1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
  CHECK(shape_text({}) == "[]");
  CHECK(shape_text(std::span(shape).first(3)) == "[1, -2, 3]");
  CHECK(shape_text(std::span(shape).first(16)) == "[1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]");
  CHECK(shape_text(shape) == "[1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, ... (17 extents)]");
}

TEST_CASE("limits metadata to what is also written", "[formats][limits]") {
  std::string header = R"({"__metadata__":{)";
  std::vector<std::string> keys;
  for (std::size_t i = 0; i <= safetensors_most_metadata; ++i) keys.push_back(std::to_string(i));
  for (const std::string& key : keys) header += (&key == keys.data() ? "\"" : ",\"") + key + "\":\"\"";
  CHECK(error_of_header(header + "}}").problem.find("__metadata__ has too many entries") != std::string::npos);

  const scratch_folder folder;
  std::vector<std::pair<std::string_view, std::string_view>> metadata;
  for (const std::string& key : keys) metadata.push_back({key, ""});
  const auto written = write_safetensors(folder / "a.safetensors", {}, metadata);
  REQUIRE_FALSE(written);
  CHECK(written.error().message().ends_with("too many metadata to be read again: expected at most 65536, found 65537"));
  metadata.pop_back();
  REQUIRE(write_safetensors(folder / "a.safetensors", {}, metadata));
  CHECK(safetensors_file::open(folder / "a.safetensors"));
}

TEST_CASE("limits JSON in size, values and depth", "[formats][limits]") {
  const scratch_folder folder;
  const std::string path = folder / "config.json";
  const auto problem_of = [&](const std::string& json) {
    const auto parsed = json_config::parse(json, "config.json");
    REQUIRE_FALSE(parsed);
    return parsed.error().message();
  };
  write_file(path, "{}");
  std::filesystem::resize_file(path, 99'000'000);
  const auto large = json_config::open(path);
  REQUIRE_FALSE(large);
  CHECK(large.error().problem == "is too large: expected at most 67108864 bytes, found 99000000");
  CHECK(problem_of("{\"a\":[" + std::string(largest_json_tree, '1') + "]}").find("JSON is too large") !=
        std::string::npos);
  CHECK(problem_of("{\"a\":[" + repeated("0,", most_json_values) + "0]}").find("too many values") != std::string::npos);
  CHECK(problem_of(repeated("{\"a\":", 200'000)).find("nested too deeply") != std::string::npos);
  CHECK(problem_of(repeated("[", 200'000)).find("nested too deeply") != std::string::npos);
  const std::string deep = "{\"a\":" + repeated("[", 126) + repeated("]", 126) + "}";
  CHECK(json_config::parse(deep, "config.json"));
}

TEST_CASE("rounds the numbers of JSON correctly", "[formats][limits]") {
  std::mt19937_64 random(3);
  int judged = 0;
  const auto judge = [&](const std::string& text) {
    const double expected = std::strtod(text.c_str(), nullptr);  // another implementation than that of the parser
    const auto config = json_config::parse("{\"x\":" + text + "}", "config.json");
    CAPTURE(text);
    REQUIRE(config);
    CHECK(std::bit_cast<std::uint64_t>(*config->number("x")) == std::bit_cast<std::uint64_t>(expected));
    ++judged;
  };
  for (const char* const text : {"1e-5",
                                 "1e-12",
                                 "0.1",
                                 "-0.0",
                                 "1e-07",
                                 "9007199254740993.0",
                                 "2.2250738585072011e-308",
                                 "5e-324",
                                 "1.7976931348623157e308",
                                 "0.500000000000000166533453693773481063544750213623046875",
                                 "1.00000000000000011102230246251565404236316680908203125",
                                 "123456789012345678901234567890",
                                 "6.02214076e23",
                                 "3.141592653589793238462643383279502884197e-10",
                                 "0",
                                 "-0.0e3",
                                 "-0e5",
                                 "0e99",
                                 "1e-400",
                                 "-1e-99999999999",
                                 "0.1e-330",
                                 "2.4703282292062327e-324",
                                 "2.4703282292062328e-324",
                                 "18446744073709551615",
                                 "18446744073709551616",
                                 "-9223372036854775808",
                                 "-9223372036854775809",
                                 "1E+5",
                                 "1e+05",
                                 "100000000000000000000e-300",
                                 "0.0000000000000000000001e300"})
    judge(text);
  judge("0." + repeated("0", 400) + "1");
  judge("0." + repeated("0", 400) + "1e400");
  judge(repeated("1", 300) + "e-200");
  for (int i = 0; i < 5'000; ++i) {
    std::string text = std::to_string(random() % 10) + "." + std::to_string(random());
    if (i % 2 == 0) text += std::to_string(random());
    judge(text + "e" + std::to_string(static_cast<int>(random() % 600) - 300));
  }
  CHECK(judged > 4'000);
}

TEST_CASE("rejects numbers of JSON beyond the range of double", "[formats][limits]") {
  for (const std::string& text :
       {std::string("1e309"), std::string("-1e309"), std::string("1.8e308"), std::string("1e99999999999"),
        "1" + repeated("0", 309), "1" + repeated("0", 400) + "e-50", "0." + repeated("0", 400) + "1e800"}) {
    CAPTURE(text);
    CHECK_FALSE(json_config::parse("{\"x\":" + text + "}", "config.json"));
  }
  for (const char* const text :
       {"+1", "01", "1.", ".5", "1e", "1e+", "-", "0x10", "1_0", "NaN", "Infinity", "1.5.2", "--1"}) {
    CAPTURE(text);
    CHECK_FALSE(json_config::parse("{\"x\":" + std::string(text) + "}", "config.json"));
  }
}

TEST_CASE("prints names from files on one line, escaped", "[formats][limits]") {
  const scratch_folder folder;
  const std::string name = "a\n\x1b[2Jb\r\t\x7f\"\\\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\xc3\xa9", path = folder / "m\n1";
  const std::int64_t shape[] = {2};
  const float values[] = {1, 2};
  const tensor_to_write tensors[] = {f32_tensor(name, shape, values)};
  const std::pair<std::string_view, std::string_view> metadata[] = {{"k\n", "v\x1b[31m"}};
  REQUIRE(write_safetensors(path, tensors, metadata));
  const auto file = safetensors_file::open(path);
  REQUIRE(file);
  std::vector<float> short_one(1);
  const std::string message = read_floats(file->tensors()[0], short_one).error().message();
  CHECK(message == folder / "m\\n1" + R"(: tensor "a\n\u001b[2Jb\r\t\u007f\"\\\u009b\u202e\u2028é": )" +
                       "wrong number of elements: expected 1, found 2");

  const std::string shard = "{\"weight_map\":{\"x\\n\\u001b\":\"y\\n/\"}}", key = "{\"a\\nb\":{\"c\":1}}";
  write_file(folder / "model.safetensors.index.json", shard);
  CHECK(is_one_line(checkpoint_file::open(folder / "model.safetensors.index.json").error().message()));
  const auto config = json_config::parse(key, "config\n.json");
  REQUIRE(config);
  CHECK(config->texts_of("a\nb").error().message() ==
        "config\\n.json: key \"a\\nb.c\" has the wrong type: expected a text, found an integer");
  CHECK(is_one_line(error_of_header("{\"a\\n\\u0007\":{\"dtype\":\"F\\n32\"}}").message()));
  CHECK(error_of_header("{\"" + std::string(1'000'000, 'a') + "\":{}}").message().size() < 2'000);
}
