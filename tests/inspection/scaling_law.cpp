// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <typeformer/inspection/scaling_law.hpp>
#include <typeformer/models/gpt2.hpp>

#include "support/catch.hpp"
#include "support/shared_data.hpp"

namespace typeformer {
namespace {

struct gpt2_small : gpt2<gpt2_config{}> {};
static_assert(compute_optimal_tokens<gpt2_small> > 15 * parameter_count<gpt2_small>);

/// The number behind a key of the text, from there on.
double number_behind(const std::string& text, const char* key, std::size_t from) {
  const std::size_t at = text.find(key, from);
  REQUIRE(at != std::string::npos);
  return std::strtod(text.c_str() + text.find_first_of("0123456789", at + std::string(key).size()), nullptr);
}

void check_law(const scaling_law& law, const std::string& text, std::size_t from, const char* e, const char* a,
               const char* b, const char* alpha, const char* beta) {
  CHECK(law.floor == number_behind(text, e, from));
  CHECK(law.a == number_behind(text, a, from));
  CHECK(law.b == number_behind(text, b, from));
  CHECK(law.alpha == number_behind(text, alpha, from));
  CHECK(law.beta == number_behind(text, beta, from));
}

}  // namespace

TEST_CASE("the constants of scaling laws are the published ones", "[scaling law]") {
  TYPEFORMER_NEEDS_SHARED(path, "anchors/chinchilla.json");
  std::ifstream file{path};
  std::stringstream stream;
  stream << file.rdbuf();
  const std::string text = stream.str();
  check_law(chinchilla_law, text, text.find("\"loss_fit\""), "\"E\"", "\"A\"", "\"B\"", "\"alpha\"", "\"beta\"");
  check_law(refitted_chinchilla_law, text, text.find("arXiv:2404.10102"), " E ", " A ", " B ", " alpha ", " beta ");
}

TEST_CASE("predicts the loss of Chinchilla, and an optimum at which no other size is better", "[scaling law]") {
  CHECK(chinchilla_law.loss(70e9, 1.4e12) == Approx(1.937).margin(5e-4));
  for (const scaling_law& law : {chinchilla_law, refitted_chinchilla_law})
    for (const double n : {1e8, 7e10}) {
      const double d = law.optimal_tokens(n);
      CHECK(law.loss(n, d) < law.loss(1.01 * n, d / 1.01));
      CHECK(law.loss(n, d) < law.loss(n / 1.01, 1.01 * d));
    }
  // The paper's first approach (table 3): parameters and tokens.
  const double rows[][2] = {{1e9, 20.2e9}, {10e9, 205.1e9}, {67e9, 1.5e12}};
  for (const auto& [n, d] : rows) CHECK(refitted_chinchilla_law.optimal_tokens(n) == Approx(d).epsilon(0.2));
  CHECK(predicted_loss<gpt2_small>(9e9) == refitted_chinchilla_law.loss(124'439'808.0, 9e9));
}

}  // namespace typeformer
