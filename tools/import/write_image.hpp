// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>

#include "command_line.hpp"

#if __has_include(<spawn.h>)
#include "../compile.hpp"
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

/// The type of a format, as C++ spells it after `typeformer::`.
inline std::string type_of_format(const std::string& format) {
  if (format == "int8") return "int8<>";
  if (format == "int4") return "int4<typeformer::groups_of<32>, typeformer::asymmetric>";
  return format == "f32" ? "float" : format;
}

/// The ids that are given, or those in the file that is.
inline std::string calibration_of(const image_request& image) {
  std::ifstream file(image.calibration);
  return file ? std::string(std::istreambuf_iterator<char>(file), {}) : image.calibration;
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
  for (const std::string& folder : processes::folders_in(TYPEFORMER_IMPORT_INCLUDES)) compile.push_back("-I" + folder);
  if (std::string why = processes::compile(compile, log.string()); !why.empty()) return tf::failure{std::move(why)};
  const int written = processes::run_program(
      {program.string(), files::absolute(weights).string(), command.request.name, header.string(),
       std::to_string(command.image.lanes), command.image.golden, calibration_of(command.image)},
      log.string());
  if (written == 0) return {};
  const std::string error = processes::first_line_with("error", log.string());
  return tf::failure{error.empty() ? processes::first_line_with("", log.string()) : error};
#endif
}

}  // namespace importing
