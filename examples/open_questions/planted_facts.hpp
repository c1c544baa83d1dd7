// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <typeformer/hosted.hpp>

#include "../generated_texts.hpp"

/// A generated corpus in which it is known which sentences teach which fact.
///
/// Every person has a home, which sentences state in three wordings: `ann lives in rome`, `ann has its home at rome`,
/// `ann settled by rome`. Of most people all three are said. Of some, the planted ones, only the last two, and the
/// model is asked in the first. Other sentences have more words of that question, but do not teach its answer: `in
/// rome, too, ann lives for chess`. Of two planted people, a few sentences state another home.
namespace planted_facts {

namespace tf = typeformer;
using id_list = std::vector<std::int32_t>;

inline constexpr std::int32_t people = 40, planted = 10, contradicted = 2, hobbies = 12, openers = 8;
/// Words, then openers, people, homes and hobbies.
enum word : std::int32_t { lives, in, has, its, home, at, settled, by, too, for_, full_stop, word_count };
inline constexpr std::int32_t first_opener = word_count, first_person = first_opener + openers,
                              first_home = first_person + people, first_hobby = first_home + people,
                              vocabulary_size = first_hobby + hobbies;
inline constexpr tf::index_type longest = 8, model_width = 32, batch_size = 32;
inline constexpr std::size_t sentences_of_fact = 10, contradictions = 3, examined = 10;

struct reader : tf::decoder_only<tf::token_embedding<tf::vocabulary<vocabulary_size>, tf::width<model_width>>,
                                 tf::learned_positions<tf::context<longest>>,
                                 tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>,
                                                                  tf::feed_forward<64, tf::gelu_erf>>>,
                                 tf::final_norm<tf::layer_norm<>>, tf::untied_head> {};

/// Where a text about a person breaks off before the home.
inline id_list asked(std::int32_t opener, std::int32_t person, std::size_t wording) {
  const std::int32_t name = first_person + person;
  switch (wording) {
    case 0: return {opener, name, lives, in};
    case 1: return {opener, name, has, its, home, at};
    default: return {opener, name, settled, by};
  }
}
inline id_list stated(std::int32_t opener, std::int32_t person, std::size_t wording, std::int32_t place) {
  id_list made = asked(opener, person, wording);
  made.insert(made.end(), {place, full_stop});
  return made;
}

inline constexpr std::int32_t nobody = -1;

struct sentence {
  id_list ids;
  std::int32_t teaches = nobody,
               contradicts = nobody;  ///< the person whose home it states, and one of whom it is wrong
};

struct corpus {
  std::vector<sentence> sentences;
  std::vector<bool> removed;
  id_list home_of;

  explicit corpus(std::uint64_t seed) {
    tf::philox random{seed, 0};
    for (std::int32_t p = 0; p < people; ++p) home_of.push_back(first_home + p);
    for (std::int32_t p = people - 1; p > 0; --p)
      std::swap(home_of[std::size_t(p)], home_of[std::size_t(toy::pick(random, std::uint32_t(p) + 1))]);
    for (std::int32_t p = 0; p < people; ++p) {
      const std::int32_t name = first_person + p, place = home_of[std::size_t(p)];
      const auto opener = [&] { return first_opener + toy::pick(random, openers); };
      const auto hobby = [&] { return first_hobby + toy::pick(random, hobbies); };
      for (std::size_t i = 0; i < sentences_of_fact; ++i) {
        add(stated(opener(), p, p < planted ? 1 + i % 2 : i % 3, place), p);
        add({in, place, too, name, lives, for_, hobby(), full_stop});
        add({opener(), name, lives, for_, hobby(), full_stop});
      }
      for (std::size_t i = 0; p < contradicted && i < contradictions; ++i)
        add(stated(opener(), p, 1 + i % 2, home_of[std::size_t(p + 1)]), nobody, p);
    }
    removed.assign(sentences.size(), false);
  }
  void add(id_list ids, std::int32_t teaches = nobody, std::int32_t contradicts = nobody) {
    sentences.push_back({std::move(ids), teaches, contradicts});
  }
};

/// The question whose answer is one label.
inline toy::text question(const corpus& of, std::int32_t person) {
  toy::text made;
  for (const std::int32_t id : asked(first_opener, person, 0)) made.add(id);
  made.labels.back() = of.home_of[std::size_t(person)];
  return made;
}
inline toy::text whole(const sentence& from) {
  toy::text made;
  for (std::size_t i = 0; i + 1 < from.ids.size(); ++i) made.add(from.ids[i], from.ids[i + 1]);
  return made;
}

/// Batches of sentences that are not removed. Questions about the planted facts are the validation.
class training_sentences {
 public:
  explicit training_sentences(const corpus& from) : from_{from} {
    for (std::size_t i = 0; i < from.sentences.size(); ++i)
      if (!from.removed[i]) kept_.push_back(i);
  }
  tf::token_batch training_batch(std::uint64_t number) {
    rows_.clear();
    tf::philox random{3, number};
    for (tf::index_type i = 0; i < batch_size; ++i)
      add(whole(from_.sentences[kept_[std::size_t(toy::pick(random, std::uint32_t(kept_.size())))]]));
    return rows_.batch();
  }
  tf::index_type validation_batches() const { return 1; }
  tf::token_batch validation_batch(tf::index_type) {
    rows_.clear();
    for (std::int32_t p = 0; p < planted; ++p) add(question(from_, p));
    return rows_.batch();
  }

 private:
  void add(const toy::text& text) { rows_.add(text.ids, text.labels); }

  const corpus& from_;
  std::vector<std::size_t> kept_;
  tf::token_batch_builder rows_;
};

}  // namespace planted_facts
