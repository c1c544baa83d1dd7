// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 17. Control of what a model writes: JSON that keeps a schema, a watermark and its detector, guidance by a prompt.
//     docs/open_questions/control.md explains the figures.
//
//    18_control_generation [SHARED]
//    SHARED holds weights/stories260K (Karpathy's llama2.c, "tinyllamas") and corpora/tinyshakespeare. Without it the
//    weights are random, the tokens are bytes, and fewer texts are made.
#include <cmath>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/hosted/grammars/json_schema_grammar.hpp>
#include <typeformer/text/regular_file.hpp>

namespace tf = typeformer;
using ids = std::vector<std::int32_t>;

struct stories : tf::llama<tf::llama_config{.layers = 5,
                                            .width = 64,
                                            .heads = 8,
                                            .key_value_heads = 4,
                                            .hidden = 172,
                                            .vocabulary = 512,
                                            .context = 512,
                                            .epsilon = 1e-5,
                                            .tied = true,
                                            .turns_adjacent_pairs = true}> {};
constexpr std::int32_t end_of_text = 1;

/// A model and the bytes of its tokens. With a tokenizer there is also a text that no model wrote.
struct setup {
  tf::weights<stories> weights;
  tf::token_bytes bytes;
  std::optional<tf::llama2c_tokenizer> tokenizer;
  std::string human_text;

  ids encode(std::string_view text) const {
    if (tokenizer) return tokenizer->encode(text, true);
    ids tokens{end_of_text};
    for (const char byte : text) tokens.push_back(3 + static_cast<unsigned char>(byte));
    return tokens;
  }
  std::string decode(std::span<const std::int32_t> tokens) const {
    std::string text;
    for (const std::int32_t id : tokens) text += bytes[id];
    return text;
  }
};

tf::weights<stories> random_weights() {
  tf::parameters<stories> values;
  tf::initialize(values, tf::philox{1});
  return tf::weights<stories>{values};
}

std::optional<setup> random_setup() {
  setup made{random_weights(), {}, {}, {}};
  for (std::int32_t id = 0; id < stories::vocabulary; ++id)
    made.bytes.add(id < 3 || id >= 3 + 256 ? std::string{} : std::string(1, static_cast<char>(id - 3)));
  return made;
}
std::optional<setup> trained_setup(const std::string& shared) {
  auto weights = tf::load<stories>(shared + "/weights/stories260K/stories260K.safetensors");
  const auto file = tf::bytes_of_regular_file(shared + "/weights/stories260K/tok512.bin", 1u << 20);
  const auto human = tf::bytes_of_regular_file(shared + "/corpora/tinyshakespeare/input.txt", 1u << 24);
  if (!weights || !file || !human) return {};
  auto tokenizer = tf::llama2c_tokenizer::parse(std::as_bytes(std::span{*file}), stories::vocabulary);
  if (!tokenizer) return {};
  const tf::token_bytes bytes = tf::bytes_of_tokens(*tokenizer);
  return setup{std::move(*weights), bytes, std::move(*tokenizer), *human};
}

/// log softmax of one logit.
double log_probability(std::span<const float> logits, std::int32_t id) {
  double greatest = -1e30, sum = 0;
  for (const float logit : logits) greatest = std::max(greatest, double(logit));
  for (const float logit : logits) sum += std::exp(double(logit) - greatest);
  return double(logits[std::size_t(id)]) - greatest - std::log(sum);
}

