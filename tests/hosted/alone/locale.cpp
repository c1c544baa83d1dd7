// SPDX-License-Identifier: BSL-1.0
// Numbers in files do not depend on the locale of C or C++. It is a separate program, because it changes both.
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <locale>
#include <string>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/plots/line_chart.hpp>
#include <typeformer/hosted/training/loss_guard.hpp>
#include <typeformer/hosted/training/metrics_csv.hpp>
#include <typeformer/hosted/training/progress_display.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/hosted/weights/adapter_file.hpp>
#include <typeformer/models/adapted.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/text/wordpiece_vocabulary.hpp>

namespace tf = typeformer;
using tf::testing::scratch_folder, tf::testing::bytes_of_file, tf::testing::report_skipped;

namespace {

struct small : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};
struct tuned : tf::adapted<small, tf::low_rank<tf::rank<2>, tf::alpha<0.25>>> {};

struct commas_and_groups final : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

/// Changes the global locale of C++ to a custom one, and that of C to a German one which `localedef` makes from its
/// sources.
class german {
 public:
  german() : before_{std::locale::global(std::locale(std::locale::classic(), new commas_and_groups))} {
    const std::string made = "localedef -i de_DE -f UTF-8 '" + (folder_ / "de_DE.UTF-8") + "' 2>&1";
    std::FILE* const maker = ::popen(made.c_str(), "r");
    if (maker != nullptr) ::pclose(maker);
    ::setenv("LOCPATH", folder_.path().c_str(), 1);
    for (const char* const name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"})
      is_of_c_ = is_of_c_ || std::setlocale(LC_ALL, name) != nullptr;
  }
  ~german() {
    std::locale::global(before_);
    std::setlocale(LC_ALL, "C");
  }
  bool is_of_c() const { return is_of_c_; }

 private:
  scratch_folder folder_;
  std::locale before_;
  bool is_of_c_ = false;
};

std::string all_files() {
  const scratch_folder folder;
  std::vector<std::int32_t> tokens(400);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = std::int32_t(i * i % 11);
  auto data = tf::causal_windows<2, 8>::of(tokens, 11, 5);
  REQUIRE(data);
  tf::trainer<small, tf::causal_language_model, tf::adamw, tf::batch<2>, tf::tokens<8>> trainer{
      {.steps = 1500, .evaluation_interval = 1500}};
  trainer.initialize(1);
  auto metrics = tf::metrics_csv::create(folder / "metrics.csv");
  REQUIRE(metrics);
  tf::step_report step{.step = 1234567, .steps = 7654321, .loss = 1234.5, .learning_rate = 1e-3, .gradient_norm = 0.1};
  step.tokens_per_second = 12345.75;
  step.flops_per_second = 1.5e9;
  step.utilization = 0.25;
  REQUIRE(metrics->on_start(trainer));
  REQUIRE(metrics->on_step(trainer, step));
  REQUIRE(metrics->on_evaluation(
      trainer,
      {.step = 1234567, .validation_loss = 0.1, .parts = {{.name = "x", .loss = 0.1, .accuracy = 0.5, .labels = 2}}}));
  std::string all = bytes_of_file(folder / "metrics.csv");

  tf::line_chart chart{.title = "t", .x_name = "x", .y_name = "y"};
  chart.lines.push_back({.name = "a", .points = {{0, 0.5}, {1234567, 0.25}, {2345678, 12345.5}}});
  all += tf::svg_of(chart);

  tf::parameters<tuned> values;
  REQUIRE(tf::save_adapters<tuned>(folder / "adapters.safetensors", values));
  REQUIRE(tf::load_adapters<tuned>(folder / "adapters.safetensors", values));
  all += bytes_of_file(folder / "adapters.safetensors");
  REQUIRE(trainer.save_checkpoint(folder / "checkpoint.safetensors"));
  REQUIRE(trainer.resume(folder / "checkpoint.safetensors"));
  all += bytes_of_file(folder / "checkpoint.safetensors");

  const auto config = tf::json_config::parse(R"({"x": 1.5, "y": 1e-05})", "config.json");
  REQUIRE(config);
  CHECK(*config->number("x") == 1.5);
  CHECK(*config->number("y") == 1e-05);

  std::FILE* const shown = std::tmpfile();
  REQUIRE(shown != nullptr);
  tf::progress_display display{shown, false};
  REQUIRE(display.on_step(trainer,
                          {.step = 1, .steps = 1500, .loss = 2.5, .tokens_per_second = 12345, .utilization = 0.5}));
  REQUIRE(display.on_evaluation(trainer, {.step = 1234567, .validation_loss = 0.1}));
  std::rewind(shown);
  for (int c; (c = std::fgetc(shown)) != EOF;) all += static_cast<char>(c);
  std::fclose(shown);
  const double losses[] = {1, 1.5};
  all += tf::loss_guard{.window = 2, .ratio = 2}.spike(losses, 12345.5);
  all += tf::learn_wordpiece_vocabulary(std::string_view("a"), {.character_coverage = 1.5}).error().message();
  return all;
}

}  // namespace

TEST_CASE("writes the same bytes in any locale", "[locale]") {
  const std::string classic = all_files();
  CHECK(classic.find("1234567,1234.5,,0.001,0.1,12345.75,1.5e+09,0.25,,") != std::string::npos);
  CHECK(classic.find("\"lora_alpha\":\"0.25\"") != std::string::npos);
  CHECK(classic.find("step 1234567  validation loss 0.1000") != std::string::npos);
  const german changed;
  CHECK(all_files() == classic);
  if (!changed.is_of_c()) report_skipped("no locale with a decimal comma for C, only for C++");
  else CHECK(std::localeconv()->decimal_point == std::string(","));
}
