// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/gguf.hpp>

#include <cctype>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>

#include <typeformer/hosted/formats/encoded_tensor.hpp>
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/gguf_writer.hpp>
#include <typeformer/hosted/formats/safetensors.hpp>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

std::vector<std::vector<std::string>> rows_of_table(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::vector<std::string> row;
    for (std::string field; std::getline(fields, field, '\t');) row.push_back(field);
    rows.push_back(row);
  }
  rows.erase(rows.begin());
  return rows;
}

// Reads all that an opened file has, so that the address sanitizer sees what is out of bounds.
void read_everything(const gguf_file& file) {
  for (const gguf_entry& entry : file.metadata().entries()) {
    const gguf_value& value = entry.value;
    CHECK(file.metadata().find(entry.key) == &value);
    std::size_t elements = 0, bytes = 0;
    value.for_each([&](const gguf_value& element) { ++elements, bytes += element.encoded().size(); });
    CHECK(elements == value.size());
    CHECK(bytes <= value.encoded().size());
  }
  for (const stored_tensor& tensor : file.tensors()) {
    CHECK(file.find(tensor.name) == &tensor);
    std::vector<float> floats(tensor.element_count());
    CHECK(read_floats(tensor, floats).has_value() == is_read_as_floats(tensor.dtype));
  }
}

// Opens a file, and its bytes in memory of exactly their size.
bool is_accepted(const std::filesystem::path& path, gguf_contents contents) {
  const auto file = gguf_file::open(path.string(), contents);
  const std::string bytes = bytes_of_file(path);
  const auto memory = std::make_unique<std::byte[]>(bytes.size());
  std::memcpy(memory.get(), bytes.data(), bytes.size());
  const auto view = gguf_file::view({memory.get(), bytes.size()}, path.string(), contents);
  REQUIRE(view.has_value() == file.has_value());
  if (!file) {
    CHECK(file.error().message() == view.error().message());
    CHECK(file.error().message().starts_with(path.string() + ": "));
    return false;
  }
  if (contents == gguf_contents::everything) read_everything(*view), read_everything(*file);
  return true;
}

void check_verdict(const std::filesystem::path& path, const std::string& of_header, const std::string& of_everything) {
  INFO(path.string());
  CHECK(is_accepted(path, gguf_contents::header) == (of_header == "accept"));
  CHECK(is_accepted(path, gguf_contents::everything) == (of_everything == "accept"));
}

template <class Number> std::string bytes_of_number(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}
std::string counted(std::string_view text) { return bytes_of_number(std::uint64_t(text.size())) + std::string(text); }
std::string preamble(std::uint64_t tensors, std::uint64_t entries) {
  return "GGUF" + bytes_of_number(std::uint32_t{3}) + bytes_of_number(tensors) + bytes_of_number(entries);
}

}  // namespace

TEST_CASE("agrees with ggml on every handcrafted GGUF file", "[formats][gguf]") {
  TYPEFORMER_NEEDS_SHARED(cases, "formats/gguf-handcrafted");
  const auto rows = rows_of_table(cases / "verdicts.tsv");
  for (const auto& row : rows) {
    check_verdict(cases / row[0], row[5], row[6]);
    const auto file = gguf_file::open((cases / row[0]).string(), gguf_contents::header);
    if (!file) continue;
    CHECK(std::to_string(file->metadata().entries().size()) == row[7]);
    CHECK(std::to_string(file->tensors().size()) == row[8]);
    CHECK(std::to_string(file->alignment()) == row[9]);
  }
  CHECK(rows.size() >= 30);
}

TEST_CASE("agrees with ggml on every damaged GGUF file", "[formats][gguf]") {
  TYPEFORMER_NEEDS_SHARED(cases, "formats/gguf-mutants");
  const auto rows = rows_of_table(cases / "verdicts.tsv");
  for (const auto& row : rows) check_verdict(cases / row[0], row[2], row[3]);
  CHECK(rows.size() >= 250);
}

