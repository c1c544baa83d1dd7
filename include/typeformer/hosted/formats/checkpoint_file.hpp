// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/formats/llama2c_checkpoint.hpp>
#include <typeformer/hosted/formats/renamed_gguf.hpp>
#include <typeformer/hosted/formats/safetensors.hpp>

namespace typeformer {

/// A model's tensors: in one safetensors file, in several with an index (Hugging Face's sharded checkpoints), in a GGUF
/// file or in a `.bin` file of llama2.c. The latter two are read by Hugging Face's names (see `gguf_families`).
///
/// Views stay valid while the object, or the one it was moved into, exists.
class checkpoint_file {
 public:
  /// Opens a `.safetensors`, `.gguf` or `.bin` file, a `.json` index, or a folder that holds `model.safetensors` (which
  /// is preferred), `model.safetensors.index.json` or `model.gguf`. `pairs` are those that the model rotates: where a
  /// GGUF or `.bin` file has others, rows of queries and keys are read in the model's order.
  ///
  /// Errors: those of `safetensors_file::open`, `gguf_file::open`, `renamed` and `llama2c_checkpoint::open`; an invalid
  /// index; a tensor that is missing from the shard that the index names. The index decides where a tensor is: others of
  /// its name, and tensors that it does not list, are ignored.
  TYPEFORMER_RARE static result<checkpoint_file, file_error> open(const std::string& path,
                                                                  rotary_order pairs = rotary_order::half_split) {
    if (path.ends_with(".json")) return open_index(path);
    if (path.ends_with(".safetensors")) return open_file(path);
    if (path.ends_with(".gguf")) return open_gguf(path, pairs);
    if (path.ends_with(".bin")) return open_llama2c(path, pairs);
    const std::string file = detail::joined({path, "/model.safetensors"}),
                      shards = detail::joined({file, ".index.json"}), gguf = detail::joined({path, "/model.gguf"});
    if (regular_file::exists(file)) return open_file(file);
    if (regular_file::exists(shards)) return open_index(shards);
    if (regular_file::exists(gguf)) return open_gguf(gguf, pairs);
    return failure{
        file_error{path, {}, "holds no checkpoint", "model.safetensors, model.safetensors.index.json or model.gguf"}};
  }

  /// All tensors: for one file in the order of their data, for shards in the order of the index.
  std::span<const stored_tensor> tensors() const { return tensors_.tensors(); }
  /// The tensor of that name, or null.
  const stored_tensor* find(std::string_view name) const { return tensors_.find(name); }
  /// The tensor of that name and shape. Errors: missing, another shape.
  TYPEFORMER_RARE result<stored_tensor, file_error> find(std::string_view name,
                                                         std::span<const std::int64_t> shape) const {
    const stored_tensor* const tensor = find(name);
    if (tensor == nullptr) return failure{file_error{path_, name, "missing", shape_text(shape)}};
    bool same = tensor->shape.size() == shape.size();
    for (std::size_t axis = 0; same && axis < shape.size(); ++axis) same = tensor->shape[axis] == shape[axis];
    if (!same) return failure{tensor->error("wrong shape", shape_text(shape), shape_text(tensor->shape))};
    return *tensor;
  }
  /// The file or index that was opened, for errors.
  const std::string& path() const { return path_; }
  /// The opened safetensors files.
  std::span<const safetensors_file> files() const { return files_; }
  /// The opened GGUF file, or null.
  const gguf_file* gguf() const { return gguf_.empty() ? nullptr : &gguf_.front(); }

 private:
  checkpoint_file() = default;

  TYPEFORMER_RARE static result<checkpoint_file, file_error> open_file(const std::string& path) {
    checkpoint_file opened;
    opened.path_ = path;
    if (auto added = opened.add_file(path); !added) return failure{added.error()};
    const auto tensors = opened.files_.front().tensors();
    opened.tensors_ = tensor_list({tensors.begin(), tensors.end()});
    return result<checkpoint_file, file_error>(std::move(opened));
  }

  TYPEFORMER_RARE static result<checkpoint_file, file_error> open_gguf(const std::string& path, rotary_order pairs) {
    auto file = gguf_file::open(path);
    if (!file) return failure{file.error()};
    checkpoint_file opened;
    opened.path_ = path;
    opened.gguf_.push_back(std::move(*file));
    auto tensors = renamed(opened.gguf_.front(), pairs);
    if (!tensors) return failure{tensors.error()};
    opened.renamed_ = std::move(*tensors);
    opened.tensors_ = tensor_list(std::move(opened.renamed_.tensors));
    return result<checkpoint_file, file_error>(std::move(opened));
  }

  TYPEFORMER_RARE static result<checkpoint_file, file_error> open_llama2c(const std::string& path, rotary_order pairs) {
    auto file = llama2c_checkpoint::open(path, pairs);
    if (!file) return failure{file.error()};
    checkpoint_file opened;
    opened.path_ = path;
    opened.llama2c_.push_back(std::move(*file));
    const auto tensors = opened.llama2c_.front().tensors();
    opened.tensors_ = tensor_list({tensors.begin(), tensors.end()});
    return result<checkpoint_file, file_error>(std::move(opened));
  }

  TYPEFORMER_RARE static result<checkpoint_file, file_error> open_index(const std::string& path) {
    const auto json = json_config::open(path);
    if (!json) return failure{json.error()};
    const auto weight_map = json->texts_of("weight_map");
    if (!weight_map) return failure{weight_map.error()};
    const std::string_view folder = std::string_view(path).substr(0, path.find_last_of('/') + 1);

    checkpoint_file opened;
    opened.path_ = path;
    std::vector<detail::sort_key> by_shard, by_name;
    for (const auto& [name, shard] : *weight_map) {
      if (shard.empty() || shard.find_first_of(std::string_view("/\\\0", 3)) != std::string_view::npos) {
        return failure{file_error{path, name, "the shard is not a file beside the index", {}, shard}};
      }
      by_shard.push_back({shard, 0, 0, by_shard.size()});
      by_name.push_back({name, 0, 0, by_name.size()});
    }
    detail::sort_and_keep_last(by_name);
    if (by_name.size() != weight_map->size()) {
      return failure{file_error{path, {}, "weight_map lists a tensor twice"}};
    }
    detail::sort_keys(by_shard);
    std::vector<stored_tensor> tensors(weight_map->size());
    for (std::size_t i = 0; i < by_shard.size(); ++i) {
      const std::string shard_path = detail::joined({folder, by_shard[i].name});
      if (i == 0 || by_shard[i].name != by_shard[i - 1].name) {
        if (auto added = opened.add_file(shard_path); !added) return failure{added.error()};
      }
      const std::string_view name = (*weight_map)[by_shard[i].position].first;
      const stored_tensor* const tensor = opened.files_.back().find(name);
      if (tensor == nullptr) {
        return failure{file_error{shard_path, name, "missing from the shard that the index names"}};
      }
      tensors[by_shard[i].position] = *tensor;
    }
    opened.tensors_ = tensor_list(std::move(tensors));
    return result<checkpoint_file, file_error>(std::move(opened));
  }

  TYPEFORMER_RARE result<void, file_error> add_file(const std::string& path) {
    auto file = safetensors_file::open(path);
    if (!file) return failure{file.error()};
    files_.push_back(std::move(*file));
    return {};
  }

  std::string path_;
  std::vector<safetensors_file> files_;
  std::vector<gguf_file> gguf_;
  std::vector<llama2c_checkpoint> llama2c_;
  renamed_gguf renamed_;
  tensor_list tensors_;
};

}  // namespace typeformer
