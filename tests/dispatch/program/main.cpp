// SPDX-License-Identifier: BSL-1.0
// program isas                    the builds, and "*" before the one that is chosen
// program needs                   a feature that the processor must have beyond the baseline for this program itself
// program logits MODEL ID...      the logits after the last id; likewise `packed FILE ID...`
// program save MODEL FILE
// The rest of this program is compiled for the baseline.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "small_gpt2.hpp"

namespace {

int fail(std::string_view message) {
  std::fprintf(stderr, "%.*s\n", int(message.size()), message.data());
  return 1;
}

int print_logits(const auto& function, const std::vector<std::string>& words) {
  std::vector<std::int32_t> ids;
  for (std::size_t i = 2; i < words.size(); ++i) ids.push_back(std::atoi(words[i].c_str()));
  std::vector<float> logits(96);
  const std::string error = function(words[1], ids, logits);
  if (!error.empty()) return fail(error);
  for (const float logit : logits) std::printf("%.9g\n", double(logit));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const auto chosen = small_gpt2.choose();
  if (!chosen) return fail(chosen.error().message());
  if (words.size() == 1 && words[0] == "isas") {
    for (const typeformer::isa_build* const build : small_gpt2.builds())
      std::printf("%s%s\n", build->isa == chosen->isa ? "*" : "", std::string(build->isa).c_str());
    return 0;
  }
  if (words.size() == 1 && words[0] == "needs") {
    std::printf("%s\n", std::string(typeformer::compiled_cpu_features.first_missing({})).c_str());
    return 0;
  }
  if (words.size() > 2 && words[0] == "logits") return print_logits(chosen->logits, words);
  if (words.size() > 2 && words[0] == "packed") return print_logits(chosen->logits_of_packed, words);
  if (words.size() != 3 || words[0] != "save") return fail("unknown command");
  const std::string error = chosen->save_packed(words[1], words[2]);
  return error.empty() ? 0 : fail(error);
}