TEST_CASE("converts every block format to the numbers of ggml, bit for bit", "[formats][gguf]") {
  TYPEFORMER_NEEDS_SHARED(folder, "formats/gguf-quant");
  const auto file = gguf_file::open((folder / "all_types.gguf").string());
  const auto expected = safetensors_file::open((folder / "expected_dequant.safetensors").string());
  REQUIRE(file);
  REQUIRE(expected);
  int exact = 0, rejected = 0;
  for (const stored_tensor& tensor : file->tensors()) {
    if (!tensor.name.starts_with("w.")) continue;
    INFO(tensor.name);
    std::vector<float> values(104 * 256), numbers(104 * 256);
    const auto read = read_floats(tensor, values);
    if (!is_read_as_floats(tensor.dtype)) {
      REQUIRE_FALSE(read);
      CHECK(read.error().message() == (folder / "all_types.gguf").string() + ": tensor \"" + std::string(tensor.name) +
                                          "\": wrong element type: expected " + std::string(names_of_float_types) +
                                          ", found " + std::string(name_of(tensor.dtype)));
      ++rejected;
      continue;
    }
    REQUIRE(read);
    REQUIRE(read_floats(*expected->find("deq/" + std::string(tensor.name.substr(2))), numbers));
    CHECK(std::memcmp(values.data(), numbers.data(), 4 * values.size()) == 0);
    std::vector<float> part(300);  // begins and ends within a block
    REQUIRE(read_floats(tensor, 100, part));
    CHECK(std::equal(part.begin(), part.end(), values.begin() + 100));
    ++exact;
  }
  CHECK(exact == 11);
  CHECK(rejected == 7);
}

