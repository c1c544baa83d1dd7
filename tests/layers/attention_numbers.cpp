// SPDX-License-Identifier: BSL-1.0
// Attentions compared with PyTorch 1.13 in float64; make_attention_numbers.py prints the literals.
#include <laws/expected_gradients.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/shaw_attention.hpp>
#include <typeformer/layers/transformer_xl_attention.hpp>

using namespace typeformer;
using laws::check_expected;

TEST_CASE("agrees with PyTorch: transformer_xl_attention") {
  check_expected<transformer_xl_attention<heads<2>>, 6>(
      -1.06639699107628, {{"input", 1, -0.490101167427464, 0, 1.43927698919571},
                          {"query.weight", 3, -0.0717080459761131, 0.313531577221604, 2.0525741033738},
                          {"distance.weight", 1, 0.0171626858312346, 3.66101452480005e-07, 0.0705502668393532},
                          {"content_bias", 1, 0.0604433024512213, -0.044045291110434, 0.0524097869603225},
                          {"position_bias", 1, -0.041624304724187, 0.00244285312020286, 0.0274380100388845},
                          {"output.weight", 1, -0.0595978364722146, 0.489726602689125, 8.09215843387655}});
}

TEST_CASE("agrees with PyTorch: self_attention with normalized queries and keys") {
  check_expected<self_attention<heads<2>, causal, query_key_norm<>>, 8>(
      2.34899998393538, {{"input", 1, 0.137412597209231, 0, 1.29549853118427},
                         {"query.weight", 3, -0.0145002890530175, -0.0288729632631701, 9.73288357996419},
                         {"query.bias", 3, 0.067851290630166, -0.597826681858022, 4.97569661064977},
                         {"query_norm.weight", 1, -0.0202450643130459, 0.304942064265222, 0.288246336826009},
                         {"key_norm.weight", 1, -0.0426750985451606, 0.26632257714132, 0.24066399358327},
                         {"output.weight", 1, -1.17498729098951, 0.558263936255659, 57.8759651056007},
                         {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
}

TEST_CASE("agrees with PyTorch: shaw_attention") {
  check_expected<shaw_attention<heads<2>, bidirectional, maximum_distance<2>>, 8>(
      -3.19426066497169, {{"input", 1, -0.0766448139906942, 0, 4.81062424043352},
                          {"query.weight", 3, 0.0863402870523762, 0.336721912319769, 11.081280154032},
                          {"query.bias", 3, 0.143775538986411, -0.513640202810401, 5.8738879368045},
                          {"distance_key.weight", 1, -0.0847143410717474, -0.211584526062714, 0.552894922510536},
                          {"distance_value.weight", 1, -0.397915468975083, -0.0866173497437465, 4.53336106691483},
                          {"output.weight", 1, -0.829587758209682, -0.113578098357936, 39.2059398277036},
                          {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
  check_expected<shaw_attention<heads<2>, causal, maximum_distance<2>>, 8>(
      -2.45188643400712, {{"input", 1, -0.110047689287533, 0, 10.4381572414149},
                          {"query.weight", 3, 0.200670632066185, -0.246440748054305, 16.7116797190827},
                          {"query.bias", 3, -0.395190747164025, -0.513640202810401, 6.04176311787709},
                          {"distance_key.weight", 1, 0.284580588124848, 0, 0.862633974035445},
                          {"distance_value.weight", 1, -0.0972673213382426, 0, 6.83852850520558},
                          {"output.weight", 1, -1.20247301641228, -0.0340668924539698, 52.1414440778565},
                          {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
}
