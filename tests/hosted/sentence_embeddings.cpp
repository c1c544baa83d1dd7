// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/safetensors_case.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/sentence_embedding.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/session/forward_pass.hpp>

// Embeddings of a Hugging Face BERT: those of the states that Hugging Face's library stored, pooled and normalized here
// in double, compared with those of the same file's weights.
namespace typeformer {
namespace {

using testing::safetensors_case, testing::scratch_folder;

inline constexpr bert_config config{
    .layers = 2, .width = 48, .heads = 4, .hidden = 96, .vocabulary = 96, .context = 32};
struct by_mean : bert_body<config, gelu_erf, sentence_embedding<>> {};
struct by_first_token : bert_body<config, gelu_erf, sentence_embedding<first_token>> {};
struct not_normalized : bert_body<config, gelu_erf, mean_pooling> {};

const std::filesystem::path folder = std::filesystem::path{TYPEFORMER_SOURCE_DIR} / "tests/golden/models/bert";

/// A case's tokens in the rectangle [sequences][length].
struct case_tokens {
  safetensors_case given{folder / "case.safetensors"};
  index_type sequences = given["input_ids"].shape[0], length = given["input_ids"].shape[1];
  std::vector<std::int32_t> ids = given["input_ids"].as<std::int32_t>(),
                            segments = given["token_type_ids"].as<std::int32_t>(), positions;
  std::vector<std::uint8_t> valid = given["attention_mask"].as<std::uint8_t>();

  case_tokens() {
    for (index_type s = 0; s < sequences; ++s)
      for (index_type i = 0; i < length; ++i) positions.push_back(std::int32_t(i));
  }
  padded_tokens view() const {
    return {.ids = ids, .valid = valid, .length = length, .segments = segments, .positions = positions};
  }

  enum class pooled_by { mean, first_token };
  std::vector<double> expected(pooled_by pooling, bool normalized) const {
    const auto& states = given["hidden_states.2"].values;
    std::vector<double> all;
    for (index_type s = 0; s < sequences; ++s) {
      std::vector<double> y(std::size_t(config.width));
      double count = 0, squares = 0;
      for (index_type i = 0; i < length; ++i) {
        const bool counts = pooling == pooled_by::mean ? valid[std::size_t(s * length + i)] != 0 : i == 0;
        count += counts;
        for (index_type k = 0; k < config.width; ++k)
          y[std::size_t(k)] += counts ? states[std::size_t((s * length + i) * config.width + k)] : 0;
      }
      for (double& v : y) {
        v /= count;
        squares += v * v;
      }
      for (const double v : y) all.push_back(normalized ? v / std::sqrt(squares) : v);
    }
    return all;
  }
};

template <Model M>
void check_embeddings(const case_tokens& tokens, const parameters<M>& values, const std::vector<double>& expected) {
  const weights<M> packed{values};
  forward_pass<M, batch<2>> forward{packed};
  const auto y = forward.run(tokens.view());
  REQUIRE(y);
  REQUIRE(y->stride == config.width);
  double worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = std::abs(double(y->data[i]) - expected[i]);
    worst = std::isfinite(difference) ? std::max(worst, difference) : INFINITY;
  }
  CHECK(worst < 3e-6);
}

template <Model M> parameters<M> body_of_case() {
  parameters<M> values;
  const auto report = load_body((folder / "model.safetensors").string(), values);
  INFO((report ? "" : report.error().message()));
  REQUIRE(report);
  CHECK(report->taken == 37);
  CHECK(report->kept.empty());
  CHECK(report->left.size() == 9);  // the pooler and both heads
  return values;
}

}  // namespace

TEST_CASE("matches the states that Hugging Face stored: embeddings of a loaded BERT", "[sentence_embedding]") {
  const case_tokens tokens;
  REQUIRE(tokens.sequences == 2);
  REQUIRE(std::count(tokens.valid.begin(), tokens.valid.end(), 0) > 0);
  using by = case_tokens::pooled_by;
  check_embeddings(tokens, body_of_case<by_mean>(), tokens.expected(by::mean, true));
  check_embeddings(tokens, body_of_case<by_first_token>(), tokens.expected(by::first_token, true));
  check_embeddings(tokens, body_of_case<not_normalized>(), tokens.expected(by::mean, false));
}

TEST_CASE("loads only the body of an embedder, also from a file with a pooler", "[sentence_embedding]") {
  const scratch_folder scratch;
  const auto file = checkpoint_file::open((folder / "model.safetensors").string());
  REQUIRE(file);
  std::vector<std::string> names;
  std::vector<tensor_to_write> tensors;
  names.reserve(file->tensors().size());
  for (const stored_tensor& t : file->tensors()) {
    if (!t.name.starts_with("bert.")) continue;
    names.emplace_back(t.name.substr(5));
    tensors.push_back({names.back(), t.dtype, t.shape, t.bytes});
  }
  const std::string path = scratch / "model.safetensors";
  REQUIRE(write_safetensors(path, tensors));
  const auto loaded = load_parameters<by_mean>(path);
  INFO((loaded ? "" : loaded.error().message()));
  REQUIRE(loaded);
  const case_tokens tokens;
  check_embeddings(tokens, *loaded, tokens.expected(case_tokens::pooled_by::mean, true));
}

}  // namespace typeformer
