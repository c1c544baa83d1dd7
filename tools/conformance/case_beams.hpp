// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <optional>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/beam_search.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/session/session.hpp>

#include "case_folder.hpp"
#include "case_inputs.hpp"

namespace typeformer::conformance {

/// The settings of one of the case's beam searches.
struct beam_case {
  beam_search_settings search;
  index_type returned = 1;  ///< hypotheses per prompt
  std::vector<std::int32_t> end_tokens{};
  std::int32_t padding = 0;
};

/// `generation.<name>` of case.json; nothing if it is absent or describes another kind of search.
inline std::optional<beam_case> beam_case_of(const std::string& folder, const std::string& name) {
  const auto json = json_config::open(folder + "/case.json");
  if (!json) return {};
  const std::string path = "generation." + name + ".";
  const auto beams = json->integer(path + "num_beams"), most = json->integer(path + "max_new_tokens");
  const auto groups = json->integer(path + "num_beam_groups", 1);
  const auto samples = json->boolean(path + "do_sample", false);
  if (!beams || !most || !groups || *groups != 1 || !samples || *samples) return {};
  beam_case made;
  made.search.beams = index_type(*beams);
  made.search.max_tokens = index_type(*most);
  if (const auto penalty = json->number(path + "length_penalty", 1.0)) made.search.length_penalty = *penalty;
  if (const auto returned = json->integer(path + "num_return_sequences", 1)) made.returned = index_type(*returned);
  if (const auto padding = json->integer(path + "pad_token_id", 0)) made.padding = std::int32_t(*padding);
  const auto take_end = [&](const std::string& where) {
    const auto id = json->integer(where);
    if (id) made.end_tokens.push_back(std::int32_t(*id));
    return id.has_value();
  };
  if (!take_end(path + "eos_token_id"))
    while (take_end(path + "eos_token_id." + std::to_string(made.end_tokens.size()))) {}
  if (json->text(path + "early_stopping")) made.search.stops = beam_search_stops::when_better_is_impossible;
  else if (const auto early = json->boolean(path + "early_stopping", false); early && *early)
    made.search.stops = beam_search_stops::when_enough_ended;
  return made;
}

/// `<name>_sequences`, `_scores` and, if the case has them, `_sum_logprobs` of one search, in Hugging Face's form: as
/// wide as the longest text with its end token, which is always the first of the end tokens.
template <class Search>
void keep_beams(const Search& search, const checkpoint_file& given, const std::string& name, const beam_case& made,
                std::span<const std::span<const std::int32_t>> prompts, tensors& results) {
  const index_type rows = index_type(prompts.size()) * made.returned;
  index_type width = 0;
  for (std::size_t p = 0; p < prompts.size(); ++p)
    for (const beam_hypothesis& found : search.hypotheses(index_type(p)).first(std::size_t(made.returned)))
      width = std::max(width, index_type(prompts[p].size()) + found.length + (found.end_token < 0 ? 1 : 0));
  width = std::min(width, index_type(prompts.front().size()) + made.search.max_tokens);

  tensor sequences{{rows, width}, {}, {}, {}}, scores{{rows}, {}, {}, {}}, sums{{rows}, {}, {}, {}};
  std::vector<std::int32_t> row(static_cast<std::size_t>(width));
  for (std::size_t p = 0; p < prompts.size(); ++p)
    for (const beam_hypothesis& found : search.hypotheses(index_type(p)).first(std::size_t(made.returned))) {
      const auto generated = std::copy(prompts[p].begin(), prompts[p].end(), row.begin());
      (void)search.write(found, {generated, row.end()}, made.padding);  // never rejected: the search found it
      if (found.end_token >= 0) generated[found.length - 1] = made.end_tokens.front();
      sequences.ids.insert(sequences.ids.end(), row.begin(), row.end());
      scores.numbers.push_back(static_cast<float>(found.score));
      sums.numbers.push_back(static_cast<float>(found.log_probability));
    }
  results[name + "_sequences"] = std::move(sequences);
  results[name + "_scores"] = std::move(scores);
  if (given.find(name + "_sum_logprobs")) results[name + "_sum_logprobs"] = std::move(sums);
}

/// Every beam search of the case, `gen.*` by the rule of transformers 4.34 and `gen444.*` by that of 4.44. Returns
/// false (with a message) if something was rejected. Before each one `prepare(session, beams)` lets the session read
/// what it needs in addition to the prompts. Searches that case.json does not describe, or of more than `MostBeams`
/// beams, are left out.
template <Model M, index_type Prompts, index_type MostBeams = 8, class Prepare>
bool run_beams(const opened_case<M>& c, const std::string& folder,
               const std::vector<std::span<const std::int32_t>>& prompts, Prepare prepare, tensors& results) {
  session<M, batch<Prompts * MostBeams>> run{c.values};
  beam_search<decltype(run)> search;
  for (const stored_tensor& stored : c.given.tensors()) {
    const std::string_view full = stored.name, ending = "_sequences";
    const bool by_4_44 = full.starts_with("gen444.");
    if (!(full.starts_with("gen.") || by_4_44) || !full.ends_with(ending)) continue;
    const std::string name{full.substr(0, full.size() - ending.size())};
    auto made = beam_case_of(folder, name.substr(name.find('.') + 1));
    if (!made || made->search.beams > MostBeams) continue;
    made->search.end_tokens = made->end_tokens;
    made->search.counts = by_4_44 ? scored_length::generated_with_end : scored_length::prompt_and_generated_without_end;
    if (const auto ready = prepare(run, made->search.beams); !ready)
      return std::fprintf(stderr, "%s: %s\n", name.c_str(), ready.error().message().c_str()), false;
    if (const auto ran = search.run(run, prompts, made->search); !ran)
      return std::fprintf(stderr, "%s: %s\n", name.c_str(), ran.error().message().c_str()), false;
    for (index_type p = 0; p < index_type(prompts.size()); ++p)
      if (made->returned < 1 || index_type(search.hypotheses(p).size()) < made->returned)
        return std::fprintf(stderr, "%s: not as many hypotheses as asked for\n", name.c_str()), false;
    keep_beams(search, c.given, name, *made, prompts, results);
  }
  return true;
}

}  // namespace typeformer::conformance
