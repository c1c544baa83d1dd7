// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace typeformer {

/// What llama.cpp's converter changes in a tensor besides its name (convert_hf_to_gguf.py).
enum class gguf_change : std::uint8_t {
  none,
  transposed,          ///< Conv1D's matrix [inputs][outputs] is stored as [outputs][inputs]
  rotates_adjacently,  ///< rows of a projection of queries that rotate half-split pairs are stored as adjacent pairs
  rotates_keys_adjacently,
  part_by_part,         ///< all queries, then all keys, then all values; read so for each head of keys
  without_padding_rows  ///< positions from the first one on; read after the rows up to that of padding
};

/// When a rule gives the name that is written. Most serve to read always.
enum class gguf_rule_use : std::uint8_t {
  always,
  with_gate,             ///< in the feed-forward; not for reading a file without one
  with_second_norm,      ///< before the attention; not for reading a file without one
  with_unnamed_classes,  ///< those two that a configuration has if it says nothing
  never                  ///< only files of others have it
};

/// Names without their ending `.weight` or `.bias`; `*` stands for the number of the block.
struct gguf_name_rule {
  /// In GGUF, and in Hugging Face's files: after the body's if there is a dot first. There each row may be a tensor, whose
  /// number is `#`, or queries, keys and values one each, whose letter is `?`.
  std::string_view stored, read;
  gguf_change change = gguf_change::none;
  gguf_rule_use use = gguf_rule_use::always;
};

/// A number, flag or text in the metadata, and the same in `config.json`.
struct gguf_setting {
  enum class kind : std::uint8_t { count, number, flag, text };
  std::string_view key;  ///< after the architecture if it begins with a dot
  kind type = kind::count;
  std::array<std::string_view, 5> configured{};  ///< spellings in `config.json`
  std::string_view otherwise{};                  ///< written if none is there; empty: nothing is
};

/// A model type of Hugging Face's and what llama.cpp calls its parts.
struct gguf_family {
  std::string_view architecture;  ///< as `general.architecture` says
  std::string_view model_type;    ///< as `config.json` says
  std::string_view body;          ///< with which the names of the body's tensors begin; files may omit it
  std::span<const gguf_name_rule> first, rest;
  bool rotates_adjacently = false;  ///< q_proj and k_proj are stored so (see `gguf_change`)
  float added_to_norms = 0;         ///< to the weights of all norms
  bool has_output = true;           ///< false: the head is the token table and has no tensor
  double rotated_part = 1;          ///< of a head's columns, if the configuration does not say
  /// With which names of tensors begin that llama.cpp does not use; after the body's if there is a dot first.
  std::span<const std::string_view> unused{};
  std::span<const gguf_setting> settings{};  ///< in addition to those of all families
  std::string_view only_for{};               ///< one of `architectures`; empty: all of the model type
};

}  // namespace typeformer
