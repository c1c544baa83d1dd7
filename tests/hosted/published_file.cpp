// SPDX-License-Identifier: BSL-1.0
// Files are published whole or not at all, and replace only regular files. Only regular files are read.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <typeformer/hosted/data/document_file.hpp>
#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/hosted/files/write_text.hpp>
#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/formats/safetensors_writer.hpp>
#include <typeformer/hosted/training/metrics_csv.hpp>
#include <typeformer/text/wordpiece.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

/// Paths that are not regular files, and how messages call them.
std::vector<std::pair<std::string, std::string>> other_files(const scratch_folder& folder) {
  std::vector<std::pair<std::string, std::string>> others{{folder / "fifo.safetensors", "a FIFO"},
                                                          {folder / "directory.safetensors", "a directory"},
                                                          {folder / "socket.safetensors", "a socket"}};
  REQUIRE(::mkfifo(others[0].first.c_str(), 0600) == 0);
  std::filesystem::create_directory(others[1].first);
  ::sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(others[2].first.size() < sizeof address.sun_path);
  std::copy(others[2].first.begin(), others[2].first.end(), address.sun_path);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(listener, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0);
  ::close(listener);
  // A separate device, like /dev/full, because a fault would replace the real one.
  const std::string device = folder / "device.safetensors";
  if (::mknod(device.c_str(), S_IFCHR | 0600, ::dev_t{1} << 8 | 7) == 0) others.push_back({device, "a device"});
  return others;
}

result<void, file_error> write_one(const std::string& path, std::span<const float> values) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(values.size())};
  const tensor_to_write tensors[] = {f32_tensor("a", shape, values)};
  return write_safetensors(path, tensors);
}
constexpr float one[] = {1};

}  // namespace

TEST_CASE("rejects writing to what is not a regular file, and does not change it", "[files]") {
  const scratch_folder folder;
  const auto others = other_files(folder);
  const auto before = names_in(folder);
  for (const auto& [path, kind] : others) {
    CAPTURE(path);
    struct ::stat old_facts, new_facts;
    REQUIRE(::lstat(path.c_str(), &old_facts) == 0);
    const std::string problem = path + ": cannot be replaced: expected a regular file or none, found " + kind;
    const auto weights = write_one(path, one);
    REQUIRE_FALSE(weights);
    CHECK(weights.error().message() == problem);
    const auto text = write_text(path, "text");
    REQUIRE_FALSE(text);
    CHECK(text.error().message() == problem);
    const auto metrics = metrics_csv::create(path);
    REQUIRE_FALSE(metrics);
    CHECK(metrics.error().message() == problem);
    REQUIRE(::lstat(path.c_str(), &new_facts) == 0);
    CHECK(new_facts.st_mode == old_facts.st_mode);
    CHECK(new_facts.st_ino == old_facts.st_ino);
  }
  CHECK(names_in(folder) == before);
}

TEST_CASE("rejects replacing a symbolic link, to a file or to nothing", "[files]") {
  const scratch_folder folder;
  write_file(folder / "target", "old");
  std::filesystem::create_symlink(folder / "target", folder / "link");
  std::filesystem::create_symlink(folder / "nothing", folder / "dangling");
  for (const char* const name : {"link", "dangling"}) {
    const auto written = write_text(folder / name, "new");
    REQUIRE_FALSE(written);
    CHECK(written.error().found == "a symbolic link");
    CHECK(std::filesystem::is_symlink(folder / name));
  }
  CHECK(bytes_of_file(folder / "target") == "old");
  CHECK_FALSE(std::filesystem::exists(folder / "nothing"));
}

TEST_CASE("never opens an existing file under the name of a file that is being written", "[files]") {
  const scratch_folder folder;
  write_file(folder / "target", "old");
  const std::string path = folder / "text", process = path + "." + std::to_string(::getpid()) + "-";
  auto first = published_file::create(path);
  REQUIRE(first);
  std::string name;  // of the file that the first one writes
  for (const std::string& found : names_in(folder))
    if (found.ends_with(".partial")) name = found;
  const auto number = std::stoul(name.substr(name.find('-') + 1));
  for (unsigned long i = 1; i <= 3; ++i)  // the names of the next ones
    std::filesystem::create_symlink(folder / "target", process + std::to_string(number + i) + ".partial");
  REQUIRE(write_text(path, "new"));
  CHECK(bytes_of_file(path) == "new");
  CHECK(bytes_of_file(folder / "target") == "old");
}

