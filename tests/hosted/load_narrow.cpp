// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <hosted/formats_support.hpp>
#include <hosted/gguf_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <support/stories_runs.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load_narrow.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/hosted/weights/save_gguf.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using testing::scratch_folder, testing::stories, testing::write_in_blocks;

template <class M, class Format> bool have_same_words(const weights<M, Format>& a, const weights<M, Format>& b) {
  return a.available() && b.available() &&
         std::memcmp(a.view().data, b.view().data, std::size_t(narrow_weights_view<M, Format>::bytes)) == 0;
}

/// The weights are those that rounding all parameters gives.
template <class M, class Format, class File> weights<M, Format> checked_narrow(const std::string& path) {
  auto narrow = load_narrow<M, Format, File>(path);
  INFO((narrow ? "" : narrow.error().message()));
  REQUIRE(narrow);
  const auto canonical = load_parameters<M, File>(path);
  REQUIRE(canonical);
  CHECK(have_same_words(*narrow, weights<M, Format>{*canonical}));
  return std::move(*narrow);
}

// Its queries, keys and values are one tensor, and matrices are transposed.
struct tiny_gpt2 : gpt2<gpt2_config{.layers = 2, .width = 36, .heads = 3, .vocabulary = 500, .context = 40}> {};

TEST_CASE("narrow weights from files are those that rounding their parameters gives") {
  const scratch_folder folder;
  REQUIRE(save(folder / "a.safetensors", testing::random_parameters<tiny_gpt2>(5)));
  REQUIRE(save(folder / "b.safetensors", testing::random_parameters<stories>(6)));
  checked_narrow<tiny_gpt2, bf16, checkpoint_file>(folder / "a.safetensors");
  checked_narrow<tiny_gpt2, int8<>, checkpoint_file>(folder / "a.safetensors");
  checked_narrow<tiny_gpt2, int4<>, checkpoint_file>(folder / "a.safetensors");
  checked_narrow<stories, with_wide_tables<bf16>, checkpoint_file>(folder / "b.safetensors");
}

TEST_CASE("GGUF files in Q8_0 and Q4_0 run without a copy in float32: stories260K") {
  TYPEFORMER_NEEDS_SHARED(shared, "weights/stories260K");
  const auto canonical = load_parameters<stories>((shared / "stories260K.safetensors").string());
  REQUIRE(canonical);
  const scratch_folder folder;
  const auto metadata = testing::gguf_metadata_for("llama", 8, 4);
  REQUIRE(save_gguf(folder / "f32.gguf", *canonical, metadata.entries()));
  write_in_blocks(folder / "f32.gguf", folder / "q8_0.gguf", tensor_dtype::q8_0, metadata);
  write_in_blocks(folder / "f32.gguf", folder / "q4_0.gguf", tensor_dtype::q4_0, metadata);
  const auto runs = testing::expected_runs(shared);

  using bytes = int8<groups_of<32>>;
  const std::string path = folder / "q8_0.gguf";
  const auto loaded = load_narrow<stories, int8<groups_of<32>>, model_file>(path);
  CHECK(loaded);
  const auto q8_0 = checked_narrow<stories, bytes, model_file>(path);
  CHECK(std::abs(testing::relative_loss<session<stories, reads<weights<stories, bytes>>>>(q8_0, runs) - 1) < 0.005);
  const auto q4_0 = checked_narrow<stories, int4<>, model_file>(folder / "q4_0.gguf");
  const double loss = testing::relative_loss<session<stories, reads<weights<stories, int4<>>>>>(q4_0, runs) - 1;
  CAPTURE(loss);
  CHECK(std::abs(loss) < 0.12);  // the table is Q4_0 in the file

  static_assert(footprint<stories, decoding_with<reads<weights<stories, bytes>>>>::flash_bytes <
                4 * parameters<stories>::count * 33 / 100);
  static_assert(footprint<stories, decoding_with<reads<weights<stories, int4<>>>>>::flash_bytes <
                4 * parameters<stories>::count * 20 / 100);
}

TEST_CASE("what is wrong with a file of narrow weights is what is wrong with it for load") {
  const scratch_folder folder;
  const std::string path = folder / "a.safetensors";
  const auto error_of = [&] { return load_narrow<tiny_gpt2, bf16>(path).error().message(); };
  CHECK(error_of() == load<tiny_gpt2>(path).error().message());
  REQUIRE(save(path, testing::random_parameters<stories>(6)));
  CHECK(error_of() == load<tiny_gpt2>(path).error().message());
  auto values = testing::random_parameters<tiny_gpt2>(5);
  values.data()[1] = std::numeric_limits<float>::infinity();
  REQUIRE(save(path, values));
  CHECK(error_of() == load<tiny_gpt2>(path).error().message());
  CHECK(load_narrow<tiny_gpt2, bf16>(path, accepted_numbers::any));
}

}  // namespace
}  // namespace typeformer
