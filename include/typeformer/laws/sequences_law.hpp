// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <vector>

#include <typeformer/laws/token_call.hpp>
#include <typeformer/laws/token_runner.hpp>
#include <typeformer/laws/verdict.hpp>

namespace typeformer::laws {

/// Law: the output for a sequence does not depend on the other sequences of its batch.
template <class Walk, class Use> finding check_sequences(index_type vocabulary) {
  constexpr index_type source = Use::reserved.source;
  pseudo_random random{23};
  token_runner<Walk, Use> runner{vocabulary};
  finding f{.applies = true, .at_most = 1e-10};
  const std::vector<law_text> texts{random_text(random, vocabulary, 4, source - (source > 1)),
                                    random_text(random, vocabulary, 5, source)};
  token_call call = call_of(texts);
  const std::vector<delivered_rows> both = runner.run(call.view());
  std::vector<index_type> row(both.size());
  for (std::size_t s = 0; s < texts.size(); ++s) {
    token_call one = call_of({texts[s]});
    const std::vector<delivered_rows> alone = runner.run(one.view());
    for (std::size_t part = 0; part < alone.size(); ++part)
      for (index_type i = 0; i < alone[part].count(); ++i)
        f.found(row_error(both[part][row[part]++], alone[part][i]), "in row ", i, " of sequence ", index_type(s));
  }
  return f;
}

}  // namespace typeformer::laws