TEST_CASE("publishes one whole file if there are several writers", "[files]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  constexpr std::size_t size = 1 << 14;
  const auto write_many = [&](float value) {
    const std::vector<float> values(size, value);
    for (int i = 0; i < 30; ++i)
      if (!write_one(path, values)) return false;
    return true;
  };
  REQUIRE(write_one(path, std::vector<float>(size, 0)));
  bool written[2] = {};
  std::thread writers[] = {std::thread([&] { written[0] = write_many(1); }),
                           std::thread([&] { written[1] = write_many(2); })};
  int mixed = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string bytes = bytes_of_file(path);
    const auto file = safetensors_file::view(as_bytes(bytes), path);
    REQUIRE(file);
    std::vector<float> values(size);
    REQUIRE(read_floats(file->tensors()[0], values));
    mixed += std::count(values.begin(), values.end(), values[0]) != std::ptrdiff_t{size};
  }
  for (std::thread& writer : writers) writer.join();
  CHECK((written[0] && written[1]));
  CHECK(mixed == 0);
  CHECK(names_in(folder) == std::vector<std::string>{"model.safetensors"});
}

TEST_CASE("removes what is not published and keeps the old file", "[files]") {
  const scratch_folder folder;
  write_file(folder / "text", "old");
  {
    auto file = published_file::create(folder / "text");
    REQUIRE(file);
    REQUIRE(file->write("new"));
    published_file moved = std::move(*file);
    REQUIRE(moved.flush());
  }
  CHECK(bytes_of_file(folder / "text") == "old");
  CHECK(names_in(folder) == std::vector<std::string>{"text"});
  const auto beyond_a_zero = write_text((folder / "text") + std::string("\0x", 2), "new");
  REQUIRE_FALSE(beyond_a_zero);
  CHECK(bytes_of_file(folder / "text") == "old");
  std::filesystem::create_directory(folder / "taken");
  auto late = published_file::create(folder / "late");
  REQUIRE(late);
  std::filesystem::create_directory(folder / "late");  // while it is being written
  const auto published = late->publish();
  REQUIRE_FALSE(published);
  CHECK(published.error().found == "a directory");
}

TEST_CASE("rejects reading what is not a regular file immediately", "[files]") {
  const scratch_folder folder;
  const auto others = other_files(folder);
  const std::function<std::string(const std::string&)> readers[] = {
      [](const auto& path) { return mapped_file::open(path).error().message(); },
      [](const auto& path) { return safetensors_file::open(path).error().message(); },
      [](const auto& path) { return json_config::open(path).error().message(); },
      [](const auto& path) { return read_text(path).error().message(); },
      [](const auto& path) { return document_file::open(path).error().message(); },
      [](const auto& path) { return wordpiece::open(path).error().message(); }};
  for (const auto& [path, kind] : others) {
    for (const auto& read : readers) {
      CAPTURE(path);
      const std::string problem = read(path);
      if (kind == "a socket") CHECK(problem.starts_with(path + ": cannot be opened: "));
      else CHECK(problem == path + ": is no regular file but " + kind);
    }
  }
  std::filesystem::create_directory(folder / "model");
  REQUIRE(::mkfifo((folder / "model/model.safetensors").c_str(), 0600) == 0);
  CHECK(checkpoint_file::open(folder / "model").error().problem == "is no regular file but a FIFO");
  CHECK(mapped_file::open(folder / "missing").error().problem == "cannot be opened: No such file or directory");
  CHECK(mapped_file::open((folder / "model") + std::string("\0", 1)).error().problem.starts_with("cannot be opened"));
}

TEST_CASE("reports a shortened file as an error, not as a signal", "[files]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  const std::vector<float> values(1 << 16, 1.5F);
  REQUIRE(write_one(path, values));
  const auto file = checkpoint_file::open(path);
  REQUIRE(file);
  std::vector<float> read(values.size());
  REQUIRE(read_floats(*file->find("a"), read));
  CHECK(read == values);
  std::filesystem::resize_file(path, 4096);
  const auto shortened = read_floats(*file->find("a"), read);
  REQUIRE_FALSE(shortened);
  CHECK(shortened.error().tensor == "a");
  CHECK(shortened.error().problem == "cannot be read: was the file shortened?");
}
