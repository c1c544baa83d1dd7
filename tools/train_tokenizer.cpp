// SPDX-License-Identifier: BSL-1.0
// typeformer-train-tokenizer: a vocabulary learned from texts, as a tokenizer.json.
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/hosted/files/write_text.hpp>
#include <typeformer/hosted/tokenizers/write_tokenizer_json.hpp>
#include <typeformer/text/bert_words.hpp>
#include <typeformer/text/learn_bpe.hpp>
#include <typeformer/text/learn_unigram.hpp>
#include <typeformer/text/normalization_forms.hpp>
#include <typeformer/text/wordpiece_vocabulary.hpp>

#include "arguments.hpp"

namespace {

namespace tf = typeformer;

struct settings {
  std::string kind = "bpe", out = "tokenizer.json";
  std::vector<std::string> texts;
  std::size_t size = 8000;
  bool is_cased = false;
};

int stop(const std::string& sentence) {
  std::fprintf(stderr, "typeformer-train-tokenizer: %s\n", tf::printable(sentence).c_str());
  return 1;
}

/// Shows how many pieces there are, on a terminal at every hundredth of the way.
class pieces_display {
 public:
  explicit pieces_display(std::size_t size) : size_{size} {}
  void operator()(std::size_t pieces) {
    const std::size_t part = pieces * 100 / (size_ + 1);
    if (::isatty(::fileno(stderr)) != 1 || part == shown_) return;
    shown_ = part;
    std::fprintf(stderr, "\r\033[K%zu pieces of %zu", pieces, size_);
  }
  ~pieces_display() {
    if (shown_ != none) std::fputs("\r\033[K", stderr);
  }

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  std::size_t size_, shown_ = none;
};

/// The words of a text as the unigram tokenizer splits it: in NFKC, each with U+2581 before it.
void count_unigram_words(std::string_view text, tf::word_counts& counts) {
  tf::aligned_text normalized{text, 0, false};
  tf::normalize_to(normalized, tf::normalization_form::nfkc);
  tf::for_each_word(normalized.text, [&](std::string_view word) { counts.add("\xE2\x96\x81" + std::string(word), 1); });
}

tf::result<std::string, tf::tokenizer_error> learned_json(const settings& how, const tf::word_counts& counts) {
  pieces_display display{how.size};
  if (how.kind == "wordpiece") {
    const auto learned = tf::learn_wordpiece_vocabulary(counts, {.size = static_cast<std::int32_t>(how.size)});
    if (!learned) return tf::failure{learned.error()};
    return tf::tokenizer_json_of(*learned, !how.is_cased);
  }
  if (how.kind == "unigram") {
    const tf::unigram_training training{.size = how.size};
    const auto learned = tf::learn_unigram(counts, training, display);
    if (!learned) return tf::failure{learned.error()};
    return tf::tokenizer_json_of(*learned, training.special);
  }
  const tf::bpe_training training{.size = how.size};
  const auto learned = tf::learn_bpe(counts, training, display);
  if (!learned) return tf::failure{learned.error()};
  return tf::tokenizer_json_of(*learned, training.special);
}

int run(const settings& how) {
  tf::word_counts counts;
  for (const std::string& path : how.texts) {
    const auto text = tf::read_text(path);
    if (!text) return stop(text.error().message());
    if (how.kind == "bpe") tf::count_byte_level_words(*text, counts);
    else if (how.kind == "unigram") count_unigram_words(*text, counts);
    else counts.add(tf::bert_words(*text, how.is_cased ? tf::bert_casing::cased : tf::bert_casing::uncased));
  }
  const auto json = learned_json(how, counts);
  if (!json) return stop(json.error().message());
  if (const auto written = tf::write_text(how.out, *json); !written) return stop(written.error().message());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    settings how;
    CLI::App app{"Learns a vocabulary from texts and writes a tokenizer.json."};
    app.add_option("texts", how.texts, "Files of UTF-8 text")->required();
    app.add_option("--kind", how.kind, "bpe (byte-level, as GPT-2), wordpiece (as BERT) or unigram (as SentencePiece)")
        ->check(CLI::IsMember({"bpe", "wordpiece", "unigram"}))
        ->capture_default_str();
    app.add_option("--size", how.size, "Tokens of the vocabulary")
        ->check(arguments::whole_number(1, 10'000'000))
        ->capture_default_str();
    app.add_option("--out", how.out, "The file to write")->capture_default_str();
    app.add_flag("--cased", how.is_cased, "wordpiece: keep upper case and accents");
    CLI11_PARSE(app, argc, argv);
    return run(how);
  } catch (const std::exception& cause) {
    return stop(cause.what());
  }
}
