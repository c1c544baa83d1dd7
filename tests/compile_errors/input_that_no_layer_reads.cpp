// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: no layer of this model reads this input
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct time_stamps : tf::own_numbers<time_stamps> {
  static constexpr const char* name = "time stamps";
};
struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
                                tf::learned_positions<tf::context<128>>, tf::tied_head> {};

void wrong(tf::session<small>& run, std::span<const float> stamps) {
  run.give<time_stamps>(stamps);  // expect-own-line
}
