// SPDX-License-Identifier: BSL-1.0
// Training that is killed repeatedly, at any instant, ends with the bits of uninterrupted training. It is a separate
// program, because it forks.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include <support/catch.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/checkpoint_keeper.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/cosine_to_minimum_schedule.hpp>

namespace tf = typeformer;

namespace {

struct dropping
    : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 32, .heads = 2, .vocabulary = 11, .context = 8, .dropout = 0.1}> {
};
constexpr tf::index_type steps = 60;

/// Trains to the end, from the folder's checkpoint if there is one. Returns 0 on success.
int train_in(const std::string& folder) {
  tf::trainer<dropping, tf::causal_language_model, tf::adamw, tf::batch<3>, tf::tokens<8>> trainer{
      {.optimizer = {.weight_decay = 0.1},
       .learning_rate = tf::cosine_to_minimum_schedule{.learning_rate = 1e-2, .warm_up_steps = 10, .steps = steps},
       .steps = steps,
       .accumulated_batches = 2,
       .evaluation_interval = 20,
       .guard = {.window = 7, .deviations = 0, .ratio = 100},
       .average = tf::exponential_average{0.9}}};
  std::vector<std::int32_t> tokens(600);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = std::int32_t(i * i * i / 5 % 11);
  auto data = tf::causal_windows<3, 8>::of(tokens, dropping::vocabulary, 5);
  if (!data) return 2;
  tf::checkpoint_keeper keeper{folder + "/model.safetensors", {}, 3};
  if (!std::filesystem::exists(keeper.checkpoint_path())) trainer.initialize(1);
  else if (!trainer.resume(keeper.checkpoint_path())) return 3;
  return trainer.run(*data, keeper) ? 0 : 4;
}

class training_process {
 public:
  explicit training_process(const std::string& folder) : id_{::fork()} {
    if (id_ == 0) ::_exit(train_in(folder));
  }
  bool ended() {
    if (!ended_) ended_ = ::waitpid(id_, &status_, WNOHANG) == id_;
    return ended_;
  }
  /// Whether it died from this.
  bool kill() {
    if (!ended()) {
      ::kill(id_, SIGKILL);
      ended_ = ::waitpid(id_, &status_, 0) == id_;
    }
    return WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL;
  }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

 private:
  pid_t id_;
  int status_ = 0;
  bool ended_ = false;
};

struct temporary_folder {
  std::string path =
      (std::filesystem::temp_directory_path() / ("typeformer-killed-" + std::to_string(::getpid()))).string();
  temporary_folder() { std::filesystem::create_directories(path); }
  ~temporary_folder() { std::filesystem::remove_all(path); }
};

/// A checkpoint that is being written, or was when a process was killed; empty if there is none.
std::filesystem::path partial_in(const std::string& folder) {
  std::error_code vanished;  // the process continues meanwhile
  for (std::filesystem::directory_iterator entry{folder, vanished}, end; !vanished && entry != end;
       entry.increment(vanished)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with("checkpoint.safetensors.") && name.ends_with(".partial")) return entry->path();
  }
  return {};
}
void remove_partial(const std::string& folder) {
  for (std::filesystem::path left; !(left = partial_in(folder)).empty();) std::filesystem::remove(left);
}

std::string content(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_CASE("ends with the same bits when training is killed and resumed", "[trainer]") {
  using clock = std::chrono::steady_clock;
  const temporary_folder folder;
  const std::string whole = folder.path + "/whole", killed = folder.path + "/killed";
  std::filesystem::create_directories(whole);
  const clock::time_point begun = clock::now();
  REQUIRE(train_in(whole) == 0);
  const std::chrono::duration<double> one_run = clock::now() - begun;
  const std::string expected_checkpoint = content(whole + "/checkpoint.safetensors"),
                    expected_model = content(whole + "/model.safetensors");
  REQUIRE(expected_checkpoint.size() > 4 * sizeof(float) * std::size_t(tf::layout_of<dropping>.parameters));

  constexpr int kills_needed = 20, kills_while_writing_needed = 6;
  int kills = 0, kills_while_writing = 0, runs_resumed = 0;
  tf::philox random{7};
  for (int run = 0; run < 40 && (kills < kills_needed || kills_while_writing < kills_while_writing_needed); ++run) {
    CAPTURE(run, kills, kills_while_writing);
    std::filesystem::remove_all(killed);
    std::filesystem::create_directories(killed);
    for (int start = 0;; ++start) {
      const bool dies_while_writing = start % 2 == 1;  // otherwise at any time
      if (dies_while_writing) remove_partial(killed);  // the file of an earlier process must not be taken for its own
      training_process process{killed};
      std::this_thread::sleep_for(one_run * (double(random()) / 4294967296.0 / 6));
      while (dies_while_writing && !process.ended() && partial_in(killed).empty()) {}
      if (start < 10 && process.kill()) {
        ++kills;
        kills_while_writing += dies_while_writing && !partial_in(killed).empty();  // it never replaced the checkpoint
        continue;
      }
      while (!process.ended()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      REQUIRE(process.exit_code() == 0);
      runs_resumed += start > 0;
      break;
    }
    CHECK((content(killed + "/checkpoint.safetensors") == expected_checkpoint));
    CHECK((content(killed + "/model.safetensors") == expected_model));
  }
  CHECK(kills >= kills_needed);
  CHECK(kills_while_writing >= kills_while_writing_needed);
  CHECK(runs_resumed > 0);
}
