// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/npz_writer.hpp>

#include <cstdlib>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

result<void, file_error> write(const std::string& path, std::span<const tensor_to_write> tensors) {
  return write_npz(path, described(tensors),
                   [&](std::size_t i) { return result<std::span<const std::byte>, file_error>(tensors[i].bytes); });
}

}  // namespace

TEST_CASE("writes a zip file of NumPy's files", "[formats][npz]") {
  const scratch_folder folder;
  const float numbers[6] = {1, 2, 3, 4, 5, -0.5F};
  const std::int64_t integers[2] = {-7, 1}, matrix[] = {2, 3}, vector[] = {2}, none[] = {0, 4};
  const tensor_to_write tensors[] = {
      f32_tensor("a.weight", matrix, numbers), i64_tensor("b/\xce\xb3", vector, integers),
      f32_tensor("scalar", {}, std::span(numbers).last(1)), f32_tensor("none", none, {})};
  REQUIRE(write(folder / "a.npz", tensors));
  // The standard library's reader checks the sums; what NumPy would read is compared as text.
  write_file(folder / "read.py", R"(
import ast, struct, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
assert archive.namelist() == ["a.weight.npy", "b/\u03b3.npy", "scalar.npy", "none.npy"], archive.namelist()
for name, descr, shape, values in (
        ("a.weight", "<f4", (2, 3), struct.pack("<6f", 1, 2, 3, 4, 5, -0.5)), ("b/\u03b3", "<i8", (2,), struct.pack("<2q", -7, 1)),
        ("scalar", "<f4", (), struct.pack("<f", -0.5)), ("none", "<f4", (0, 4), b"")):
    data = archive.read(name + ".npy")
    assert data[:8] == b"\x93NUMPY\x01\x00", name
    length = struct.unpack("<H", data[8:10])[0]
    assert (10 + length) % 64 == 0 and data[9 + length] == 10, name
    assert ast.literal_eval(data[10:10 + length].decode()) == {"descr": descr, "fortran_order": False, "shape": shape}, name
    assert data[10 + length:] == values, name
)");
  CHECK(std::system((std::string(TYPEFORMER_PYTHON) + " " + folder / "read.py" + " " + folder / "a.npz").c_str()) == 0);
  const std::string bytes = bytes_of_file(folder / "a.npz");
  REQUIRE(write(folder / "a.npz", tensors));
  CHECK(bytes_of_file(folder / "a.npz") == bytes);
}

TEST_CASE("puts large sizes and places of a zip file into its extra field", "[formats][npz]") {
  const detail::zip_entry small{"a", 1, 100, 200}, large{"a", 1, std::uint64_t{5} << 30, std::uint64_t{6} << 30};
  CHECK(small.header(false).size() == 30 + 1);
  CHECK(small.header(true).size() == 46 + 1);
  CHECK(large.header(false).size() == 30 + 1 + 20);
  CHECK(large.header(true).size() == 46 + 1 + 28);
  CHECK(detail::zip_ending({small}, 300).size() == 47 + 22);
  CHECK(detail::zip_ending({large}, std::uint64_t{11} << 30).size() == 46 + 29 + 56 + 20 + 22);
}

TEST_CASE("rejects what NumPy cannot hold before it writes", "[formats][npz]") {
  const scratch_folder folder;
  const float numbers[2] = {1, 2};
  const std::int64_t two[] = {2}, four[] = {4};
  const auto problem_of = [&](const std::vector<tensor_to_write>& tensors) {
    const auto written = write(folder / "a.npz", tensors);
    return written ? std::string("written") : written.error().problem;
  };
  const tensor_to_write good = f32_tensor("a", two, numbers);
  CHECK(problem_of({good, good}) == "two tensors have one name");
  CHECK(problem_of({{"a", tensor_dtype::bf16, four, good.bytes}}) == "NumPy has no such element type");
  CHECK(problem_of({{"a", tensor_dtype::f32, four, good.bytes}}) == "wrong size for its shape and type");
  CHECK(names_in(folder).empty());
}
