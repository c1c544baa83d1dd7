// SPDX-License-Identifier: BSL-1.0
// Whatever can be saved can be resumed, and every number of a checkpoint is checked before anything changes.
#include <limits>
#include <string>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adamw.hpp>

namespace tf = typeformer;
using tf::testing::scratch_folder;

namespace {

struct small : tf::gpt2<tf::gpt2_config{.layers = 1, .width = 8, .heads = 2, .vocabulary = 7, .context = 8}> {};
using trainer = tf::trainer<small, tf::causal_language_model, tf::adamw, tf::batch<2>, tf::tokens<8>>;

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 not_a_number = std::numeric_limits<double>::quiet_NaN();

tf::training_recipe<tf::adamw> recipe() {
  return {.steps = 4, .evaluation_interval = 2, .guard = {.window = 2, .ratio = 100}};
}

/// A checkpoint that can be changed and written again.
struct editable_checkpoint {
  std::vector<std::pair<std::string, std::string>> texts;
  struct entry {
    std::string name;
    tf::tensor_dtype dtype;
    std::vector<std::int64_t> shape;
    std::string bytes;
  };
  std::vector<entry> entries;

  explicit editable_checkpoint(const std::string& path) {
    const auto file = tf::safetensors_file::open(path);
    REQUIRE(file);
    for (const auto& [key, text] : file->metadata()) texts.emplace_back(key, text);
    for (const tf::stored_tensor& t : file->tensors())
      entries.push_back({std::string(t.name),
                         t.dtype,
                         {t.shape.begin(), t.shape.end()},
                         {reinterpret_cast<const char*>(t.bytes.data()), t.bytes.size()}});
  }
  editable_checkpoint with_text(std::string_view key, std::string text) const {
    editable_checkpoint changed = *this;
    for (auto& [name, value] : changed.texts)
      if (name == key) value = std::move(text);
    return changed;
  }
  editable_checkpoint with_doubles(std::string_view tensor, std::vector<std::int64_t> shape,
                                   const std::vector<double>& values) const {
    editable_checkpoint changed = *this;
    for (entry& e : changed.entries)
      if (e.name == tensor) {
        e.shape = std::move(shape);
        e.bytes.assign(reinterpret_cast<const char*>(values.data()), 8 * values.size());
        return changed;
      }
    FAIL("no such tensor");
    return changed;
  }
  void write(const std::string& path) const {
    std::vector<tf::tensor_to_write> tensors;
    std::vector<std::pair<std::string_view, std::string_view>> metadata(texts.begin(), texts.end());
    for (const entry& e : entries) tensors.push_back({e.name, e.dtype, e.shape, tf::testing::as_bytes(e.bytes)});
    REQUIRE(tf::write_safetensors(path, tensors, metadata));
  }
};

}  // namespace

TEST_CASE("saves and resumes what a recipe may contain, or rejects it when it is saved", "[trainer]") {
  const scratch_folder folder;
  const std::string path = folder / "checkpoint.safetensors";
  for (const tf::index_type steps :
       {tf::index_type{0}, tf::index_type{1}, tf::index_type{1} << 40, (tf::index_type{1} << 40) + 1,
        tf::index_type{1} << 59, std::numeric_limits<tf::index_type>::max()}) {
    CAPTURE(steps);
    auto asked = recipe();
    asked.steps = steps;
    trainer first{asked}, second{asked};
    first.initialize(std::uint64_t(-1));
    second.initialize(3);
    std::filesystem::remove(path);
    if (!first.save_checkpoint(path)) {
      CHECK(steps > tf::index_type{1} << 41);
      CHECK_FALSE(std::filesystem::exists(path));
      continue;
    }
    const auto resumed = second.resume(path);
    INFO((resumed ? "" : resumed.error().message()));
    CHECK(resumed);
  }
  const auto is_rejected = [&](const tf::training_recipe<tf::adamw>& asked) {
    trainer rejected{asked};
    rejected.initialize(1);
    const auto saved = rejected.save_checkpoint(folder / "rejected.safetensors");
    return !saved && !std::filesystem::exists(folder / "rejected.safetensors");
  };
  auto asked = recipe();
  asked.steps = -1;
  CHECK(is_rejected(asked));
  asked = recipe();
  asked.accumulated_batches = 0;
  CHECK(is_rejected(asked));
  asked = recipe();
  asked.learning_rate = nullptr;
  CHECK(is_rejected(asked));
}

