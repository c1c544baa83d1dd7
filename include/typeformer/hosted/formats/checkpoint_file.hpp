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
#include <typeformer/hosted/formats/model_tensors.hpp>
#include <typeformer/hosted/formats/safetensors.hpp>
#include <typeformer/hosted/formats/shard_index.hpp>

namespace typeformer {

/// A model's tensors, in one safetensors file or in several files with an index (Hugging Face's sharded checkpoints).
/// Other formats: `model_file`.
///
/// Views stay valid while the object, or the one it was moved into, exists.
class checkpoint_file : public model_tensors {
 public:
  /// Opens a `.safetensors` file, a `.json` index, or a folder that holds `model.safetensors` (which is preferred) or
  /// `model.safetensors.index.json`.
  ///
  /// Errors: those of `safetensors_file::open`; an invalid index; a tensor that is missing from the shard that the
  /// index names. The index decides where a tensor is: others of its name, and tensors that it does not list, are
  /// ignored. `tensors` of one file are in the order of their data, those of shards in the order of the index.
  TYPEFORMER_RARE static result<checkpoint_file, file_error> open(const std::string& path) {
    if (path.ends_with(".json")) return open_index(path);
    if (path.ends_with(".safetensors")) return open_file(path);
    if (path.ends_with(".gguf") || path.ends_with(".bin"))
      return failure{file_error{
          path,
          {},
          "GGUF and llama2.c's .bin are read by load<M, model_file> (typeformer/hosted/formats/model_file.hpp)"}};
    const std::string file = detail::joined({path, "/model.safetensors"}),
                      shards = detail::joined({file, ".index.json"});
    if (regular_file::exists(file)) return open_file(file);
    if (regular_file::exists(shards)) return open_index(shards);
    return failure{file_error{path, {}, "holds no checkpoint", "model.safetensors or model.safetensors.index.json"}};
  }

  /// The opened files.
  std::span<const safetensors_file> files() const { return files_; }

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

  TYPEFORMER_RARE static result<checkpoint_file, file_error> open_index(const std::string& path) {
    const auto index = read_shard_index(path);
    if (!index) return failure{index.error()};
    const std::string_view folder = std::string_view(path).substr(0, path.find_last_of('/') + 1);

    checkpoint_file opened;
    opened.path_ = path;
    std::vector<detail::sort_key> by_shard, by_name;
    for (const shard_index::entry& entry : index->entries) {
      const std::string_view name = index->texts.view(entry.tensor), shard = index->texts.view(entry.shard);
      if (shard.empty() || shard.find_first_of(std::string_view("/\\\0", 3)) != std::string_view::npos) {
        return failure{file_error{path, name, "the shard is not a file beside the index", {}, shard}};
      }
      by_shard.push_back({shard, 0, 0, by_shard.size()});
      by_name.push_back({name, 0, 0, by_name.size()});
    }
    detail::sort_and_keep_last(by_name);
    if (by_name.size() != index->entries.size()) {
      return failure{file_error{path, {}, "weight_map lists a tensor twice"}};
    }
    detail::sort_keys(by_shard);
    std::vector<stored_tensor> tensors(index->entries.size());
    for (std::size_t i = 0; i < by_shard.size(); ++i) {
      const std::string shard_path = detail::joined({folder, by_shard[i].name});
      if (i == 0 || by_shard[i].name != by_shard[i - 1].name) {
        if (auto added = opened.add_file(shard_path); !added) return failure{added.error()};
      }
      const std::string_view name = index->texts.view(index->entries[by_shard[i].position].tensor);
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

  std::vector<safetensors_file> files_;
};

}  // namespace typeformer
