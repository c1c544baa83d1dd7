// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/tokenizers/tokenizer_json.hpp>
#include <typeformer/hosted/tokenizers/write_tokenizer_json.hpp>
#include <typeformer/text/bert_words.hpp>
#include <typeformer/text/learn_bpe.hpp>
#include <typeformer/text/learn_unigram.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/wordpiece_vocabulary.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>

using namespace typeformer;

namespace {

const std::string text =
    "the lowest of the low and the newest of the new: she sells sea shells by the sea shore. \xC3\xA9t\xC3\xA9! "
    "the widest river of the lowlands flows slowly below the old mill, and the newest mill stands below the river.";

tokenizer read_again(const std::string& json) {
  auto with = parse_tokenizer_json(json, "learned");
  if (!with) FAIL(with.error().message());
  return std::move(*with);
}

}  // namespace

TEST_CASE("learns a byte-level vocabulary whose tokenizer.json reads again", "[text]") {
  word_counts counts;
  count_byte_level_words(text, counts);
  std::size_t reported = 0;
  const bpe_training how{.size = 290};
  const auto learned = learn_bpe(counts, how, [&](std::size_t pieces) { reported = pieces; });
  REQUIRE(learned);
  CHECK(learned->pieces.size() == 290);
  CHECK(reported == 290);
  CHECK(learned->pieces[0] == "<|endoftext|>");
  const auto& [left, right] = learned->merges.front();  // the most frequent pair
  CHECK(learned->pieces[std::size_t(left)] + learned->pieces[std::size_t(right)] == "he");
  tokenizer with = read_again(tokenizer_json_of(*learned, how.special));
  const auto ids = with.encode_ids(text);
  REQUIRE(ids);
  CHECK(ids->size() < text.size() * 3 / 4);
  CHECK(with.decode(*ids) == text);
  CHECK(with.encode_ids("<|endoftext|>")->front() == 0);
  CHECK_FALSE(learn_bpe(counts, {.size = 200}, [](std::size_t) {}));
}

TEST_CASE("learns a unigram vocabulary whose tokenizer.json reads again", "[text]") {
  word_counts counts;
  for_each_word(text, [&](std::string_view word) { counts.add("\xE2\x96\x81" + std::string(word), 1); });
  const unigram_training how{.size = 90};
  const auto learned = learn_unigram(counts, how, [](std::size_t) {});
  REQUIRE(learned);
  CHECK(learned->size() <= 90);
  CHECK(learned->size() > how.special.size() + 30);
  double sum = 0;
  for (std::size_t id = how.special.size(); id < learned->size(); ++id) sum += std::exp((*learned)[id].score);
  CHECK(sum < 1.5);
  tokenizer with = read_again(tokenizer_json_of(*learned, how.special));
  const auto ids = with.encode_ids(text);
  REQUIRE(ids);
  CHECK(ids->size() < text.size() * 3 / 4);
  CHECK(with.decode(*ids) == text);
  CHECK(with.encode_ids("\xF0\x9F\x98\x81")->back() == 0);
  CHECK_FALSE(learn_unigram(counts, {.size = 10}, [](std::size_t) {}));
  CHECK_FALSE(learn_unigram(word_counts{}, {}, [](std::size_t) {}));
}

TEST_CASE("writes a WordPiece vocabulary as a tokenizer.json", "[text]") {
  const auto learned = learn_wordpiece_vocabulary("low lower lowest new newer newest", {.size = 40});
  REQUIRE(learned);
  tokenizer with = read_again(tokenizer_json_of(*learned, true));
  const auto ids = with.encode_ids("Lowest NEWEST");
  REQUIRE(ids);
  CHECK(ids->front() == *learned->id_of("[CLS]"));
  CHECK(ids->back() == *learned->id_of("[SEP]"));
  CHECK(with.decode(*ids, true) == "lowest newest");
}

TEST_CASE("learns the WordPiece vocabulary of Hugging Face's trainer", "[text]") {
  TYPEFORMER_NEEDS_SHARED(file, "corpora/tinyshakespeare/input.txt");
  // tokenizers 0.23.3: WordPieceTrainer(vocab_size=190) after BertNormalizer and BertPreTokenizer, without its characters.
  constexpr std::string_view expected =
      "th ##er ##ou the ##nd ##in ##or ##at ##en ##ar ##es ##ll to ##is and you ##th ##on ##an ##ing no of wh ##om "
      "##ve "
      "wi ##re be ##st my ##ed he in ##ow ##ch ha ##et ##ce ##se ##ut that sh ##ay for ##ir ##le ##ld is ##ere me ##ur "
      "##ke not with ##it ##im ##gh ##oo we st it ##ent ##us your thou ##ad pr ##ome as ##io ##ath ##al his but this "
      "so "
      "have ##est ##id ##ard li ##am ##ly ##as ##ord ##all ##ght on him do de ##ess fr ##ck se what an ##ain thy will "
      "##ould ##ood ##ore ##ich re ##ther ##ge ##ra ##ue king ##li go all ##and her ##pe ##ver by ##ie su ##ter ##ion";
  const auto bytes = bytes_of_regular_file(file.string(), std::uint64_t{1} << 24);
  REQUIRE(bytes);
  word_counts counts;
  counts.add(bert_words(*bytes, bert_casing::uncased));
  // 37 characters, alone and with ##; the trainer leaves out the 11 that never continue a word.
  const auto learned = learn_wordpiece_vocabulary(counts, {.size = 5 + 2 * 37 + 122});
  REQUIRE(learned);
  std::string found;
  for (std::int32_t id = 5 + 2 * 37; id < learned->size(); ++id) (found += ' ') += *learned->piece(id);
  CHECK(found == " " + std::string(expected));
}

TEST_CASE("estimates the counts of pieces in all segmentations", "[text]") {
  // Two segmentations of "ab": one piece with probability 1/2, two with 1/4 each.
  const std::vector<detail::scored_text> pieces{{"a", std::log(0.25)}, {"b", std::log(0.25)}, {"ab", std::log(0.5)}};
  const auto counts = detail::expected_counts(pieces, {{"ab", 9}});
  CHECK(counts[0] == Approx(1));
  CHECK(counts[2] == Approx(8));
  CHECK(detail::digamma(1) == Approx(-0.5772156649).epsilon(1e-6));
}