bool write_json(const setup& with, int texts) {
  const std::string_view schema = R"({"type": "object", "properties": {"name": {"type": "string", "minLength": 1},
    "age": {"type": "integer", "minimum": 1, "maximum": 99}, "friends": {"type": "array", "items": {"type": "string"}},
    "pet": {"enum": ["cat", "dog", null]}}, "required": ["name", "age", "friends", "pet"]})";
  const auto grammar = tf::json_schema_grammar(schema);
  const tf::token_trie vocabulary{with.bytes};
  auto automaton = tf::grammar_automaton::of(*grammar, vocabulary, {&end_of_text, 1});
  if (!automaton) return false;
  const tf::index_type least = automaton->tokens_to_end(automaton->start());
  const auto too_small = tf::constrained_text<tf::grammar_automaton>::of(*automaton, least - 1);
  std::printf("%s\n", too_small ? "a budget that is too small was taken" : too_small.error().message().c_str());
  const auto judge = tf::byte_automaton::of(*grammar);

  tf::session<stories> run{with.weights};
  const ids prompt = with.encode("Once upon a time, there was a little girl named Lily. As JSON: ");
  std::vector<tf::candidate> workspace(std::size_t{stories::vocabulary});
  tf::philox random{1};
  int valid = 0, valid_without = 0;
  double allowed_mass = 0, steps = 0;
  for (int i = 0; i < texts; ++i) {
    const tf::index_type budget = least + i % 100;
    auto text = tf::constrained_text<tf::grammar_automaton>::of(*automaton, budget);
    if (!text) return false;
    const tf::sampling sampler{tf::constrained_by{*text}};
    ids tokens;
    run.reset();
    for (auto logits = run.prefill(prompt); logits && !text->is_complete(); logits = run.decode(tokens.back())) {
      text->for_each_allowed([&](std::int32_t id) { allowed_mass += std::exp(log_probability(*logits, id)); });
      ++steps;
      tokens.push_back(sampler(*logits, workspace, random));
      if (text->is_complete()) break;
    }
    const std::string json = with.decode(tokens);
    valid += tf::parse_json_tree(json, "JSON").has_value() && judge->matches(json);
    if (i < 3) std::printf("  %s\n", json.c_str());

    ids free;
    run.reset();
    const tf::generation_request request{.prompt = prompt, .max_tokens = budget, .end_tokens = {&end_of_text, 1}};
    if (!tf::generate(run, request, tf::sampling{}, workspace, random,
                      [&](std::int32_t id) { return free.push_back(id), true; }))
      return false;
    valid_without += tf::parse_json_tree(with.decode(free), "JSON").has_value();
  }
  std::printf(
      "JSON: valid %d of %d with the constraint, %d of %d without; the allowed tokens had %.3f of the probability\n",
      valid, texts, valid_without, texts, allowed_mass / steps);
  return valid == texts;
}

/// A text of so many tokens behind a prompt, and the mean log probability of its tokens.
struct watermarked_text {
  ids tokens;
  double log_probability = 0;
};
watermarked_text write_watermarked(tf::session<stories>& run, const ids& prompt, const tf::watermark& mark,
                                   float warmth, tf::index_type length, tf::philox& random) {
  std::uint32_t words[tf::token_set::words_for(stories::vocabulary)];
  tf::token_set special{words};
  for (std::int32_t id = 0; id < 3; ++id) special.insert(id);
  std::int32_t previous = prompt.back();
  const tf::sampling sampler{tf::banned_tokens{special}, *tf::temperature::of(warmth),
                             tf::watermarked_by{mark, previous}};
  std::vector<tf::candidate> workspace(std::size_t{stories::vocabulary});
  watermarked_text made;
  run.reset();
  for (auto logits = run.prefill(prompt); logits; logits = run.decode(made.tokens.back())) {
    made.tokens.push_back(sampler(*logits, workspace, random));
    made.log_probability += log_probability(*logits, made.tokens.back()) / double(length);
    if (tf::index_type(made.tokens.size()) == length) break;
  }
  return made;
}
double z_of(const tf::watermark& mark, std::span<const std::int32_t> tokens) {
  std::vector<std::uint64_t> seen(2 * tokens.size());
  tf::watermark_detector detector{mark, seen};
  detector.take(tokens);
  return detector.z_score();
}

