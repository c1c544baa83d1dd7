// SPDX-License-Identifier: BSL-1.0
#include <hosted/formats_support.hpp>
#include <laws/models.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted/laws/file_law.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

/// Replaces one number when it saves.
struct writes_a_number_wrongly {
  template <Model M> result<void, file_error> operator()(const std::string& path, const parameters<M>& values) const {
    parameters<M> changed;
    std::copy_n(values.data(), values.size(), changed.data());
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
      if (tensor.name().view() == "final_norm.weight") *changed.of(tensor) = 0.25f;
    });
    return save(path, changed);
  }
};

}  // namespace

TEMPLATE_TEST_CASE("loads models as they were saved", "[laws]", small_gpt2, small_tied_llama, small_albert,
                   small_encoder_decoder, nested_model) {
  const testing::scratch_folder folder;
  const finding f = check_file<TestType>(folder / "model.safetensors");
  INFO(f.where.view());
  CHECK(f.holds());
  CHECK(f.tested > 0);
}
TEST_CASE("finds a number that was saved wrongly, with the name of its tensor", "[laws]") {
  const testing::scratch_folder folder;
  const finding f = check_file<nested_model>(folder / "model.safetensors", writes_a_number_wrongly{});
  CHECK_FALSE(f.holds());
  CHECK(f.error == 1);
  CHECK(f.where.view() == "numbers of final_norm.weight");
}
TEST_CASE("says why a file cannot be written", "[laws]") {
  const finding f = check_file<small_gpt2>("/no/such/folder/model.safetensors");
  CHECK_FALSE(f.holds());
  CHECK(f.where.view().find("/no/such/folder") != std::string_view::npos);
}
