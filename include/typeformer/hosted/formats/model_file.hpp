// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/llama2c_checkpoint.hpp>
#include <typeformer/hosted/formats/renamed_gguf.hpp>

namespace typeformer {

/// A model's tensors from every format that is read: those of `checkpoint_file`, GGUF, and `.bin` files of llama2.c.
/// The latter two are read by Hugging Face's names (see `gguf_families`).
///
/// `load<M, model_file>(path)` loads from all of these; `load<M>(path)` leaves their readers out of a program. Views stay
/// valid while the object, or the one it was moved into, exists.
class model_file : public model_tensors {
 public:
  /// Opens a `.gguf` or `.bin` file, a folder with `model.gguf` and no safetensors, or what `checkpoint_file` opens.
  /// `pairs` are those that the model rotates: where a GGUF or `.bin` file has others, rows of queries and keys are read
  /// in the model's order. `body` is the beginning of the names of the body's tensors, for an architecture of several
  /// model types (see `renamed`).
  ///
  /// Errors: those of `checkpoint_file::open`, `gguf_file::open`, `renamed` and `llama2c_checkpoint::open`.
  TYPEFORMER_RARE static result<model_file, file_error> open(const std::string& path,
                                                             rotary_order pairs = rotary_order::half_split,
                                                             std::string_view body = {}) {
    if (const std::string gguf = gguf_path(path); !gguf.empty()) return open_gguf(gguf, pairs, body);
    if (path.ends_with(".bin")) return opened(path, llama2c_checkpoint::open(path, pairs));
    return opened(path, checkpoint_file::open(path));
  }

  /// The GGUF file that a path means; empty: another format.
  TYPEFORMER_RARE static std::string gguf_path(const std::string& path) {
    if (path.ends_with(".gguf")) return path;
    const auto in_folder = [&](std::string_view name) { return detail::joined({path, "/", name}); };
    const auto has = [&](std::string_view name) { return regular_file::exists(in_folder(name)); };
    return has("model.gguf") && !has("model.safetensors") && !has("model.safetensors.index.json")
               ? in_folder("model.gguf")
               : std::string{};
  }
  /// The opened safetensors files; none: another format.
  std::span<const safetensors_file> files() const { return files_; }

 private:
  struct gguf_tensors {
    gguf_file file;
    renamed_gguf renamed;
  };

  template <class File>
  static result<model_file, file_error> opened(const std::string& path, result<File, file_error> file) {
    if (!file) return failure{file.error()};
    const auto owner = std::make_shared<const File>(std::move(*file));
    const auto tensors = owner->tensors();
    model_file all(path, owner, {tensors.begin(), tensors.end()});
    if constexpr (std::same_as<File, checkpoint_file>) all.path_ = owner->path(), all.files_ = owner->files();
    return result<model_file, file_error>(std::move(all));
  }
  TYPEFORMER_RARE static result<model_file, file_error> open_gguf(const std::string& path, rotary_order pairs,
                                                                  std::string_view body) {
    auto file = gguf_file::open(path);
    if (!file) return failure{file.error()};
    auto tensors = renamed(*file, pairs, body);
    if (!tensors) return failure{tensors.error()};
    const auto owner = std::make_shared<const gguf_tensors>(gguf_tensors{std::move(*file), std::move(*tensors)});
    return model_file(path, owner, owner->renamed.tensors);
  }

  model_file(const std::string& path, std::shared_ptr<const void> owner, std::vector<stored_tensor> tensors)
      : owner_(std::move(owner)) {
    path_ = path;
    tensors_ = tensor_list(std::move(tensors));
  }

  std::shared_ptr<const void> owner_;  // of what the tensors and `files_` view
  std::span<const safetensors_file> files_;
};

}  // namespace typeformer