void measure_watermark(const setup& with, int texts) {
  constexpr tf::index_type length = 200;
  constexpr int keys = 20;
  tf::session<stories> run{with.weights};
  const ids prompt = with.encode("Once upon a time");
  tf::philox random{2};
  std::printf("watermark: texts of %d tokens, green fraction 0.25\n", int(length));
  struct setting {
    float bias, warmth;
  };
  for (const auto [bias, warmth] : {setting{0, 1}, {1, 1}, {2, 1}, {4, 1}, {2, 0.5f}}) {
    const tf::watermark mark = *tf::watermark::of({.key = 7, .bias = bias});
    double sum = 0, log_probability = 0;
    int found = 0, above_two = 0, above_four = 0;
    int found_changed[3]{};
    for (int i = 0; i < texts; ++i) {
      const watermarked_text text = write_watermarked(run, prompt, mark, warmth, length, random);
      const double z = z_of(mark, text.tokens);
      sum += z, found += z > 4, log_probability += text.log_probability;
      if (bias == 0)
        for (std::uint64_t key = 100; key < 100 + keys; ++key) {
          const double other = z_of(*tf::watermark::of({.key = key}), text.tokens);
          above_two += other > 2, above_four += other > 4;
        }
      for (int k = 0; k < 3; ++k) {  // someone replaces a part of the tokens
        ids changed = text.tokens;
        for (std::int32_t& id : changed)
          if (tf::uniform01(random) < 0.1f + 0.2f * float(k)) id = 259 + std::int32_t(tf::uniform_below(253, random));
        found_changed[k] += z_of(mark, changed) > 4;
      }
    }
    const double all = texts;
    std::printf(
        "  bias %.0f, temperature %.1f: mean z %.2f, found (z > 4) %.3f; with 10, 30, 50 %% of the tokens replaced "
        "%.3f, "
        "%.3f, %.3f; %.3f nats a token\n",
        double(bias), double(warmth), sum / all, found / all, found_changed[0] / all, found_changed[1] / all,
        found_changed[2] / all, -log_probability / all);
    if (bias == 0)
      std::printf("  falsely found in %d such texts with %d keys: z > 2 in %.4f, z > 4 in %.5f\n", texts, keys,
                  above_two / (all * keys), above_four / (all * keys));
  }
  if (!with.tokenizer) return;
  const ids human = with.tokenizer->encode(with.human_text, false);
  int windows = 0, above_two = 0, above_four = 0;
  for (std::size_t at = 0; at + length <= human.size(); at += length)
    for (std::uint64_t key = 100; key < 100 + keys; ++key, ++windows) {
      const double z = z_of(*tf::watermark::of({.key = key}), std::span{human}.subspan(at, length));
      above_two += z > 2, above_four += z > 4;
    }
  std::printf("  falsely found in Shakespeare, %d windows and keys: z > 2 in %.4f, z > 4 in %.5f\n", windows,
              double(above_two) / windows, double(above_four) / windows);
}

void measure_guidance(const setup& with, int texts) {
  tf::session<stories> conditional{with.weights}, unconditional{with.weights};
  const ids prompt = with.encode("Once upon a time, there was a dragon. The dragon"),
            begin = with.encode("Once upon a time, there was a");
  std::vector<float> row(std::size_t{stories::vocabulary});
  std::vector<tf::candidate> workspace(std::size_t{stories::vocabulary});
  for (const float scale : {0.0f, 1.0f, 1.5f, 2.0f, 3.0f}) {
    tf::combined_sessions both{conditional, unconditional, *tf::classifier_free_guidance::of(scale), row, begin};
    tf::philox random{3};
    int mentions = 0;
    double different = 0;
    for (int i = 0; i < texts; ++i) {
      ids tokens;
      both.reset();
      const tf::generation_request request{.prompt = prompt, .max_tokens = 100, .end_tokens = {&end_of_text, 1}};
      if (!tf::generate(both, request, tf::sampling{}, workspace, random,
                        [&](std::int32_t id) { return tokens.push_back(id), true; }))
        return;
      mentions += with.decode(tokens).find("dragon") != std::string::npos;
      std::vector<std::vector<std::int32_t>> grams;
      for (std::size_t k = 0; k + 3 <= tokens.size(); ++k) grams.push_back({tokens[k], tokens[k + 1], tokens[k + 2]});
      const double all = double(grams.size());
      std::sort(grams.begin(), grams.end());
      grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
      different += all > 0 ? double(grams.size()) / all : 1;
    }
    std::printf("guidance: scale %.1f: %.3f of the texts mention the dragon again, %.3f of their trigrams differ\n",
                double(scale), double(mentions) / texts, different / texts);
  }
}

int main(int count, char** arguments) {
  const std::optional<setup> with = count > 1 ? trained_setup(arguments[1]) : random_setup();
  if (!with) {
    std::fprintf(stderr, "usage: %s [SHARED]\n%s: no weights/stories260K or corpora/tinyshakespeare\n", arguments[0],
                 arguments[1]);
    return 1;
  }
  const bool is_trained = count > 1;
  const bool all_valid = write_json(*with, is_trained ? 1000 : 20);
  measure_watermark(*with, is_trained ? 200 : 2);
  measure_guidance(*with, is_trained ? 200 : 1);
  return all_valid ? 0 : 1;
}
