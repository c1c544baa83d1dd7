// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>

#include "command_line.hpp"

#if __has_include(<spawn.h>)
#include "../process.hpp"
#define TYPEFORMER_IMPORT_STARTS_PROGRAMS
#endif

// What CMake knows: the compiler of this program, and the folders of the headers that a model and tools/embed need.
#ifndef TYPEFORMER_IMPORT_COMPILER
#define TYPEFORMER_IMPORT_COMPILER "c++"
#endif
#ifndef TYPEFORMER_IMPORT_INCLUDES
#define TYPEFORMER_IMPORT_INCLUDES ""
#endif

namespace importing {

/// A new folder for what is not kept.
class passing_folder {
 public:
  passing_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "typeformer_import_XXXXXX").string();
#ifdef TYPEFORMER_IMPORT_STARTS_PROGRAMS
    if (::mkdtemp(name.data())) path_ = name;
#endif
  }
  passing_folder(const passing_folder&) = delete;
  passing_folder& operator=(const passing_folder&) = delete;
  ~passing_folder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::vector<std::string> include_options() {
  std::vector<std::string> options;
  const std::string folders = TYPEFORMER_IMPORT_INCLUDES;
  for (std::size_t at = 0; at < folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    if (end > at) options.push_back("-I" + folders.substr(at, end - at));
    at = end + 1;
  }
  return options;
}

/// The type of a format, as C++ spells it after `typeformer::`.
inline std::string type_of_format(const std::string& format) {
  if (format == "int8") return "int8<>";
  if (format == "int4") return "int4<typeformer::groups_of<32>, typeformer::asymmetric>";
  return format == "f32" ? "float" : format;
}

inline std::string first_error_in(const std::filesystem::path& log) {
  std::ifstream stream(log);
  std::string first;
  for (std::string line; std::getline(stream, line);) {
    if (first.empty()) first = line;
    if (line.find("error") != std::string::npos) return line;
  }
  return first.empty() ? "the compiler says nothing" : first;
}

/// Compiles the model's header with tools/embed for this machine and runs the program, which writes the image beside the
/// header. Errors, as a sentence: there is no compiler, the model does not compile, those of the program.
inline tf::result<void, std::string> write_image(const import_command& command, const std::filesystem::path& weights) {
#ifndef TYPEFORMER_IMPORT_STARTS_PROGRAMS
  return tf::failure{std::string("--embed needs a system on which programs can be started (POSIX)")};
#else
  namespace files = std::filesystem;
  const passing_folder place;
  if (place.path().empty()) return tf::failure{std::string("no temporary folder can be made")};
  const files::path header = files::absolute(command.header), source = place.path() / "image.cpp",
                    program = place.path() / "image", log = place.path() / "log";
  const std::string type = type_of_format(command.image.format),
                    format = type == "float" ? type : "typeformer::" + type;
  std::ofstream(source) << "#include \"" << header.string() << "\"\n#include <embed/image_writer.hpp>\n\n"
                        << "int main(int count, char** arguments) {\n  return embedding::write_image<"
                        << command.request.name << ", " << format << ">(count, arguments, \"" << format << "\");\n}\n";
  std::vector<std::string> compile{command.image.compiler.empty() ? TYPEFORMER_IMPORT_COMPILER : command.image.compiler,
                                   "-std=c++20",
                                   "-O1",
                                   "-w",
                                   "-DNDEBUG",
                                   "-DTYPEFORMER_SIMD_SCALAR",
                                   source.string(),
                                   "-o",
                                   program.string()};
  for (std::string& option : include_options()) compile.push_back(std::move(option));
  const int compiled = processes::run_program(compile, log.string());
  if (compiled < 0) return tf::failure{"the compiler " + compile[0] + " cannot be started: " + std::strerror(errno)};
  if (compiled != 0) return tf::failure{"the model does not compile: " + first_error_in(log)};
  const int written =
      processes::run_program({program.string(), files::absolute(weights).string(), command.request.name,
                              header.string(), std::to_string(command.image.lanes), command.image.golden},
                             log.string());
  return written == 0 ? tf::result<void, std::string>{} : tf::failure{first_error_in(log)};
#endif
}

}  // namespace importing
