// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <hosted/formats_support.hpp>
#include <hosted/gguf_support.hpp>
#include <support/catch.hpp>
#include <support/kernel_cases.hpp>
#include <support/random_parameters.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <support/stories_runs.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/file_weights.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/hosted/weights/save_gguf.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/quantization/q4_0.hpp>
#include <typeformer/quantization/q8_0.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using testing::decoded, testing::scratch_folder, testing::stories, testing::write_in_blocks;
using ids = std::vector<std::int32_t>;

double worst(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(double(a[i]) - double(b[i]));
    most = std::isfinite(difference) ? std::max(most, difference) : INFINITY;
  }
  return most;
}

/// Decodes from the file, token by token and at once, and compares with weights that were loaded from it.
template <class M, class File> file_weights<M, File> checked_file(const std::string& path) {
  auto values = file_weights<M, File>::open(path);
  INFO((values ? "" : values.error().message()));
  REQUIRE(values);
  const auto loaded = load<M, File>(path);
  REQUIRE(loaded);
  const ids tokens{1, 403, 7, 261, 338, 9, 2, 6, 5};
  using session_of_file = session<M, reads<file_weights<M, File>>>;
  const auto expected = decoded<session<M>>(*loaded, tokens);
  CHECK(worst(decoded<session_of_file>(*values, tokens), expected) < 1e-4);
  session_of_file run{*values};
  const auto logits = run.prefill(tokens);
  REQUIRE(logits);
  CHECK(worst({logits->begin(), logits->end()}, {expected.end() - index_type(logits->size()), expected.end()}) < 1e-4);
  return std::move(*values);
}

TEST_CASE("models run from GGUF files as they are: stories260K") {
  TYPEFORMER_NEEDS_SHARED(shared, "weights/stories260K");
  const auto canonical = load_parameters<stories>((shared / "stories260K.safetensors").string());
  REQUIRE(canonical);
  const scratch_folder folder;
  const auto metadata = testing::gguf_metadata_for("llama", 8, 4);
  REQUIRE(save_gguf(folder / "f32.gguf", *canonical, metadata.entries()));
  using of_stories = file_weights_view<stories>;
  using decodes_file = decoding_with<reads<file_weights<stories, model_file>>>;
  static_assert(of_stories::bytes == 4 * 11 * 64);  // eleven norms
  static_assert(footprint<stories, decodes_file>::weights_bytes == of_stories::bytes);
  const double all = 4.0 * double(parameters<stories>::count);
  const auto f32 = checked_file<stories, model_file>(folder / "f32.gguf");
  CHECK(f32.copied_bytes() == of_stories::bytes);
  CHECK(double(f32.mapped_bytes() + f32.copied_bytes()) == all);
  const auto in_blocks = [&](tensor_dtype blocks, const char* name) {
    write_in_blocks(folder / "f32.gguf", folder / name, blocks, metadata);
    return checked_file<stories, model_file>(folder / name);
  };
  const auto f16 = in_blocks(tensor_dtype::f16, "f16.gguf"), bf16 = in_blocks(tensor_dtype::bf16, "bf16.gguf"),
             q8_0 = in_blocks(tensor_dtype::q8_0, "q8_0.gguf"), q4_0 = in_blocks(tensor_dtype::q4_0, "q4_0.gguf");
  for (const auto* one : {&f16, &bf16, &q8_0, &q4_0}) CHECK(one->copied_bytes() == of_stories::bytes);
  CHECK(double(f16.mapped_bytes()) < 0.5 * all);
  CHECK(double(bf16.mapped_bytes()) < 0.5 * all);
  CHECK(double(q8_0.mapped_bytes()) < 0.32 * all);
  CHECK(double(q4_0.mapped_bytes()) < 0.23 * all);
  // Of a type that is not read in place.
  const auto q4_1 = in_blocks(tensor_dtype::q4_1, "q4_1.gguf");
  CHECK(q4_1.copied_bytes() > q4_1.mapped_bytes());
}

// Its matrices are transposed in files, so that they are copied; its table of tokens stays there.
struct tiny_gpt2 : gpt2<gpt2_config{.layers = 2, .width = 36, .heads = 3, .vocabulary = 500, .context = 40}> {};

