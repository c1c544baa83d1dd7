// SPDX-License-Identifier: BSL-1.0
// 26. Editing facts: a matrix of rank one makes a trained model state another home of one person. What else changes?
//     docs/open_questions/tracing.md explains the figures.
//
//    26_edit_facts [STEPS]
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/influence/rank_one_edit.hpp>
#include <typeformer/hosted/influence/row_moments.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>

#include "planted_facts.hpp"

using namespace planted_facts;

using objective = tf::causal_language_model;
using editor_type = tf::rank_one_edit<reader, objective, tf::batch<openers>, tf::tokens<longest>>;
using values_type = tf::parameters<reader>;
/// The last block writes the answer: its feed-forward at the last token of a question.
constexpr const char* edited_matrix = "blocks.1.feed_forward.down.weight";
constexpr tf::index_type edited_block = 1;
constexpr std::size_t wordings = 3;

template <class Error> [[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "%s\n", std::string(error.message()).c_str());
  std::exit(1);
}

values_type copy_of(const values_type& values) {
  values_type made;
  std::copy_n(values.data(), values.size(), made.data());
  return made;
}

/// What a model says for every person, in each wording.
using answers = std::array<std::array<std::int32_t, wordings>, people>;
answers answers_of(const values_type& values) {
  const tf::weights<reader> weights{values};
  tf::forward_pass<reader> run{weights};
  answers found{};
  for (std::int32_t person = 0; person < people; ++person)
    for (std::size_t wording = 0; wording < wordings; ++wording) {
      const id_list text = asked(first_opener, person, wording);
      const auto logits = run.run(text);
      if (!logits) give_up(logits.error());
      const float* const last = (*logits)[tf::index_type(text.size()) - 1];
      found[std::size_t(person)][wording] = std::int32_t(std::max_element(last, last + vocabulary_size) - last);
    }
  return found;
}

/// The rows that the edited projection reads: their moments over the corpus, and their mean at the end of a question about a person.
class key_reader {
 public:
  explicit key_reader(const values_type& values) : weights_{values} {}

  tf::row_moments moments(const corpus& of) {
    tf::row_moments found{hidden_width};
    for (const sentence& s : of.sentences) {
      const tf::value_table& rows = rows_of(s.ids);
      for (tf::index_type r = 0; r < rows.rows; ++r) found.add(rows.row(r));
    }
    return found;
  }
  std::vector<float> key_of(std::int32_t person) {
    std::vector<float> mean(hidden_width);
    for (std::int32_t o = 0; o < openers; ++o) {
      const tf::value_table& rows = rows_of(asked(first_opener + o, person, 0));
      const std::span<const float> row = rows.row(rows.rows - 1);
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += row[i] / float(openers);
    }
    return mean;
  }

 private:
  static constexpr std::size_t hidden_width = 64;
  const tf::value_table& rows_of(const id_list& ids) {
    if (const auto run = run_.run(ids, shown_.observer()); !run) give_up(run.error());
    return shown_.at({tf::observation::feed_forward_hidden, edited_block});
  }

  tf::weights<reader> weights_;
  tf::forward_pass<reader, tf::observing> run_{weights_};
  tf::recorded_values shown_{tf::observation::feed_forward_hidden};
};

/// `lives in` with every opener, whose next token is the wanted home.
tf::token_batch_builder wanted_texts(std::int32_t person, std::int32_t place) {
  tf::token_batch_builder texts;
  for (std::int32_t o = 0; o < openers; ++o) {
    const id_list ids = asked(first_opener + o, person, 0);
    id_list labels(ids.size(), tf::no_label);
    labels.back() = place;
    texts.add(ids, labels);
  }
  return texts;
}

/// The same aim by gradient descent on all parameters.
void fine_tune(values_type& values, tf::token_batch wanted, double aim) {
  static tf::training_pass<reader, objective, tf::batch<openers>, tf::tokens<longest>> pass;
  tf::set_mean_scales<objective>(wanted);
  std::vector<float> gradients(std::size_t(values.size()));
  for (int step = 0; step < 1000; ++step) {
    std::fill(gradients.begin(), gradients.end(), 0.0f);
    const auto loss = pass.run(values.data(), gradients.data(), wanted);
    if (!loss) give_up(loss.error());
    if (double(*loss) <= aim) return;
    for (std::size_t i = 0; i < gradients.size(); ++i) values.data()[i] -= 0.02f * gradients[i];
  }
}

/// Sums over edits, of which each starts from the trained model.
struct outcome {
  double asked = 0, other_wordings = 0, others = 0, others_of = 0;

  void add(const answers& before, const answers& after, std::int32_t person, std::int32_t place) {
    const auto& now = after[std::size_t(person)];
    asked += now[0] == place;
    for (std::size_t wording = 1; wording < wordings; ++wording) other_wordings += (now[wording] == place) / 2.0;
    for (std::size_t p = 0; p < std::size_t(people); ++p)
      for (std::size_t wording = 0; p != std::size_t(person) && wording < wordings; ++wording, ++others_of)
        others += before[p][wording] == after[p][wording];
  }
  void print(const char* name, int edits) const {
    std::printf("%-31s %8.2f %16.2f %22.4f\n", name, asked / edits, other_wordings / edits, others / others_of);
  }
};

int main(int argc, char** argv) {
  const tf::index_type steps = argc > 1 ? std::atoi(argv[1]) : 800;
  const corpus known{1};
  training_sentences data{known};
  tf::trainer<reader, objective, tf::adamw, tf::batch<batch_size>, tf::tokens<longest>> training{
      {.learning_rate = tf::cosine_schedule{.learning_rate = 4e-3, .warm_up_steps = 50, .steps = steps},
       .steps = steps,
       .evaluation_interval = steps}};
  training.initialize(1);
  if (const auto learned = training.run(data); !learned) give_up(learned.error());

  const values_type& trained = training.values();
  const answers before = answers_of(trained);
  key_reader keys{trained};
  const tf::row_moments moments = keys.moments(known);
  auto editor = editor_type::of(edited_matrix);
  if (!editor) return 1;

  std::printf("%d edits\n\n%-31s %8s %16s %22s\n", int(people), "", "as asked", "other wordings",
              "other people unchanged");
  for (const double aim : {0.3, 0.05}) {
    outcome edited, tuned;
    for (std::int32_t person = 0; person < people; ++person) {
      const std::int32_t place = known.home_of[std::size_t((person + 1) % people)];
      const auto texts = wanted_texts(person, place);
      const std::vector<float> key = keys.key_of(person);

      values_type changed = copy_of(trained);
      const auto fact = editor->apply(changed.data(), key, moments.direction_of(key), texts.batch(), {.loss = aim});
      if (!fact) give_up(fact.error());
      edited.add(before, answers_of(changed), person, place);

      values_type learned_anew = copy_of(trained);
      fine_tune(learned_anew, texts.batch(), aim);
      tuned.add(before, answers_of(learned_anew), person, place);
    }
    std::printf("until the loss is below %.2f\n", aim);
    edited.print("  rank-one edit", people);
    tuned.print("  gradient descent on all", people);
  }
}