TEST_CASE("gives metadata by key and type", "[formats][gguf]") {
  TYPEFORMER_NEEDS_SHARED(folder, "formats/gguf-quant");
  for (const char* const name : {"all_types.gguf", "all_types_meta_only.gguf"}) {
    auto opened = gguf_file::open((folder / name).string(), gguf_contents::header);
    REQUIRE(opened);
    const gguf_file file = std::move(*opened);
    const gguf_metadata& data = file.metadata();
    CHECK(*data.text("general.architecture") == "test");
    CHECK(*data.integer("test.u32") == 4'000'000'000);
    CHECK(*data.integer("test.i32") == -5);
    CHECK(*data.integer("test.u8") == 200);
    CHECK(*data.integer("test.i8") == -100);
    CHECK(*data.integer("test.u16") == 60'000);
    CHECK(*data.integer("test.i16") == -30'000);
    CHECK(*data.integer("test.i64") == -9'000'000'000);
    CHECK_FALSE(data.integer("test.u64"));
    CHECK(*data.number("test.u64") == 18446744073709551615.0);
    CHECK(*data.number("test.f32") == double(0.1F));
    CHECK(*data.number("test.f64") == 0.1);
    CHECK(*data.boolean("test.bool"));
    CHECK(*data.numbers("test.arr_f32") == std::vector<double>{1.5, -2.0, 0.25});
    CHECK(*data.texts("test.arr_str") == std::vector<std::string_view>{"alpha", "", "\xce\xb3\xf0\x9f\xa6\x99"});
    CHECK(data.numbers("test.arr_empty_i32")->empty());
    CHECK(data.find("test") == nullptr);
    CHECK(data.text("test.u8").error().message() ==
          (folder / name).string() + ": key \"test.u8\" has the wrong type or size: expected a text, found u8");
    CHECK(data.integer("none").error().problem == "key \"none\" is missing");
    CHECK(shape_text(file.find("dims.4")->shape) == "[5, 4, 3, 2]");
    CHECK(shape_text(file.find("dims.1")->shape) == "[5]");
  }
}

TEST_CASE("allocates no more for a GGUF file than its size allows", "[formats][gguf]") {
  const auto rejects = [](const std::string& bytes) {
    return !gguf_file::view(as_bytes(bytes), "small.gguf", gguf_contents::header).has_value();
  };
  const std::uint64_t most = ~std::uint64_t{0};
  CHECK(rejects(preamble(most, 0)));
  CHECK(rejects(preamble(0, most)));
  CHECK(rejects(preamble(std::uint64_t{1} << 40, 0) + std::string(1000, '\0')));
  CHECK(rejects(preamble(0, 1) + bytes_of_number(most)));
  const std::string key = preamble(0, 1) + counted("key");
  for (const std::uint32_t element : {0U, 5U, 8U, 12U}) {
    const std::string array = key + bytes_of_number(std::uint32_t{9}) + bytes_of_number(element);
    for (const std::uint64_t count : {most, most / 8 + 1, std::uint64_t{1} << 29, std::uint64_t{1} << 61})
      CHECK(rejects(array + bytes_of_number(count) + std::string(64, '\0')));
    CHECK_FALSE(rejects(array + bytes_of_number(std::uint64_t{4}) + std::string(32, '\0')));
  }
  CHECK(rejects(key + bytes_of_number(std::uint32_t{9}) + bytes_of_number(std::uint32_t{9}) +
                bytes_of_number(std::uint64_t{1}) + std::string(64, '\0')));
}

TEST_CASE("reports a GGUF file that is shortened after it was opened", "[formats][gguf]") {
  TYPEFORMER_NEEDS_SHARED(folder, "formats/gguf-quant");
  const scratch_folder scratch;
  write_file(scratch / "a.gguf", bytes_of_file(folder / "all_types.gguf"));
  const auto file = gguf_file::open(scratch / "a.gguf");
  REQUIRE(file);
  std::filesystem::resize_file(scratch / "a.gguf", 4000);
  for (const stored_tensor& tensor : file->tensors()) {
    if (!is_read_as_floats(tensor.dtype)) continue;
    std::vector<float> values(tensor.element_count());
    const auto read = read_floats(tensor, values);
    REQUIRE_FALSE(read);
    CHECK(read.error().problem == "cannot be read: was the file shortened?");
  }
}

TEST_CASE("writes the GGUF files of ggml again, byte for byte", "[formats][gguf]") {
  const scratch_folder scratch;
  for (const char* const name : {"formats/gguf-quant/all_types.gguf", "weights/stories260K/stories260K.gguf"}) {
    TYPEFORMER_NEEDS_SHARED(original, name);
    const auto file = gguf_file::open(original.string());
    REQUIRE(file);
    std::vector<tensor_to_write> tensors;
    for (const stored_tensor& t : file->tensors()) tensors.push_back({t.name, t.dtype, t.shape, t.bytes});
    gguf_metadata_builder metadata;
    metadata.set_all(file->metadata().entries());
    REQUIRE(write_gguf(scratch / "again.gguf", tensors, metadata.entries()));
    CHECK(bytes_of_file(scratch / "again.gguf") == bytes_of_file(original));
  }
}

TEST_CASE("encodes the source of the block formats as ggml does", "[formats][gguf]") {
  TYPEFORMER_NEEDS_SHARED(folder, "formats/gguf-quant");
  const auto file = gguf_file::open((folder / "all_types.gguf").string());
  const auto expected = safetensors_file::open((folder / "expected_dequant.safetensors").string());
  REQUIRE(file);
  REQUIRE(expected);
  std::vector<float> source(104 * 256);
  REQUIRE(read_floats(*expected->find("source"), source));
  for (const tensor_dtype dtype : {tensor_dtype::f16, tensor_dtype::bf16, tensor_dtype::q4_0, tensor_dtype::q4_1,
                                   tensor_dtype::q5_0, tensor_dtype::q5_1, tensor_dtype::q8_0}) {
    std::string name = "w.";
    for (const char c : name_of(dtype)) name += static_cast<char>(std::tolower(c));
    INFO(name);
    const stored_tensor* const stored = file->find(name);
    REQUIRE(stored);
    const auto bytes = encoded_tensor(*expected->find("source"), dtype);
    REQUIRE(bytes);
    CHECK(std::equal(bytes->begin(), bytes->end(), stored->bytes.begin(), stored->bytes.end()));
  }
  CHECK(encoded_tensor(*expected->find("source"), tensor_dtype::q4_k).error().problem ==
        "is not written in this element type");
}

TEST_CASE("rejects numbers that an element type cannot hold", "[formats][gguf]") {
  std::vector<float> values(64, 1.0F);
  const std::int64_t shape[] = {2, 32}, odd[] = {4, 16};
  const auto tensor = [&](std::span<const std::int64_t> extents) {
    return stored_tensor{"test", "a", tensor_dtype::f32, extents, std::as_bytes(std::span(values))};
  };
  CHECK(encoded_tensor(tensor(shape), tensor_dtype::q8_0));
  CHECK(encoded_tensor(tensor(odd), tensor_dtype::q8_0).error().problem == "rows do not end on a whole block of Q8_0");
  values[40] = 70000.0F;
  CHECK(encoded_tensor(tensor(shape), tensor_dtype::f16).error().message() ==
        "test: tensor \"a\": a number is beyond F16: expected at most 65504, found element 40");
  CHECK_FALSE(encoded_tensor(tensor(shape), tensor_dtype::q4_1));
  CHECK(encoded_tensor(tensor(shape), tensor_dtype::bf16));
  values[40] = std::numeric_limits<float>::infinity();
  CHECK(encoded_tensor(tensor(shape), tensor_dtype::f16));
  CHECK_FALSE(encoded_tensor(tensor(shape), tensor_dtype::q8_0));
  values.assign(64, 1e-42F);  // whose inverse is infinite
  CHECK(encoded_tensor(tensor(shape), tensor_dtype::q8_0));
  CHECK(encoded_tensor(tensor(shape), tensor_dtype::q4_0));
}

TEST_CASE("rejects what GGUF cannot hold before it writes", "[formats][gguf]") {
  const scratch_folder scratch;
  const std::string path = scratch / "a.gguf";
  const float numbers[2] = {1, 2};
  const std::int64_t two[] = {2}, five[] = {1, 1, 1, 1, 2};
  const auto problem_of = [&](const std::vector<tensor_to_write>& tensors,
                              const std::vector<gguf_entry>& metadata = {}) {
    const auto written = write_gguf(path, tensors, metadata);
    return written ? std::string("written") : written.error().problem;
  };
  const tensor_to_write good = f32_tensor("a", two, numbers);
  CHECK(problem_of({good}) == "written");
  std::filesystem::remove(path);
  CHECK(problem_of({good, good}) == "two tensors have one name");
  CHECK(problem_of({f32_tensor(std::string(64, 'n'), two, numbers)}) == "GGUF cannot hold this name");
  CHECK(problem_of({f32_tensor("a", five, numbers)}) == "too many dimensions for GGUF");
  CHECK(problem_of({{"a", tensor_dtype::u8, two, std::as_bytes(std::span(numbers)).first(2)}}) ==
        "GGUF has no such element type");
  CHECK(problem_of({{"a", tensor_dtype::f32, two, std::as_bytes(std::span(numbers)).first(4)}}) ==
        "wrong size for its shape and type");
  gguf_metadata_builder metadata;
  metadata.set("general.alignment", std::uint32_t{48});
  CHECK(problem_of({good}, metadata.entries()) == "wrong general.alignment");
  metadata.set("general.alignment", std::uint32_t{64});
  const auto entries = metadata.entries();
  CHECK(problem_of({good}, {entries[0], entries[0]}) == "a key of the metadata is repeated");
  CHECK(names_in(scratch).empty());
  CHECK(problem_of({good}, entries) == "written");
  CHECK(gguf_file::open(path)->alignment() == 64);
}
