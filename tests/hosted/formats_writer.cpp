// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/safetensors_writer.hpp>

#include <sys/resource.h>

#include <csignal>
#include <limits>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

constexpr std::int64_t scalar_shape[] = {1};
constexpr float one_float[] = {1.0F};

}  // namespace

TEST_CASE("reads what was written, bit for bit and in the same order", "[formats][writer]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  const std::int64_t matrix[] = {2, 3}, none[] = {0, 4}, one[] = {1};
  const float floats[] = {1.0F, -0.0F, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::infinity(),
                          0.1F, -3e38F};
  const std::int64_t wide[] = {std::numeric_limits<std::int64_t>::min()};
  const std::int32_t narrow[] = {-5};
  const std::string_view odd_name = "quote\" back\\slash \xc3\xa9 \xf0\x9f\x98\x80 \n\x01 \x7f/";
  const tensor_to_write tensors[] = {f32_tensor("z", matrix, floats), i32_tensor(odd_name, one, narrow),
                                     i64_tensor("", one, wide), f32_tensor("nothing", none, {}),
                                     f32_tensor("scalar", {}, std::span(floats).first(1))};
  const std::pair<std::string_view, std::string_view> metadata[] = {{"format", "pt"}, {"quote\"", "line\nline"}};
  REQUIRE(write_safetensors(path, tensors, metadata));

  const auto file = safetensors_file::open(path);
  INFO((file ? "" : file.error().message()));
  REQUIRE(file);
  const auto read = file->tensors();
  REQUIRE(read.size() == 5);
  CHECK(reinterpret_cast<std::uintptr_t>(read[0].bytes.data()) % 8 == 0);
  for (const tensor_to_write& written : tensors) {
    const stored_tensor* const tensor = file->find(written.name);
    REQUIRE(tensor != nullptr);
    CHECK(tensor->dtype == written.dtype);
    CHECK(shape_text(tensor->shape) == shape_text(written.shape));
    REQUIRE(tensor->bytes.size() == written.bytes.size());
    CHECK(
        (written.bytes.empty() || std::memcmp(tensor->bytes.data(), written.bytes.data(), written.bytes.size()) == 0));
  }
  CHECK(read[0].name == "z");
  CHECK(read[1].name == odd_name);
  CHECK(read[2].name == "");
  REQUIRE(file->metadata().size() == 2);
  CHECK(file->metadata()[1].first == "quote\"");
  CHECK(file->metadata()[1].second == "line\nline");
  CHECK(names_in(folder) == std::vector<std::string>{"model.safetensors"});
}

TEST_CASE("writes the bytes of the reference writer", "[formats][writer]") {
  TYPEFORMER_NEEDS_SHARED(cases, "formats/safetensors-cases");
  const scratch_folder folder;
  for (const char* const name : {"u17_serialized_f32.safetensors", "u19_serialized_empty.safetensors"}) {
    const std::string reference = (cases / name).string();
    const auto file = safetensors_file::open(reference);
    REQUIRE(file);
    std::vector<tensor_to_write> tensors;
    for (const stored_tensor& tensor : file->tensors())
      tensors.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.bytes});
    REQUIRE(write_safetensors(folder / "copy", tensors));
    CHECK(bytes_of_file(folder / "copy") == bytes_of_file(reference));
  }
}

TEST_CASE("says why a write failed and keeps the old file", "[formats][writer]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  const tensor_to_write good[] = {f32_tensor("a", scalar_shape, one_float)};
  REQUIRE(write_safetensors(path, good));
  const std::string before = bytes_of_file(path);
  const auto problem_of = [&](std::span<const tensor_to_write> tensors, metadata_texts metadata = {}) {
    const auto written = write_safetensors(path, tensors, metadata);
    CHECK(bytes_of_file(path) == before);
    return written ? std::string("written") : written.error().message();
  };
  const std::int64_t two[] = {2}, negative[] = {-1}, huge[] = {std::int64_t{1} << 40, std::int64_t{1} << 40};
  const tensor_to_write twice[] = {good[0], good[0]},
                        reserved[] = {f32_tensor("__metadata__", scalar_shape, one_float)},
                        not_utf8[] = {f32_tensor("\xff", scalar_shape, one_float)},
                        short_data[] = {f32_tensor("a", two, one_float)},
                        negative_shape[] = {f32_tensor("a", negative, one_float)},
                        huge_shape[] = {f32_tensor("a", huge, one_float)};
  CHECK(problem_of(twice) == path + ": two tensors have one name");
  const std::pair<std::string_view, std::string_view> repeated[] = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  CHECK(problem_of(good, repeated) == path + ": a key of the metadata is repeated");
  CHECK(problem_of(reserved) == path + ": tensor \"__metadata__\": the name is reserved");
  CHECK(problem_of(not_utf8).ends_with("is not UTF-8"));
  CHECK(problem_of(short_data) ==
        path + ": tensor \"a\": wrong size for its shape and type: expected 8 bytes, found 4");
  CHECK(problem_of(negative_shape) == path + ": tensor \"a\": the shape has no size in bytes: found [-1]");
  CHECK(problem_of(huge_shape).find("the shape has no size in bytes") != std::string::npos);
  const std::pair<std::string_view, std::string_view> bad_metadata[] = {{"key", "\xc0"}};
  CHECK(problem_of({}, bad_metadata) == path + ": a metadata text is not UTF-8");

  CHECK(write_safetensors(folder / "nowhere/model.safetensors", good).error().message() ==
        folder / "nowhere/model.safetensors" + ": cannot be created: No such file or directory");
  std::filesystem::create_directory(folder / "folder");
  write_file(folder / "folder/content", "x");
  CHECK(write_safetensors(folder / "folder", good).error().problem == "cannot be replaced");
  CHECK(names_in(folder) == std::vector<std::string>{"folder", "model.safetensors"});
}

TEST_CASE("rejects a full disk and leaves no file behind", "[formats][writer]") {
  const scratch_folder folder;
  const tensor_to_write good[] = {f32_tensor("a", scalar_shape, one_float)};
  ::rlimit before;
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const ::rlimit few_bytes{16, before.rlim_max};
  const auto on_signal = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &few_bytes) == 0);
  const auto written = write_safetensors(folder / "model.safetensors", good);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, on_signal);
  REQUIRE_FALSE(written);
  CHECK(written.error().problem.starts_with("cannot be written"));
  CHECK(std::filesystem::is_empty(folder.path()));
}
