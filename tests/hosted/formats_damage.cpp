// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>

#include <memory>
#include <random>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

const std::string small_file = safetensors_bytes(
    R"({"__metadata__":{"format":"pt","n\u00e4me":"\ud83d\ude00"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
    R"("b":{"dtype":"BF16","shape":[3],"data_offsets":[24,30]},"c":{"dtype":"I64","shape":[],"data_offsets":[30,38]}}   )",
    38);

// Copies into memory of exactly that size, so that the address sanitizer sees a read beyond the end.
result<safetensors_file, file_error> opened(std::string_view bytes, std::unique_ptr<std::byte[]>& memory) {
  memory = std::make_unique<std::byte[]>(bytes.size());
  std::memcpy(memory.get(), bytes.data(), bytes.size());
  return safetensors_file::view({memory.get(), bytes.size()}, "damaged");
}

// Reads every byte of everything that an opened file has.
std::size_t read_everything(const safetensors_file& file) {
  std::size_t read = 0;
  for (const stored_tensor& tensor : file.tensors()) {
    std::vector<float> floats(tensor.element_count());
    std::vector<std::int64_t> integers(tensor.element_count());
    read += read_floats(tensor, floats).has_value() ? 1 : 0;
    read += read_integers(tensor, integers).has_value() ? 1 : 0;
    CHECK(file.find(tensor.name) == &tensor);
  }
  return read;
}

}  // namespace

TEST_CASE("rejects a file truncated anywhere", "[formats][damage]") {
  std::unique_ptr<std::byte[]> memory;
  {
    const auto whole = opened(small_file, memory);
    REQUIRE(whole);
    CHECK(read_everything(*whole) == 3);
  }
  const scratch_folder folder;
  for (std::size_t size = 0; size < small_file.size(); ++size) {
    const auto file = opened(std::string_view(small_file).substr(0, size), memory);
    INFO("truncated to " << size << " bytes");
    REQUIRE_FALSE(file);
    CHECK_FALSE(file.error().problem.empty());
    write_file(folder / "model.safetensors", std::string_view(small_file).substr(0, size));
    const auto on_disk = checkpoint_file::open(folder.path().string());
    REQUIRE_FALSE(on_disk);
    CHECK(on_disk.error().file == folder / "model.safetensors");
  }
}

TEST_CASE("returns an error or readable tensors for damaged bytes", "[formats][damage]") {
  std::mt19937 random(20'240'607);
  const auto below = [&](std::size_t bound) { return static_cast<unsigned>(random() % bound); };
  constexpr std::string_view telling = "0123456789{}[]\",:\\u-.eE \xff\x80";
  std::unique_ptr<std::byte[]> memory;
  int accepted = 0, rejected = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = small_file;
    for (unsigned edits = 1 + below(4); edits > 0; --edits) {
      const std::size_t at = below(4) == 0 ? below(8) : below(bytes.size());
      switch (below(4)) {
        case 0: bytes[at] = static_cast<char>(static_cast<unsigned char>(below(256))); break;
        case 1: bytes[at] = telling[below(telling.size())]; break;
        case 2: bytes.insert(at, 1, telling[below(telling.size())]); break;
        default: bytes.erase(at, 1 + below(3)); break;
      }
    }
    const auto file = opened(bytes, memory);
    ++(file ? accepted : rejected);
    if (file) read_everything(*file);
    else CHECK_FALSE(file.error().message().empty());
  }
  CHECK(accepted > 100);
  CHECK(rejected > 10'000);
}

TEST_CASE("returns an error or a readable configuration for damaged JSON", "[formats][damage]") {
  constexpr std::string_view json =
      R"({"n":12,"x":1e-05,"t":"a\u00e9","list":[1,[2,{"deep":null}]],"o":{"p":{"q":true}}})";
  std::mt19937 random(7);
  const auto below = [&](std::size_t bound) { return static_cast<unsigned>(random() % bound); };
  constexpr std::string_view telling = "0123456789{}[]\",:\\u-.eE \xff\x80";
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(json);
    for (unsigned edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(bytes.size());
      if (below(2) == 0) bytes[at] = telling[below(telling.size())];
      else bytes.erase(at, 1);
    }
    const auto config = json_config::parse(bytes, "damaged");
    if (!config) continue;
    ++accepted;
    for (const std::string_view path : {"n", "x", "t", "list.1.1.deep", "o.p.q", "list.9", "o"}) {
      const bool present = config->has(path);
      const bool typed = config->integer(path) || config->number(path) || config->boolean(path) || config->text(path) ||
                         config->size(path);
      REQUIRE(typed == present);
    }
  }
  CHECK(accepted > 1'000);
}
