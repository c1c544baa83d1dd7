// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <dlfcn.h>
#include <unistd.h>

#include <typeformer/foundation/result.hpp>

#include "../compile.hpp"
#include "compiled/loaded_model.hpp"
#include "content_key.hpp"
#include "read_parameters.hpp"

namespace running {

namespace files = std::filesystem;

/// How models are compiled.
struct compilation {
  std::string compiler, flags;
  std::string cache;                  ///< the folder of compiled models
  std::vector<std::string> includes;  ///< folders of headers: the library, the tools, what they need
  files::path library, tools;         ///< whose headers are part of the key
  std::int64_t context = 0;           ///< tokens that are held; 0: not too many
  unsigned threads = 1;
  std::string type = "f32";  ///< of the weights: a key of `formats`

  /// Formats of weights by their names on the command line.
  static constexpr std::pair<const char*, const char*> formats[] = {
      {"f32", "float"},
      {"bf16", "typeformer::bf16"},
      {"int8", "typeformer::int8<typeformer::groups_of<32>>"},
      {"int4", "typeformer::int4<typeformer::groups_of<32>, typeformer::asymmetric>"}};
};

/// Compiled models, in a folder by what they were compiled from: the type, the headers, the compiler and its flags.
class model_cache {
 public:
  using outcome = typeformer::result<files::path, std::string>;

  explicit model_cache(const compilation& how) : how_{how} {}

  /// The library that holds a model; an empty path if it is not compiled. `header` declares the type `model`.
  files::path find(const std::string& header) const {
    files::path library = place_of(header);
    std::error_code ignored;
    return files::exists(library, ignored) ? library : files::path{};
  }

  /// Compiles a model. Its library appears as a whole or not at all, also if two programs compile it at once. Errors, as
  /// a sentence: the folder cannot be written, the compiler cannot be started or rejects the model, or is interrupted.
  outcome compile(const std::string& header) const {
    const files::path library = place_of(header),
                      place = files::path(how_.cache) / ("compiling-" + std::to_string(::getpid()));
    std::error_code problem;
    files::create_directories(place, problem);
    if (problem) return typeformer::failure{place.string() + ": cannot be created: " + problem.message()};
    std::string why = compile(header, place);
    if (why.empty()) {
      files::rename(place, library.parent_path(), problem);
      if (problem && !files::exists(library)) why = library.string() + ": cannot be written: " + problem.message();
    }
    std::error_code ignored;
    files::remove_all(place, ignored);
    if (!why.empty()) return typeformer::failure{why};
    return library;
  }

 private:
  static constexpr std::string_view source_file = "model.cpp", header_file = "model.hpp";

  files::path place_of(const std::string& header) const {
    return files::path(how_.cache) / ("model-" + key_of(header)) / "model.so";
  }
  std::string source() const {
    return "#include <run/compiled/model.hpp>\n\n#include \"model.hpp\"\n\n"
           "extern \"C\" __attribute__((visibility(\"default\"))) running::load_model typeformer_load_model;\n"
           "running::loaded_model* typeformer_load_model(const char* path, running::parameter_reader* read,\n"
           "                                            std::string& problem) {\n"
           "  return running::loaded<model, " +
           std::to_string(how_.context) + ", " + format() + ">(path, read, problem);\n}\n";
  }
  std::string format() const {
    for (const auto& [name, type] : compilation::formats)
      if (how_.type == name) return type;
    return how_.type;
  }
  std::vector<std::string> flags() const {
    std::vector<std::string> all{"-std=c++20", "-shared",
                                 "-fPIC",      "-fvisibility=hidden",
                                 "-pthread",   "-DTYPEFORMER_RUN_THREADS=" + std::to_string(how_.threads)};
    std::istringstream words(how_.flags);
    all.insert(all.end(), std::istream_iterator<std::string>(words), {});
    for (const std::string& folder : how_.includes) all.push_back("-I" + folder);
    return all;
  }

  std::string key_of(const std::string& header) const {
    content_key key;
    key.add(header), key.add(source());
    for (const std::string& flag : flags()) key.add(flag);
    key.add_files(how_.library, ".hpp");
    key.add_files(how_.tools / "run/compiled", ".hpp");
    key.add(identity_of_compiler());
    key.add(instructions_of_machine());
    return key.text();
  }
  /// Its file, and when that was changed.
  std::string identity_of_compiler() const {
    std::error_code ignored;
    const char* const given = std::getenv("PATH");
    std::istringstream folders(how_.compiler.find('/') == std::string::npos && given ? given : "");
    files::path program = how_.compiler;
    for (std::string folder; std::getline(folders, folder, ':');)
      if (files::exists(files::path(folder) / how_.compiler, ignored)) {
        program = files::path(folder) / how_.compiler;
        break;
      }
    program = files::canonical(program, ignored);
    const auto changed = files::last_write_time(program, ignored);
    return program.string() + " " + std::to_string(changed.time_since_epoch().count());
  }
  /// What `-march=native` depends on, where the system says it.
  static std::string instructions_of_machine() {
    std::ifstream facts("/proc/cpuinfo");
    for (std::string line; std::getline(facts, line);)
      if (line.starts_with("flags") || line.starts_with("Features")) return line;
    return {};
  }

  /// Returns why it failed; empty if it did not.
  std::string compile(const std::string& header, const files::path& place) const {
    for (const auto& [name, text] : {std::pair{header_file, header}, std::pair{source_file, source()}}) {
      std::ofstream file(place / name, std::ios::binary);
      if (!(file << text << std::flush)) return (place / name).string() + ": cannot be written";
    }
    std::vector<std::string> command{how_.compiler};
    for (std::string& flag : flags()) command.push_back(std::move(flag));
    for (const std::string& part :
         {"-I" + place.string(), (place / source_file).string(), std::string("-o"), (place / "model.so").string()})
      command.push_back(part);
    return processes::compile(command, (place / "compiler.log").string());
  }

  const compilation& how_;
};

/// The model of a compiled library, with the weights at `path`. Errors, as a sentence: the library cannot be opened;
/// those of `load`.
inline typeformer::result<std::unique_ptr<loaded_model>, std::string> open_model(const files::path& library,
                                                                                 const std::string& path) {
  void* const opened = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto load = opened == nullptr ? nullptr : reinterpret_cast<load_model*>(::dlsym(opened, loading_function));
  if (load == nullptr) return typeformer::failure{library.string() + ": cannot be opened: " + ::dlerror()};
  std::string problem;
  std::unique_ptr<loaded_model> model{load(path.c_str(), read_parameters, problem)};
  if (!model) return typeformer::failure{problem};
  return model;
}

}  // namespace running
