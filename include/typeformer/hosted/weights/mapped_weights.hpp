// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/safetensors.hpp>
#include <typeformer/hosted/formats/safetensors_writer.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/parameters/weights.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// What a file of packed weights says of itself, so that it is not read as another model's or another target's.
struct packed_weights_file {
  static constexpr std::string_view tensor = "packed_weights", layout_key = "typeformer.layout",
                                    panel_key = "typeformer.panel_width";

  /// A number (FNV-1a, 64 bits) of all names, extents and places of a model's parameters.
  TYPEFORMER_RARE static std::string digest(const parameter_layout& layout) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    const auto add = [&](std::string_view text) {
      for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    };
    for_each_tensor(layout, [&](const parameter_tensor& t) {
      add(t.name().view());
      for (const index_type number :
           {t.offset, t.of->rows, t.of->columns, index_type(t.of->kind), index_type(t.of->operand)})
        add(detail::joined({" ", detail::digits_of(std::uint64_t(number))}));
    });
    return std::to_string(hash);
  }
};

/// Weights in the form that kernels read, mapped from a file of `save_packed`: nothing is read before it is used, and
/// all processes share it.
///
///     tf::session<M, tf::reads<tf::mapped_weights<M>>> run{*weights};
///
/// The numbers are not looked at. While an object exists, the file must not be shortened (see `mapped_file`).
template <class M>
  requires fits_together<checked_model<M>>
class mapped_weights {
 public:
  using model = M;

  /// Errors: those of safetensors; a file of another kind, model or instruction set.
  static result<mapped_weights, file_error> open(const std::string& path) {
    auto file = safetensors_file::open(path);
    if (!file) return failure{file.error()};
    mapped_weights opened{std::move(*file)};
    if (auto checked = check(opened.file_, path, packed_weights_file::digest(layout_of<M>),
                             std::int64_t(layout_of<M>.parameters) + kernels::panel_overread);
        !checked)
      return failure{checked.error()};
    return opened;
  }

  packed_weights_view<float, kernels::native_panel_width> view() const {
    return {reinterpret_cast<const float*>(file_.find(packed_weights_file::tensor)->bytes.data())};
  }

 private:
  explicit mapped_weights(safetensors_file&& file) : file_{std::move(file)} {}

  TYPEFORMER_RARE static result<void, file_error> check(const safetensors_file& file, const std::string& path,
                                                        const std::string& digest, std::int64_t count) {
    const stored_tensor* const found = file.find(packed_weights_file::tensor);
    if (!found) return failure{file_error{path, packed_weights_file::tensor, "tensor missing"}};
    const auto check_text = [&](std::string_view key, std::string_view problem,
                                const std::string& wanted) -> result<void, file_error> {
      std::string_view text;
      for (const auto& [name, value] : file.metadata())
        if (name == key) text = value;
      if (text == wanted) return {};
      return failure{file_error{path, key, problem, wanted, text}};
    };
    if (auto checked = check_text(packed_weights_file::panel_key, "packed for another instruction set",
                                  std::to_string(kernels::native_panel_width));
        !checked)
      return checked;
    if (auto checked = check_text(packed_weights_file::layout_key, "packed for another model", digest); !checked)
      return checked;
    if (found->dtype != tensor_dtype::f32 || found->shape.size() != 1 || found->shape[0] != count)
      return failure{found->error("wrong shape or type",
                                  detail::joined({"F32 [", detail::digits_of(std::uint64_t(count)), "]"}),
                                  detail::joined({name_of(found->dtype), " ", shape_text(found->shape)}))};
    if (reinterpret_cast<std::uintptr_t>(found->bytes.data()) % alignof(float) != 0)
      return failure{found->error("misaligned", "a multiple of 4 bytes", {})};
    return {};
  }

  safetensors_file file_;
};

/// Writes weights as they lie in memory, replacing `path` when the file is complete. Read by `mapped_weights<M>::open`
/// of programs for the same instruction set.
///
/// Errors: those of `write_safetensors`; weights without memory.
template <class M> result<void, file_error> save_packed(const std::string& path, const weights<M>& of) {
  if (!of.available()) return failure{file_error{path, {}, "the weights have no memory"}};
  const std::array<std::int64_t, 1> shape{std::int64_t(layout_of<M>.parameters) + kernels::panel_overread};
  const std::string digest = packed_weights_file::digest(layout_of<M>),
                    panel_width = std::to_string(kernels::native_panel_width);
  const std::array tensors{
      f32_tensor(packed_weights_file::tensor, shape, std::span<const float>(of.data(), std::size_t(shape[0])))};
  std::array<std::pair<std::string_view, std::string_view>, 3> metadata{{{packed_weights_file::layout_key, digest},
                                                                         {packed_weights_file::panel_key, panel_width},
                                                                         {"typeformer.pad", {}}}};
  const auto preamble = detail::safetensors_preamble(path, described(tensors), metadata);
  if (!preamble) return failure{preamble.error()};
  // The numbers begin at a cache line of the mapped file. The preamble is already a multiple of 8 bytes.
  const std::string pad((64 - preamble->size() % 64) % 64, ' ');
  metadata[2].second = pad;
  return write_safetensors(path, tensors, metadata);
}

}  // namespace typeformer::inline TYPEFORMER_ISA