TEST_CASE("checks every number of a checkpoint before resuming, and changes nothing", "[trainer]") {
  const scratch_folder folder;
  const std::string path = folder / "checkpoint.safetensors", changed = folder / "changed.safetensors";
  std::vector<std::int32_t> tokens(400);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = std::int32_t(i * i % 7);
  auto data = tf::causal_windows<2, 8>::of(tokens, 7, 5);
  REQUIRE(data);
  trainer first{recipe()}, second{recipe()};
  first.initialize(3);
  REQUIRE(first.run(*data));
  REQUIRE(first.save_checkpoint(path));
  second.initialize(4);
  const std::vector<float> before(second.values().data(), second.values().data() + second.values().size());
  const editable_checkpoint good(path);
  const auto problem_of = [&](const editable_checkpoint& bad) {
    bad.write(changed);
    const auto resumed = second.resume(changed);
    REQUIRE_FALSE(resumed);
    CHECK(second.steps_taken() == 0);
    CHECK(second.evaluations().empty());
    CHECK(std::equal(before.begin(), before.end(), second.values().data()));
    return resumed.error().message().substr(changed.size() + 2);
  };
  for (const char* const count : {"", "-1", "+4", " 4", "4 ", "4.0", "1e3", "nan", "18446744073709551616"})
    CHECK(problem_of(good.with_text("training.steps", count)) ==
          "training.steps is no count: expected a number, found \"" + std::string(count) + "\"");
  CHECK(problem_of(good.with_text("training.steps", "9007199254740993")) ==
        "training.steps is too large: expected at most 9007199254740992, found 9007199254740993");
  CHECK(problem_of(good.with_text("training.steps_asked_for", "9223372036854775808")) ==
        "training.steps_asked_for is too large: expected at most 9223372036854775807, found 9223372036854775808");
  CHECK(problem_of(good.with_text("training.seed", "x\n\x1b")) ==
        "training.seed is no count: expected a number, found \"x\\n\\u001b\"");
  CHECK(problem_of(good.with_text("training.version", "2")).find("another version") != std::string::npos);

  using doubles = std::vector<double>;
  for (const doubles& evaluated : {doubles{0, 1, 2.5, 1}, doubles{2, 1, 0, 1}, doubles{2, 1, 2, 1}, doubles{0, 1, 5, 1},
                                   doubles{-1, 1, 2, 1}, doubles{0, 1, 1e300, 1}})
    CHECK(problem_of(good.with_doubles("training.evaluations", {2, 2}, evaluated))
              .find("tensor \"training.evaluations\": an evaluated step is none of the run's") == 0);
  for (const double loss : {not_a_number, infinity, -infinity})
    CHECK(problem_of(good.with_doubles("training.evaluations", {2, 2}, {0, 1, 2, loss})) ==
          "tensor \"training.evaluations\": a number is not finite: found element 3");
  CHECK(problem_of(good.with_doubles("training.evaluations", {1, 2}, {not_a_number, 1})) ==
        "tensor \"training.evaluations\": a number is not finite: found element 0");
  CHECK(problem_of(good.with_doubles("training.last_losses", {2}, {1, infinity})) ==
        "tensor \"training.last_losses\": a number is not finite: found element 1");

  std::size_t judged = 0;
  for (std::size_t i = 0; i < good.entries.size(); ++i) {
    if (good.entries[i].dtype != tf::tensor_dtype::f32) continue;
    editable_checkpoint bad = good;
    const float value = std::numeric_limits<float>::quiet_NaN();
    std::string& bytes = bad.entries[i].bytes;
    bytes.replace(bytes.size() - 4, 4, reinterpret_cast<const char*>(&value), 4);
    CHECK(problem_of(bad) == "tensor \"" + good.entries[i].name + "\": a number is not finite: found element " +
                                 std::to_string(bytes.size() / 4 - 1));
    ++judged;
  }
  CHECK(judged == good.entries.size() - 2);

  editable_checkpoint negative = good;
  for (editable_checkpoint::entry& e : negative.entries)
    if (e.name == "training.state.1.final_norm.bias") {
      const float value = -0.5F;
      e.bytes.replace(4, 4, reinterpret_cast<const char*>(&value), 4);
    }
  CHECK(problem_of(negative) ==
        "tensor \"training.state.1.final_norm.bias\": a mean of squares is negative: expected at "
        "least 0, found -0.5 as element 1");
  good.write(changed);
  const auto resumed = second.resume(changed);
  INFO((resumed ? "" : resumed.error().message()));
  REQUIRE(resumed);
  CHECK(std::equal(first.values().data(), first.values().data() + first.values().size(), second.values().data()));
}

TEST_CASE("saves no checkpoint with a loss that is not finite", "[trainer]") {
  tf::training_state<small, tf::adamw> state;
  CHECK(tf::first_not_finite(state).empty());
  state.last_losses = {1, infinity};
  CHECK(tf::first_not_finite(state) == "training.last_losses");
  state.last_losses.clear();
  state.evaluations = {{.step = 0, .validation_loss = not_a_number}};
  CHECK(tf::first_not_finite(state) == "training.evaluations");
}
