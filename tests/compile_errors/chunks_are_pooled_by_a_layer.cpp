// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: type_is_no_pooling_of_rows<typeformer::mean_pooling, typeformer::chunk_pooling
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct vision
    : tf::encoder_only<tf::series_embedding<tf::channels<3>, tf::series_length<6>, tf::patch_length<2>, tf::width<16>>,
                       tf::learned_positions<tf::context<9>, tf::position_period<3>>,
                       tf::chunk_pooling<tf::chunk_count<3>, tf::chunk_rows<3>, tf::mean_pooling>, tf::classifier<4>> {
};

static_assert(tf::parameter_count<vision> > 0);  // expect-own-line