TEST_CASE("models run from safetensors files") {
  const scratch_folder folder;
  const std::string path = folder / "a.safetensors";
  REQUIRE(save(path, testing::random_parameters<tiny_gpt2>(5)));
  const auto values = checked_file<tiny_gpt2, checkpoint_file>(path);
  CHECK(values.mapped_bytes() == 4 * 500 * 36);
  REQUIRE(save(path, testing::random_parameters<stories>(5)));
  CHECK(checked_file<stories, checkpoint_file>(path).copied_bytes() == file_weights_view<stories>::bytes);
  const auto wrong = file_weights<tiny_gpt2>::open(path);
  REQUIRE(!wrong);
  CHECK(wrong.error().message() == load<tiny_gpt2>(path).error().message());
}

template <class Put> void check_rows(stored_format format, index_type inputs, const Put& put) {
  CAPTURE(static_cast<int>(format), inputs);
  constexpr index_type outputs = 7, rows = 6;
  const index_type row_bytes = inputs / elements_of(format) * bytes_of(format);
  const auto w = testing::seeded_numbers(outputs * inputs, 3), x = testing::seeded_numbers(rows * inputs, 4),
             bias = testing::seeded_numbers(outputs, 5);
  std::vector<std::byte> bytes(std::size_t(outputs * row_bytes));
  for (index_type row = 0; row < outputs; ++row) put(w.data() + row * inputs, bytes.data() + row * row_bytes);
  const std::int32_t order[]{2, 0, 1};
  const stored_rows parts[]{{bytes.data(), format, 3, row_bytes, order},
                            {bytes.data() + 3 * row_bytes, format, 4, row_bytes, nullptr}};
  const stored_view view{parts, 2, outputs, inputs};
  std::vector<float> y(std::size_t(outputs * rows));
  kernels::linear_stored(rows, testing::rows_of(x, inputs), view, bias.data(), testing::rows_of(y, outputs),
                         testing::reversed_workers{});
  for (index_type row = 0; row < rows; ++row)
    for (index_type output = 0; output < outputs; ++output) {
      double expected = double(bias[std::size_t(output)]);
      for (index_type i = 0; i < inputs; ++i)
        expected += double(x[std::size_t(row * inputs + i)]) * double(view(output, i));
      CHECK(std::abs(double(y[std::size_t(row * outputs + output)]) - expected) < 1e-5);
      const index_type stored = output < 3 ? order[output] : output;
      CHECK(std::abs(view(output, 1) - w[std::size_t(stored * inputs + 1)]) <
            (format == stored_format::q4_0 ? 0.1 : 0.01));
    }
}

TEST_CASE("products with rows in files are those of the numbers that they mean") {
  for (const index_type inputs : {1, 7, 16, 35, 96}) {
    if (inputs > 1) {
      check_rows(stored_format::f32, inputs,
                 [&](const float* x, std::byte* to) { std::memcpy(to, x, std::size_t(4 * inputs)); });
      check_rows(stored_format::f16, inputs, [&](const float* x, std::byte* to) {
        for (index_type i = 0; i < inputs; ++i) {
          const float16 half{x[i]};
          std::memcpy(to + 2 * i, &half, 2);
        }
      });
      check_rows(stored_format::bf16, inputs, [&](const float* x, std::byte* to) {
        for (index_type i = 0; i < inputs; ++i) {
          const bfloat16 half{x[i]};
          std::memcpy(to + 2 * i, &half, 2);
        }
      });
    }
    if (inputs % 32 != 0) continue;
    check_rows(stored_format::q8_0, inputs, [&](const float* x, std::byte* to) {
      for (index_type i = 0; i < inputs; i += 32) quantization::q8_0::encode(x + i, to + i / 32 * 34);
    });
    check_rows(stored_format::q4_0, inputs, [&](const float* x, std::byte* to) {
      for (index_type i = 0; i < inputs; i += 32) quantization::q4_0::encode(x + i, to + i / 32 * 18);
    });
  }
}

TEST_CASE("binary16 is widened exactly: every number; what is not finite stays so") {
  std::vector<std::uint16_t> bits(65536);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint16_t>(i);
  const auto* const bytes = reinterpret_cast<const std::byte*>(bits.data());
  constexpr index_type lanes = simd::pack<float>::lanes;
  std::size_t wrong = 0;
  for (index_type i = 0; i < 65536; i += lanes) {
    float got[lanes];
    kernels::detail::load_stored<stored_format::f16>(bytes + 2 * i).store(got);
    for (index_type k = 0; k < lanes; ++k) {
      const float expected = float16::from_bits(bits[std::size_t(i + k)]);
      wrong += std::isfinite(expected) ? got[k] != expected : std::isfinite(got[k]);
    }
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace typeformer
